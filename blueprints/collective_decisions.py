"""集体讨论: list, page with the members, each member's own vote, the count and the minutes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import collective_decisions as act
from blueprints import case, typed
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.violations import MinutesForm
from queries import collective_decisions as ask
from queries.paging import asked
from rules import collective as rule
from rules import permissions
from rules.collective import Ballot
from rules.lifecycle import COLLECTIVE_DECISION
from rules.permissions import Permission
from rules.refusal import Refused

collective_decisions = Blueprint("collective_decisions", __name__)
COLUMNS = ["编号", "机构名称", "事项编号", "提交日期", "状态", "结果"]
PAGES = {
    "violation": "violations.show",
    "statement": "settlements.show",
    "annual_settlement": "annual_settlements.show",
}
STATES = [(word, state.label) for word, state in COLLECTIVE_DECISION.states.items()]


@collective_decisions.get("/collective-decisions")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        cells = [
            [
                r.number,
                r.institution.name,
                r.matter.number,
                r.convened_on,
                ask.badge(r).text,
                r.result,
            ]
            for r in rows
        ]
        return sheet("集体讨论", COLUMNS, cells)
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    state = {"name": "state", "label": "状态", "type": "select", "value": given.word("state")}
    return render_template(
        "collective_decisions/list.html",
        heading="集体讨论",
        filters=[search | {"placeholder": "机构/编号"}, state | {"options": STATES}],
        rows=[(row, ask.badge(row), _matter(row)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


@collective_decisions.get("/collective-decisions/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row = look("collective_decision", key)
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    return render_template(
        "collective_decisions/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("集体讨论", "collective_decisions.index", row.number),
        quorum=rule.quorum(row.held_on or clock.today(), row.institution.kind.family),
        own=next((vote for vote in row.votes if vote.user_id == g.actor.id), None),
        waiting=case.waiting_for(row),
    )


@collective_decisions.post("/cases/<int:key>/discussions")
@permit(Permission.CONVENE_DECISION)
def convene(key: int) -> ResponseReturnValue:
    return _convened("violation", key)


@collective_decisions.post("/settlements/<int:key>/discussions")
@permit(Permission.CONVENE_DECISION)
def convene_payment(key: int) -> ResponseReturnValue:
    return _convened("statement", key)


@collective_decisions.post("/annual-settlements/<int:key>/discussions")
@permit(Permission.CONVENE_DECISION)
def convene_year(key: int) -> ResponseReturnValue:
    return _convened("annual_settlement", key)


def _convened(noun: str, key: int) -> ResponseReturnValue:
    members = typed.keys(request.form.getlist("members"))
    row = act.convene(take(noun, key), members, actor=g.actor, on=clock.today())
    return done(
        f"已提交集体讨论 {row.number}，等待参会人员表决",
        url_for("collective_decisions.show", key=row.id),
    )


@collective_decisions.get("/collective-decisions/votes/<int:key>")
@permit(Permission.VOTE)
def vote(key: int) -> ResponseReturnValue:
    row = ask.own_vote(key, g.actor) or abort(404)
    return render_template(
        "collective_decisions/vote.html",
        **case.frame(row.decision),
        vote=row,
        ballots=list(Ballot),
        crumbs_items=case.crumbs("集体讨论", "collective_decisions.index", row.decision.number),
    )


@collective_decisions.post("/collective-decisions/votes/<int:key>")
@permit(Permission.VOTE)
def cast(key: int) -> ResponseReturnValue:
    row = _own(key)
    remark = request.form.get("remark", "")
    act.cast(
        row, ballot=request.form.get("ballot", ""), remark=remark, actor=g.actor, on=clock.today()
    )
    return done("表决已记录", url_for("collective_decisions.show", key=row.decision_id))


@collective_decisions.post("/collective-decisions/votes/<int:key>/recusal")
@permit(Permission.VOTE)
def recuse_oneself(key: int) -> ResponseReturnValue:
    row = _own(key)
    act.recuse(row, reason=request.form.get("reason", ""), actor=g.actor, on=clock.today())
    return done("已回避，本案对您不再开放", url_for("worklist.index"))


def _own(key: int) -> Any:
    """One's own seat, with the discussion locked."""
    row = ask.own_vote(key, g.actor) or abort(404)
    take("collective_decision", row.decision_id)
    return row


@collective_decisions.post("/collective-decisions/<int:key>/members/<int:seat>/recusal")
@permit(Permission.CONVENE_DECISION)
def recuse(key: int, seat: int) -> ResponseReturnValue:
    decision = take("collective_decision", key)
    row = next((one for one in decision.votes if one.id == seat), None) or abort(404)
    act.recuse(row, reason=request.form.get("reason", ""), actor=g.actor, on=clock.today())
    return done(f"{row.user.name}已回避", url_for("collective_decisions.show", key=key))


@collective_decisions.post("/collective-decisions/<int:key>/conclusion")
@permit(Permission.CONVENE_DECISION)
def conclude(key: int) -> ResponseReturnValue:
    row = take("collective_decision", key)
    act.conclude(row, minutes=_minutes(), actor=g.actor, on=clock.today())
    return done(row.result, url_for("collective_decisions.show", key=key))


@collective_decisions.post("/collective-decisions/<int:key>/cancellation")
@permit(Permission.CONVENE_DECISION)
def cancel(key: int) -> ResponseReturnValue:
    row = take("collective_decision", key)
    act.cancel(row, reason=_minutes(), actor=g.actor, on=clock.today())
    return done("集体讨论已取消", _matter(row))


def _matter(row: Any) -> str:
    """The page of what is discussed."""
    matter = row.matter
    return url_for(PAGES[matter.__tablename__], key=matter.id)


def _minutes() -> str:
    form = MinutesForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    return str(form.minutes.data)
