"""机构档案: the registry, one page that holds everything about an institution, and its upkeep by the clerk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import institutions as act
from actions import licences, operations
from blueprints import employments
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from database import session
from forms.institutions import AmendForm, InstitutionForm, LicenceForm, OfficeForm
from queries import (
    agreements,
    amendments,
    documents,
    former_facts,
    published_ratings,
    timeline,
    unfiled_changes,
    violations,
)
from queries import institutions as ask
from queries.paging import asked
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.permissions import Permission
from rules.persons import OfficeRole
from rules.standing import Word

institutions = Blueprint("institutions", __name__)
COLUMNS = [
    "医保编码", "统一社会信用代码", "机构名称", "类型", "性质", "等级", "行政区划", "地址",
    "协议状态", "协议起", "协议止", "信用等级",
]  # fmt: skip
TABS = {
    "": ("概况", None),
    "agreements": ("协议", None),
    "people": ("人员", None),
    "credit": ("信用", None),
    "cases": ("案件", Permission.VIEW_CASES),
    "letters": ("文书", None),
}
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


@institutions.get("/institutions/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("institution", key)
    return render_template("institutions/show.html", **_portrait(row))


def _portrait(row: Any, **more: Any) -> dict[str, Any]:
    """Everything the page shows; only the opened tab is read."""
    tab = request.args.get("tab", "")
    if tab not in TABS or (TABS[tab][1] and not may(str(TABS[tab][1]), row)):
        tab = ""
    on = clock.today()
    stand = ask.standings([row.id], on)[row.id]
    grades = published_ratings.of_institution(row.id, on=on)
    return {
        "row": row,
        "tab": tab,
        "standing": stand,
        "identity": _identity(row, stand),
        "letter": grades[0].grade if grades else "",
        "tabs": _tabs(row, tab),
        "crumbs_items": [
            {"label": "机构档案", "href": url_for("institutions.index")}, {"label": row.name, "href": ""},
        ],
        "events": timeline.of_institution(row.id) if tab == "" else [],
        **_of_tab(row, tab, grades, on),
        **more,
    }  # fmt: skip


def _of_tab(row: Any, tab: str, grades: list[Any], on: Any) -> dict[str, Any]:
    if tab == "agreements":
        held = agreements.of_institution(row.id)
        return {"agreements": [(one, agreements.standing_of(one, on=on)) for one in held]}
    if tab == "people":
        return {"registrations": ask.registrations(row.id), **employments.context(row)}
    if tab == "credit":
        return {"grades": grades}
    if tab == "cases":
        return {"cases": violations.of_institution(row.id)}
    if tab == "letters":
        return {"letters": documents.of_institution(row.id)}
    return {
        "licences": ask.licences(row.id),
        "former": former_facts.of_institution(row.id),
        "labels": act.LABELS,
        "changes": amendments.of_institution(row.id),
        "unfiled": unfiled_changes.of_institution(row.id),
        "offices": ask.offices(row.id),
        "office_form": OfficeForm(),
        "licence_form": LicenceForm(),
        "revealed": {},
        "today": on,
    }


def _identity(row: Any, stand: Any) -> list[dict[str, str]]:
    until = f"{formatting.day(stand.since)} 至 {formatting.day(stand.until)}" if stand.until else ""
    former = "、".join(former_facts.names_of([row.id]).get(row.id, []))
    return [
        *([{"label": "曾用名", "value": former}] if former else []),
        {"label": "医保编码", "value": row.code or "未赋码"},
        {"label": "统一社会信用代码", "value": row.uscc or "未登记"},
        {
            "label": "类型",
            "value": "，".join(word for word in (row.kind.label, row.nature, row.level) if word),
        },
        {"label": "行政区划", "value": row.division or "未登记"},
        {"label": "协议期间", "value": until or stand.label},
    ]


def _tabs(row: Any, tab: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": url_for("institutions.show", key=row.id, tab=word or None),
            "current": word == tab,
        }
        for word, (label, permission) in TABS.items()
        if permission is None or may(str(permission), row)
    ]


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


@institutions.post("/institutions/<int:key>/offices")
@permit(Permission.REGISTER_INSTITUTION)
def appoint(key: int) -> ResponseReturnValue:
    row = take("institution", key)
    form = OfficeForm()
    if not form.validate_on_submit():
        return render_template("institutions/show.html", **_portrait(row, office_form=form)), 422
    role = next(role for role in OfficeRole if role == form.role.data)
    act.appoint(
        row,
        role,
        name=form.name.data or "",
        id_number=form.id_number.data or "",
        from_on=form.from_on.data or clock.today(),
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记{role.label}", url_for("institutions.show", key=key))


@institutions.post("/institutions/<int:key>/licences")
@permit(Permission.REGISTER_INSTITUTION)
def licence(key: int) -> ResponseReturnValue:
    row = take("institution", key)
    form = LicenceForm()
    if not form.validate_on_submit():
        return render_template("institutions/show.html", **_portrait(row, licence_form=form)), 422
    licences.add(
        row, kind=form.kind.data, number=form.number.data or "", valid_from=form.valid_from.data or clock.today(),
        valid_to=form.valid_to.data, actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("已登记证照", url_for("institutions.show", key=key))


@institutions.post("/institutions/<int:key>/offices/<int:office>/reveal")
@permit(Permission.REVEAL_ID)
def reveal(key: int, office: int) -> ResponseReturnValue:
    """The number is shown once, in the answer to the logged request; it is in no address and no cookie."""
    row = look("institution", key)
    holder = next((one for one in ask.offices(row.id) if one.id == office), None) or abort(404)
    number = act.reveal(
        row, holder, reason=request.form.get("reason", ""), actor=g.actor, on=clock.today()
    )
    shown = holder.id
    operations.answer(
        url_for("institutions.show", key=key), "完整证件号码只显示一次，再次查看请重新填写理由"
    )
    session.commit()
    return render_template("institutions/show.html", **_portrait(row, revealed={shown: number}))
