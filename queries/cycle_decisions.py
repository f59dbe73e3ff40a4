"""集体审定 of a cycle: who may sit in it, how the seats voted, whether it is ripe."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Cycle, CycleVote, User
from queries import rating_corrections, rating_objections, scope
from rules.collective import COUNCIL, Seat
from rules.cycle_decisions import NoticeFacts
from rules.permissions import Actor


def candidates(cycle: Cycle) -> list[User]:
    """Staff of the agency in the region who may sit in it: not whoever started the rating."""
    query = select(User).where(
        User.role.in_(COUNCIL),
        User.pooling_region == cycle.pooling_region,
        User.disabled_on.is_(None),
        User.id != (cycle.started_by_id or 0),
    )
    return list(session.scalars(query.order_by(User.id)))


def seats(cycle: Cycle) -> list[Seat]:
    return [Seat(vote.user.name, ballot=vote.ballot) for vote in cycle.votes]


def own(key: int, actor: Actor) -> CycleVote | None:
    """The person's own seat; anybody else's does not exist for this person."""
    if not scope.may_exist(key):
        return None
    query = select(CycleVote).where(CycleVote.cycle_id == key, CycleVote.user_id == actor.id)
    return session.scalar(query)


def facts(cycle: Cycle) -> NoticeFacts:
    """What stands between the notice and the decision."""
    return NoticeFacts(
        state=cycle.state,
        corrects=bool(cycle.replaces and cycle.replaces.published_on),
        personal=cycle.of_persons,
        notice_to=cycle.notice_to,
        open_objections=len(rating_objections.open_of_cycle(cycle.id)),
        waiting_corrections=rating_corrections.is_waiting(cycle.id),
    )
