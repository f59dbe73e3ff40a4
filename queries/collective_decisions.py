"""集体讨论 as lists and pages show it; how somebody voted is shown when it is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from database import session
from models import (
    AnnualSettlement,
    CollectiveDecision,
    Institution,
    Statement,
    User,
    Violation,
    Vote,
)
from queries import case_measures, recusals, scope
from queries.filters import named
from queries.paging import Asked, Page, count, cut
from rules import collective as rule
from rules.clocks import Light
from rules.collective import COUNCIL, Seat
from rules.lifecycle import COLLECTIVE_DECISION, CollectiveState
from rules.permissions import Actor

Matter = Violation | Statement | AnnualSettlement


def candidates(matter: Matter) -> list[User]:
    """Staff of the agency in the region who may sit in it: not the proposer, nobody who stepped aside."""
    rows = session.scalars(
        select(User)
        .where(
            User.role.in_(COUNCIL),
            User.pooling_region == matter.pooling_region,
            User.disabled_on.is_(None),
        )
        .order_by(User.id)
    )
    without = matter.recused_user_ids | {matter.proposer_id}
    return [row for row in rows if row.id not in without]


def eligible(matter: Matter, members: Collection[int]) -> list[User]:
    """Those of the chosen who may sit in it; the proposer stays in, so that the refusal can say so."""
    chosen = [row for row in candidates(matter) if row.id in members]
    if matter.proposer_id in members:
        chosen.append(session.get_one(User, matter.proposer_id))
    return chosen


def latest(matter: Matter) -> CollectiveDecision | None:
    """The last one that was not broken off."""
    held = [one for one in matter.discussions if one.state != CollectiveState.CANCELLED]
    return held[-1] if held else None


def seats(decision: CollectiveDecision) -> list[Seat]:
    return [Seat(vote.user.name, bool(vote.recusal), vote.ballot) for vote in decision.votes]


def needs(violation: Violation, day: date) -> Any:
    """The row that makes this a major measure, or None: of the agreement itself, else of the ladder."""
    if violation.measure is not None:
        row = rule.major(violation.measure, day, violation.institution.kind.family)
        if row is not None:
            return row
    return case_measures.collective_row(violation, day)


def own_vote(key: int, actor: Actor) -> Vote | None:
    """The person's own seat; anybody else's does not exist for this person."""
    if not scope.may_exist(key):
        return None
    vote = session.get(Vote, key)
    return vote if vote is not None and vote.user_id == actor.id and not vote.recusal else None


def page(actor: Actor, ask: Asked) -> tuple[list[CollectiveDecision], Page]:
    """In the actor's region, newest first, without the cases in which the actor stepped aside."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(CollectiveDecision.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(CollectiveDecision).join(
        Institution, CollectiveDecision.institution_id == Institution.id
    )
    owner = CollectiveDecision.institution_id
    query = scope.visible(query, actor, Institution.pooling_region, owner)
    of_case = CollectiveDecision.violation_id
    query = query.where(or_(of_case.is_(None), of_case.not_in(recusals.cases(actor))))
    query = query.where(*named(ask, CollectiveDecision.number))
    if ask.word("state") in COLLECTIVE_DECISION.states:
        query = query.where(CollectiveDecision.state == ask.word("state"))
    return query


def badge(decision: CollectiveDecision) -> Light:
    shown = COLLECTIVE_DECISION.states[decision.state]
    return Light(shown.light, shown.label)
