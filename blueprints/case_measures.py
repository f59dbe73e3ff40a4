"""处理措施: planned on the case, shown with its money, lightened, carried out; talk and rectification from the case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import case_follow_ups, endings
from actions import case_measures as act
from actions.endings import Ending
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.typed import valid
from forms import case_measures as counter
from forms.base import choices
from queries import case_measures as ask
from queries import case_people, documents, offsets, talks, timeline
from rules import ladder, permissions
from rules import offsets as rule
from rules.ladder import Step
from rules.lifecycle import CASE_MEASURE
from rules.permissions import Permission
from rules.refusal import Refused

case_measures = Blueprint("case_measures", __name__)


@case_measures.route("/cases/<int:key>/measures/<word>", methods=["GET", "POST"])
@permit(Permission.PLAN_MEASURE)
def new(key: int, word: str) -> ResponseReturnValue:
    if word not in list(Step):
        abort(404)
    row, step = look("violation", key), Step(word)
    permissions.require(g.actor, Permission.PLAN_MEASURE, row)
    form, on = counter.PlanForm.of(step), clock.today()
    if form.practitioner:
        people = case_people.of(row.institution_id)
        names = [(one.id, f"{one.name}（{one.code}）") for one in people]
        form.practitioner.choices = choices([("", "不指明"), *names])
    if form.validate_on_submit():
        act.plan(take("violation", key), form.plan(step), actor=g.actor, on=on)
        return done(f"已拟定{step.label}", _case(key))
    context = {
        "violation": row,
        "step": step,
        "form": form,
        "rung": ladder.rung(step, on, row.institution.kind.family),
        "levels": ask.limits(step, on),
        "found": ask.found_amount(row),
        "crumbs_items": case.crumbs(
            "违规案件", "violations.index", f"{row.number} 拟定{step.label}"
        ),
    }
    return render_template("violations/measure_new.html", **context), 400 if form.errors else 200


@case_measures.post("/cases/<int:key>/ending")
@permit(Permission.PLAN_MEASURE)
def plan_ending(key: int) -> ResponseReturnValue:
    row, form = take("violation", key), counter.EndingForm()
    form.ground.validate_choice = False
    valid(form)
    measure, _, ground = (form.ground.data or "").partition(":")
    if measure not in ("suspend", "terminate", "none"):
        raise Refused("请从列表中选择对协议的处理。")
    planned = Ending(measure, ground, form.from_on.data, form.to_on.data)
    ending = None if measure == "none" else planned
    endings.plan(row, ending, actor=g.actor, on=clock.today())
    return done("已拟定对协议的处理", _case(key))


@case_measures.get("/case-measures/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row = look("case_measure", key)
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    noun = ("case_measure", row.id)
    own = [noun, *(("remittance", one.id) for one in row.remittances)]
    letters = documents.of(*noun)
    context = {
        "m": row,
        "violation": row.violation,
        "said": ask.said(row),
        "destination": ladder.destination(row.step, clock.today())
        if row.step in ladder.MONEY
        else None,
        "sources": _sources(row),
        "letters": letters,
        "light": ask.badge(row),
        "talking": bool(talks.open_of(("violation", row.violation_id))),
        "today": clock.today(),
        "meaning": f"{CASE_MEASURE.states[row.state].meaning}。",
        "clocks": ask.clocks(row, on=clock.today()),
        "events": timeline.of([*own, *(("document", one.id) for one in letters)]),
        "crumbs_items": [
            *case.crumbs("违规案件", "violations.index", "")[:1],
            {"label": row.violation.number, "href": _case(row.violation_id)},
            {"label": row.step.label, "href": ""},
        ],
    }
    return render_template("case_measures/show.html", **context)


def _sources(row: Any) -> list[offsets.Source]:
    """What an overdue claim may be taken out of; asked only for whoever may enter it."""
    overdue = row.due_on is not None and clock.today() > row.due_on and row.state == "decided"
    may = permissions.may(g.actor, Permission.RECORD_REMITTANCE, row)
    return offsets.sources(row) if overdue and may and row.step in rule.TRANSFERS else []


@case_measures.post("/case-measures/<int:key>/removal")
@permit(Permission.PLAN_MEASURE)
def remove(key: int) -> ResponseReturnValue:
    row = take("case_measure", key)
    back = _case(row.violation_id)
    act.remove(row, actor=g.actor, on=clock.today())
    return done("已删除拟定措施", back)


@case_measures.post("/case-measures/<int:key>/strike")
@permit(Permission.PLAN_MEASURE)
def strike(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.ReasonForm())
    act.strike(row, reason=form.reason.data, actor=g.actor, on=clock.today())
    return done("已决定不再采取该措施", _case(row.violation_id))


@case_measures.post("/case-measures/<int:key>/reduction")
@permit(Permission.PLAN_MEASURE)
def reduce(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.AmountForm())
    reason = form.reason.data
    act.reduce(row, amount=form.amount.fen or 0, reason=reason, actor=g.actor, on=clock.today())
    return done(f"已调减为 {ladder.yuan(row.amount)} 元", _case(row.violation_id))


@case_measures.post("/case-measures/<int:key>/execution")
@permit(Permission.RECORD_EXECUTION)
def execute(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.ExecutionForm())
    given = {"proof": form.proof.data, "executed_on": form.executed_on.data}
    act.execute(row, **given, actor=g.actor, on=clock.today())
    return done("已登记执行完毕", _page(key))


@case_measures.post("/case-measures/<int:key>/hold-end")
@permit(Permission.RECORD_EXECUTION)
def end_hold(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.HoldEndForm())
    given = {"last_on": form.last_on.data, "reason": form.reason.data}
    act.end_hold(row, **given, actor=g.actor, on=clock.today())
    return done(f"暂停结算至 {row.to_on} 止", _page(key))


@case_measures.post("/case-measures/<int:key>/talk")
@permit(Permission.RECORD_EXECUTION)
def call(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.TalkForm())
    talk = case_follow_ups.call(
        row,
        name=form.name.data,
        capacity=form.capacity.data,
        planned_on=form.planned_on.data,
        place=form.place.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已通知约谈 {talk.number}", _page(key))


@case_measures.post("/cases/<int:key>/rectification")
@permit(Permission.RECORD_EXECUTION)
def order(key: int) -> ResponseReturnValue:
    row, form = take("violation", key), valid(counter.OrderForm())
    made = case_follow_ups.order(
        row, measure=form.measure.data, due_on=form.due_on.data, actor=g.actor, on=clock.today()
    )
    return done(f"已下达整改 {made.number}", _case(key))


def _case(key: int) -> str:
    return url_for("violations.show", key=key, _anchor="measures")


def _page(key: int) -> str:
    return url_for("case_measures.show", key=key)
