"""机构档案: the list, registration and corrections by the clerk. The one page of an institution is in `portraits`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import institutions as act
from blueprints import institution_upkeep as upkeep
from blueprints import portraits
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms.institutions import AmendForm, InstitutionForm
from queries import institutions as ask
from queries.paging import asked
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.permissions import Permission
from rules.standing import Word

institutions = Blueprint("institutions", __name__)
COLUMNS = [
    "医保编码", "统一社会信用代码", "机构名称", "类型", "性质", "等级", "行政区划", "地址",
    "协议状态", "协议起", "协议止", "信用等级",
]  # fmt: skip
KINDS = [
    (MEDICAL, "医疗机构（全部）"),
    (PHARMACY, "零售药店"),
    *((str(k), k.label) for k in InstitutionKind),
][:-1]


@institutions.get("/institutions")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("机构清单", COLUMNS, [_cells(row) for row in rows])
    filters: list[dict[str, Any]] = [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "名称/编码/拼音首字母"},
        {"name": "kind", "label": "类型", "type": "select", "value": given.word("kind"), "options": KINDS},
        {"name": "status", "label": "协议状态", "type": "select", "value": given.word("status"),
         "options": [(str(word), word.label) for word in Word]},
    ]  # fmt: skip
    return render_template(
        "institutions/list.html",
        heading="机构档案",
        filters=filters,
        applied=_applied(filters),
        rows=rows,
        page=page,
        exportable=True,
        creates=_creates(),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.InstitutionRow) -> list[Any]:
    stand = row.standing
    return [
        row.code, row.uscc, row.name, row.kind_label, row.nature, row.level, row.division, row.address,
        stand.label, stand.since, stand.until, row.grade,
    ]  # fmt: skip


def _creates() -> dict[str, str] | None:
    if not may(Permission.REGISTER_INSTITUTION):
        return None
    return {"href": url_for("institutions.new"), "label": "登记机构"}


def _applied(filters: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The conditions in words, each with the address of the list without it."""
    query = {
        name: value
        for name, value in request.args.items()
        if value and name not in ("page", "print")
    }
    chosen = []
    for one in filters:
        value = str(one["value"] or "")
        if value:
            rest: dict[str, Any] = {
                name: kept for name, kept in query.items() if name != one["name"]
            }
            words = dict(one.get("options", ()))
            href = url_for("institutions.index", **rest)
            chosen.append({"label": one["label"], "value": words.get(value, value), "href": href})
    return chosen


@institutions.get("/institutions/new")
@permit(Permission.REGISTER_INSTITUTION)
def new() -> ResponseReturnValue:
    return render_template("institutions/form.html", form=InstitutionForm(), row=None)


@institutions.post("/institutions/new")
@permit(Permission.REGISTER_INSTITUTION)
def register() -> ResponseReturnValue:
    form = InstitutionForm()
    if not form.validate_on_submit():
        return render_template("institutions/form.html", form=form, row=None), 422
    row = act.register(
        **{**_facts(form), "kind": InstitutionKind(form.kind.data)},
        pooling_region=g.actor.pooling_region,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记 {row.name}", url_for("institutions.show", key=row.id))


@institutions.get("/institutions/<int:key>/edit")
@permit(Permission.REGISTER_INSTITUTION)
def edit(key: int) -> ResponseReturnValue:
    row = look("institution", key)
    form = AmendForm(obj=row)
    form.kind.data, form.bank_account.data, form.reason.data = str(row.kind), "", ""
    return render_template("institutions/form.html", form=form, row=row)


@institutions.post("/institutions/<int:key>/edit")
@permit(Permission.REGISTER_INSTITUTION)
def amend(key: int) -> ResponseReturnValue:
    row = take("institution", key)
    form = AmendForm()
    if not form.validate_on_submit():
        return render_template("institutions/form.html", form=form, row=row), 422
    facts = {**_facts(form), "kind": InstitutionKind(form.kind.data)}
    if form.bank_account.data:
        facts["bank_account"] = form.bank_account.data
    changed = act.amend(
        row, reason=form.reason.data or "", actor=g.actor, on=clock.today(), **facts
    )
    message = f"已变更：{'、'.join(changed)}" if changed else "没有需要变更的内容"
    return done(message, url_for("institutions.show", key=key))


def _facts(form: InstitutionForm) -> dict[str, Any]:
    return {name: form[name].data for name in InstitutionForm()._fields if name != "csrf_token"}


for path, view, method in (
    ("", portraits.show, "GET"),
    ("/file.pdf", portraits.dossier, "POST"),
    ("/offices", upkeep.appoint, "POST"),
    ("/licences", upkeep.licence, "POST"),
    ("/offices/<int:office>/reveal", upkeep.reveal, "POST"),
):
    institutions.add_url_rule(f"/institutions/<int:key>{path}", view_func=view, methods=[method])
