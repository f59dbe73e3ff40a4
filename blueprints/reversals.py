"""记分更正: the list, entering a correction against a counted entry, and the second person's decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import reversals as act
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.points_lists import points_list
from forms.points import ReasonForm, ReversalForm
from queries import appeals as ask
from queries import points_outlook
from queries.paging import asked
from rules import negative_list
from rules.lifecycle import REVERSAL
from rules.permissions import Permission

reversals = Blueprint("reversals", __name__)
COLUMNS = ["更正编号", "姓名", "人员编码", "机构名称", "原记分", "原分值", "更正为", "状态"]


@reversals.get("/reversals")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.reversals_page(g.actor, given)
    cells = [
        [row.number, row.deduction.practitioner.name, row.deduction.practitioner.code, row.institution.name,
         row.deduction.number, row.deduction.points, row.points or 0, REVERSAL.states[row.state].label]
        for row in rows
    ]  # fmt: skip
    return points_list("记分更正", COLUMNS, rows, cells, page, given, REVERSAL, "reversals.show")


@reversals.route("/deductions/<int:key>/reversal", methods=["GET", "POST"])
@permit(Permission.REVERSE_DEDUCTION)
def new(key: int) -> ResponseReturnValue:
    deduction = look("deduction", key)
    form: Any = ReversalForm()
    form.offer(clock.today(), deduction.decided_on)
    if form.validate_on_submit():
        row = act.record(
            take("deduction", key),
            cause=form.cause.data,
            reason=form.reason.data,
            instead=form.instead(),
            actor=g.actor,
            on=clock.today(),
        )
        return done(f"更正 {row.number} 已登记，等待复核", url_for("reversals.show", key=row.id))
    page = render_template(
        "reversals/new.html",
        deduction=deduction,
        form=form,
        crumbs_items=case.crumbs("记分更正", "reversals.index", "登记更正"),
    )
    return page, 400 if form.errors else 200


@reversals.get("/reversals/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("reversal", key)
    deduction = row.deduction
    return render_template(
        "reversals/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("记分更正", "reversals.index", row.number),
        deduction=deduction,
        cause=points_outlook.cause(row.cause, row.state_since),
        instead=negative_list.item(row.item, deduction.decided_on).label if row.item else "",
        degree=negative_list.responsibilities(deduction.decided_on).get(row.responsibility, ""),
        effects=points_outlook.of_reversal(row, clock.today()) if row.state == "recorded" else [],
        anew=ask.replacing(deduction.id) if row.state == "confirmed" else None,
        waiting=case.waiting_for(row),
    )


@reversals.post("/reversals/<int:key>/confirm")
@permit(Permission.CONFIRM_REVERSAL)
def confirm(key: int) -> ResponseReturnValue:
    row = act.confirm(take("reversal", key), actor=g.actor, on=clock.today())
    return done(f"已更正 {row.deduction.number}", url_for("reversals.show", key=key))


@reversals.post("/reversals/<int:key>/reject")
@permit(Permission.CONFIRM_REVERSAL)
def reject(key: int) -> ResponseReturnValue:
    row, form = take("reversal", key), ReasonForm()
    act.reject(row, reason=form.reason.data or "", actor=g.actor, on=clock.today())
    return done("已退回，原记分不变", url_for("reversals.show", key=key))
