"""集体审定 of the grades of a cycle: members called together, each votes alone, counted as in every discussion."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from actions import cycle_notices, events, lifecycle
from database import session
from models import Cycle, CycleVote
from queries import cycle_decisions as ask
from rules import collective
from rules import cycle_decisions as rule
from rules.collective import Ballot
from rules.cycle_decisions import FAMILY
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def convene(cycle: Cycle, members: Collection[int], *, actor: Actor, on: date) -> None:
    """Call the members together. Refused before the notice is over, with objections open, without a quorum."""
    require(actor, Permission.CONVENE_DECISION, cycle)
    rule.check_ripe(ask.facts(cycle), on)
    cycle_notices.require_approved(cycle, on)  # of persons, whose grades are put on no notice
    if cycle.votes:
        raise Refused("审定会议已经召集。", basis=_meeting(on), cure="请参会人员表决后形成决定。")
    chosen = [user for user in ask.candidates(cycle) if user.id in set(members)]
    without = {user.id for user in chosen} | ({cycle.started_by_id} & set(members))
    collective.check_convened({key for key in without if key}, cycle.started_by_id, on, FAMILY)
    cycle.votes = [CycleVote(user=user) for user in chosen]
    cycle.convened_on, cycle.convened_by_id = on, actor.id
    session.flush()
    names = "、".join(user.name for user in chosen)
    events.record(cycle, "convene", "召集信用等级审定", actor=actor, on=on, text=names)


def cast(vote: CycleVote, *, ballot: str, remark: str, actor: Actor, on: date) -> None:
    """Give one's own vote, once. Refused for anybody else, twice, and without a reason against."""
    cycle = vote.cycle
    require(actor, Permission.VOTE, cycle)
    if cycle.decided_on is not None or cycle.state not in ("announced", "reviewed"):
        raise Refused("审定已经结束。")
    if actor.id != vote.user_id:
        raise Refused("只能由参会人员本人表决。")
    if vote.ballot is not None:
        raise Refused("您已经表决，不能更改。")
    if ballot not in list(Ballot):
        raise Refused("请选择同意、不同意或者弃权。")
    if ballot == Ballot.AGAINST and not remark.strip():
        raise Refused("不同意的，请写明理由。")
    vote.ballot, vote.remark, vote.voted_on = Ballot(ballot), remark.strip()[:500], on
    events.record(cycle, "cast_vote", "参会人员表决", actor=actor, on=on)


def conclude(cycle: Cycle, *, minutes: str, actor: Actor, on: date) -> bool:
    """Count and write the minutes: passed, the grades may be published; otherwise the run is void.

    Refused without a quorum or minutes, and when an objection came in since.
    """
    if not cycle.votes:
        raise Refused("还没有召集审定会议。", basis=_meeting(on), cure="请先确定参会人员。")
    if not minutes.strip():
        raise Refused(
            "请写明审定的讨论记录。", basis=_meeting(on), cure="写明讨论的主要意见和结论。"
        )
    rule.check_ripe(ask.facts(cycle), on)
    counted = collective.outcome(ask.seats(cycle), on, FAMILY)
    verb = "decide" if counted.passed else "turn_down"
    lifecycle.move(
        cycle, verb, actor=actor, on=on, basis=counted.basis, note=counted.why,
        minutes=minutes.strip()[:5000], result=counted.why[:200], decided_on=on,
        concluded_by_id=actor.id,
    )  # fmt: skip
    return counted.passed


def _meeting(on: date) -> str:
    """On what the meeting rests."""
    return collective.quorum(on, FAMILY).basis
