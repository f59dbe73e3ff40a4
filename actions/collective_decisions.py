"""集体讨论: convened by the section, voted by each member alone, counted and written down; the approval asks for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import regulations
from actions import events, lifecycle, numbering, work_items
from database import session
from models import AnnualSettlement, CollectiveDecision, Statement, Violation, Vote
from queries import collective_decisions as ask
from queries.collective_decisions import Matter
from rules import annual_settlement
from rules import collective as rule
from rules.collective import Ballot
from rules.lifecycle import (
    AnnualSettlementState,
    CollectiveState,
    StatementState,
    ViolationState,
)
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

RIPE = (ViolationState.REVIEWED, StatementState.SETTLED, AnnualSettlementState.CONFIRMED)


def convene(
    matter: Matter, members: Collection[int], *, actor: Actor, on: date
) -> CollectiveDecision:
    """Call a group together about a reviewed case, paying a settled statement, or a year both sides confirmed.

    Refused before the review, beside another one that is open, without enough members, or with the proposer.
    """
    require(actor, Permission.CONVENE_DECISION, matter)
    if matter.state not in RIPE:
        raise Refused("只有复核通过、等待批准的案件，等待审批的支付和年度清算可以提交集体讨论。")
    if any(one.state == CollectiveState.CONVENED for one in matter.discussions):
        raise Refused("已有一次正在进行的集体讨论。", cure="请先形成决定或者取消。")
    chosen = ask.eligible(matter, members)
    rule.check_convened(
        {user.id for user in chosen},
        matter.proposer_id,
        on,
        matter.institution.kind.family,
    )
    decision = CollectiveDecision(
        number=numbering.case_number("JT", on.year),
        institution=matter.institution,
        **{matter.__tablename__: matter},
        state=CollectiveState.CONVENED,
        looks=matter.looks,
        convened_on=on,
        convened_by_id=actor.id,
        votes=[Vote(user=user) for user in chosen],
    )
    lifecycle.begin(decision, "convene", "提交集体讨论", actor=actor, on=on, case=matter.number)
    _seat(decision, actor=actor, on=on)
    return decision


def _seat(decision: CollectiveDecision, *, actor: Actor, on: date) -> None:
    """A work item for each member by name."""
    session.flush()
    for vote in decision.votes:
        work_items.assign(
            "vote", vote.id, decision, step="表决", user_id=vote.user_id, actor=actor, on=on
        )


def cast(vote: Vote, *, ballot: str, remark: str, actor: Actor, on: date) -> None:
    """Give one's own vote, once. Refused when stepped aside, voted already, or without a reason against."""
    decision = vote.decision
    require(actor, Permission.VOTE, decision)
    _open(decision)
    if actor.id != vote.user_id:
        raise Refused("只能由参会人员本人表决。")
    if vote.ballot is not None:
        raise Refused("您已经表决，不能更改。")
    if ballot not in list(Ballot):
        raise Refused("请选择同意、不同意或者弃权。")
    if ballot == Ballot.AGAINST and not remark.strip():
        raise Refused("不同意的，请写明理由。")
    vote.ballot, vote.remark, vote.voted_on = Ballot(ballot), remark.strip()[:500], on
    work_items.settle("vote", vote.id, actor=actor, on=on)
    events.record(decision, "cast_vote", "参会人员表决", actor=actor, on=on)


def recuse(vote: Vote, *, reason: str, actor: Actor, on: date) -> None:
    """Step aside, or be asked to by whoever convened: the vote is gone, and the sight of the case with it."""
    decision = vote.decision
    if actor.id != vote.user_id:
        require(actor, Permission.CONVENE_DECISION, decision.matter)
    else:
        require(actor, Permission.VOTE, decision)
    _open(decision)
    if not reason.strip():
        raise Refused("请写明回避的理由。")
    if vote.recusal:
        raise Refused("该人员已经回避。")
    vote.ballot, vote.voted_on, vote.recusal = None, None, reason.strip()[:300]
    work_items.settle("vote", vote.id, actor=actor, on=on)
    text = f"{vote.user.name}：{vote.recusal}"
    events.record(decision, "recuse", "参会人员回避", actor=actor, on=on, text=text)


def conclude(decision: CollectiveDecision, *, minutes: str, actor: Actor, on: date) -> bool:
    """Count the votes and write the minutes; who has not voted is absent. Refused without quorum or minutes."""
    if not minutes.strip():
        basis = rule.quorum(on, decision.matter.institution.kind.family).basis
        raise Refused("请写明讨论记录。", basis=basis, cure="写明讨论的主要意见和结论。")
    _open(decision)
    counted = rule.outcome(ask.seats(decision), on, decision.institution.kind.family)
    lifecycle.move(
        decision,
        "carry" if counted.passed else "turn_down",
        actor=actor,
        on=on,
        basis=counted.basis,
        held_on=on,
        minutes=minutes.strip(),
        result=counted.why,
    )
    _dismiss(decision, actor=actor, on=on)
    return counted.passed


def cancel(decision: CollectiveDecision, *, reason: str, actor: Actor, on: date) -> None:
    """Break off a discussion that cannot decide, with the reason."""
    if not reason.strip():
        raise Refused("请写明取消的理由。")
    lifecycle.move(decision, "cancel", actor=actor, on=on, note=reason.strip())
    _dismiss(decision, actor=actor, on=on)


def _dismiss(decision: CollectiveDecision, *, actor: Actor, on: date) -> None:
    for vote in decision.votes:
        work_items.settle("vote", vote.id, actor=actor, on=on)


def _open(decision: CollectiveDecision) -> None:
    if decision.state != CollectiveState.CONVENED:
        raise Refused("这次集体讨论已经结束。")


def check_passed(violation: Violation, on: date) -> None:
    """Refused for a major measure unless the latest discussion passed and saw the effects as they are now."""
    row = ask.needs(violation, on)
    if row is None:
        return
    _check(
        violation,
        f"{row.label}须经集体讨论通过。",
        row.basis,
        "集体讨论以后，影响范围或者对其的决定又有变动。",
    )


def check_payment(statement: Statement, on: date) -> None:
    """Refused for a large payment unless a group decided about the settlement as it is now."""
    law = regulations.at(on, statement.institution.kind.family)
    limit = law.audit.collective_from
    why = f"应付金额达到 {limit.value} 元的，须经集体讨论通过。"
    _check(statement, why, limit.basis, "集体讨论以后，已经重新结算。")


def check_year(row: AnnualSettlement, on: date) -> None:
    """Refused for a large settlement of a year unless a group decided about the lines both sides confirmed."""
    limit = annual_settlement.group_limit(on)
    why = f"清算差额或者本次拨付达到 {limit.value} 元的，须经集体讨论通过。"
    _check(row, why, limit.basis, "集体讨论以后，清算表重新送过机构核对。")


def _check(matter: Matter, why: str, basis: str, changed: str) -> None:
    latest = ask.latest(matter)
    if latest is None or latest.state != CollectiveState.PASSED:
        raise Refused(
            why + (f"上一次：{latest.result}。" if latest and latest.result else ""),
            basis=basis,
            cure="请科室负责人提交集体讨论，通过后再批准。",
        )
    if latest.looks != matter.looks:
        raise Refused(changed, basis=basis, cure="请重新提交集体讨论。")
