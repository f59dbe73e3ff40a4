"""未申请变更: what the agency found, its limit, and the ground that is put before a person when it is over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import unfiled_changes as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.amendments import tabs
from blueprints.sheets import sheet
from forms.amendments import FoundForm, VerifyForm
from forms.base import choices
from queries import recusals, registered
from queries import unfiled_changes as ask
from queries.paging import Asked, asked
from rules import amendments as rule
from rules.lifecycle import UNFILED_CHANGE
from rules.permissions import Permission
from rules.refusal import Refused

unfiled_changes = Blueprint("unfiled_changes", __name__)
COLUMNS = [
    "登记编号",
    "机构名称",
    "类型",
    "事项",
    "发现途径",
    "发现日期",
    "批准日期",
    "状态",
    "申请期限",
    "时限",
]


@unfiled_changes.get("/amendments/unfiled")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("未申请变更", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "unfiled_changes/list.html",
        heading="信息变更",
        tabs=tabs("unfiled_changes.index"),
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    return [
        row.number, row.institution, row.kind_label, row.label, row.source, row.found_on,
        row.approved_on, row.state.text, row.due_on, row.due.text,
    ]  # fmt: skip


def _filters(given: Asked) -> list[dict[str, Any]]:
    states = [(word, state.label) for word, state in UNFILED_CHANGE.states.items()]
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编号/拼音"},
        {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@unfiled_changes.route("/institutions/<int:key>/unfiled-changes", methods=["GET", "POST"])
@permit(Permission.NOTE_CHANGE)
def new(key: int) -> ResponseReturnValue:
    institution, on = look("institution", key), clock.today()
    form = FoundForm()
    listed = rule.listed(on, institution.kind.family)
    form.field.choices = choices((one.field, one.label) for one in listed)
    if form.validate_on_submit():
        row = act.note(
            take("institution", key), field=form.field.data, source=form.source.data,
            text=form.text.data or "", approved_on=form.approved_on.data,
            authority=form.authority.data or "", actor=g.actor, on=on,
        )  # fmt: skip
        return done(f"已登记 {row.number}", url_for("unfiled_changes.show", key=row.id))
    present = [(one.label, registered.present(institution, one.field).text) for one in listed]
    page = render_template(
        "unfiled_changes/new.html",
        form=form,
        institution=institution,
        present=present,
        crumbs_items=case.crumbs("未申请变更", "unfiled_changes.index", "登记未申请变更"),
    )
    return page, 400 if form.errors else 200


@unfiled_changes.get("/amendments/unfiled/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return _shown(look("unfiled_change", key), VerifyForm())


def _shown(row: Any, form: VerifyForm, status: int = 200) -> ResponseReturnValue:
    context = {
        **case.frame(row),
        "crumbs_items": case.crumbs("未申请变更", "unfiled_changes.index", row.number),
        "form": form,
        "present": registered.present(row.institution, row.field).text,
        "waiting": case.waiting_for(row),
        "case_open": recusals.is_open(row.violation_id, g.actor),
    }
    return render_template("unfiled_changes/show.html", **context), status


@unfiled_changes.post("/amendments/unfiled/<int:key>/verify")
@permit(Permission.NOTE_CHANGE)
def verify(key: int) -> ResponseReturnValue:
    row, form = take("unfiled_change", key), VerifyForm()
    if not form.validate_on_submit() or form.approved_on.data is None:
        return _shown(row, form, 400)
    act.verify(
        row, approved_on=form.approved_on.data, authority=form.authority.data or "", actor=g.actor, on=clock.today()
    )  # fmt: skip
    return done("批准日期已核实，申请期限开始计算", url_for("unfiled_changes.show", key=key))


@unfiled_changes.post("/amendments/unfiled/<int:key>/case")
@permit(Permission.REGISTER_CASE)
def charge(key: int) -> ResponseReturnValue:
    text = request.form.get("opinion", "")[:2000]
    if not text.strip():
        raise Refused("立案须写明事实。", cure="请写明变更的批准日期、期限和未申请的经过。")
    violation = act.charge(
        take("unfiled_change", key), facts_text=text, actor=g.actor, on=clock.today()
    )
    return done(f"已立案 {violation.number}", url_for("violations.show", key=violation.id))


@unfiled_changes.post("/amendments/unfiled/<int:key>/dismiss")
@permit(Permission.DISMISS_CHANGE)
def dismiss(key: int) -> ResponseReturnValue:
    reason = request.form.get("opinion", "")[:1000]
    act.dismiss(take("unfiled_change", key), reason=reason, actor=g.actor, on=clock.today())
    return done("已认定不成立", url_for("unfiled_changes.show", key=key))
