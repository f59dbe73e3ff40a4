"""信用应用建议: what grades suggest, use by use, with what a person made of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, Institution, Proposal, Rating
from queries import credit_subjects, cycles, grade_standing, ratings, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.lifecycle import PROPOSAL, ProposalState, State
from rules.lifecycles_credit import VALID
from rules.permissions import Actor
from scoring.scheme_words import CONFIDENCE

USES = {
    "renewal": "续签建议",
    "retention_release": "质量保证金返还建议",
    "inspection_ratio": "抽查比例建议",
    "budget_factor": "总额预算建议",
    "prepayment": "基金预付建议",
}
STANDING = (ProposalState.PROPOSED, ProposalState.ADOPTED, ProposalState.REFUSED)
STATES = [(word, state.label) for word, state in PROPOSAL.states.items()]
SORTS = {"score": Rating.score_milli, "value": Proposal.value, "name": Institution.name}


@dataclass(frozen=True)
class ProposalRow:
    proposal: Proposal
    institution: Institution
    cycle: Cycle
    grade_label: str
    tone: str
    score: float
    state: State
    trust: str


@dataclass(frozen=True)
class InForce:
    """An adopted proposal as whoever acts on it reads it; `value` is a number or a word of the scheme's choices."""

    proposal_id: int
    value: str
    label: str
    grade: str
    cycle: str
    since: date
    basis: str
    confidence: str


def in_force(institution_id: int, use: str, *, on: date) -> InForce | None:
    """What was adopted of this use for an institution by the day: of the newest published cycle that has such.

    A proposal nobody has decided on, and one that was refused, is in force for nobody; the one adopted before stays
    until a change of the grade or a correction ends it.
    """
    return of_each([institution_id], use, on=on).get(institution_id)


def of_each(institution_ids: Collection[int], use: str, *, on: date) -> dict[int, InForce]:
    """The same for many; what was decided for one place under a 统一社会信用代码 holds at every place of it."""
    asked = credit_subjects.asked_as(institution_ids)
    query = (
        select(Proposal)
        .options(joinedload(Proposal.rating).joinedload(Rating.cycle))
        .join(Rating, Rating.id == Proposal.rating_id)
        .join(Cycle, Cycle.id == Rating.cycle_id)
        .where(
            Rating.institution_id.in_(list(asked)),
            Proposal.use == use,
            Proposal.adopted_on <= on,
            or_(Proposal.ended_on.is_(None), Proposal.ended_on > on),
        )
        .order_by(Cycle.to_on, Proposal.id)
    )
    newest: dict[int, Proposal] = {}
    for row in session.scalars(query):
        own = row.rating.institution_id
        for key in asked[own] if own else ():
            if key == own or grade_standing.gathers(row.rating.cycle):
                newest[key] = row
    return {key: _in_force(row) for key, row in newest.items()}


def _in_force(row: Proposal) -> InForce:
    cycle = row.rating.cycle
    return InForce(
        proposal_id=row.id,
        value=row.value,
        label=row.label,
        grade=cycles.scheme_of(cycle).grade(row.grade).label,
        cycle=cycle.name,
        since=row.adopted_on or row.state_since,
        basis=row.basis,
        confidence=row.confidence,
    )


def latest(rating_id: int, use: str) -> Proposal | None:
    """What this rating suggests for a use now, whatever a person made of it."""
    query = select(Proposal).where(
        Proposal.rating_id == rating_id, Proposal.use == use, Proposal.state.in_(STANDING)
    )
    return session.scalars(query.order_by(Proposal.id.desc()).limit(1)).first()


def all_in_force(institution_id: int, *, on: date) -> list[tuple[str, InForce]]:
    """Every use that is in force for an institution, with its label."""
    found = [(label, in_force(institution_id, use, on=on)) for use, label in USES.items()]
    return [(label, one) for label, one in found if one is not None]


def page(actor: Actor, use: str, ask: Asked) -> tuple[list[ProposalRow], Page]:
    """Proposals of one use in the actor's scope; only published cycles have any."""
    query = _filtered(actor, use, ask)
    total = count(query)
    query = query.options(
        joinedload(Proposal.rating).joinedload(Rating.institution),
        joinedload(Proposal.rating).joinedload(Rating.cycle),
    )
    rows = session.scalars(cut(_sorted(query, ask), ask))
    return [row(one) for one in rows], Page(ask.page, ask.size, total)


def row(proposal: Proposal) -> ProposalRow:
    rating, cycle = proposal.rating, proposal.rating.cycle
    scheme = cycles.scheme_of(cycle)
    return ProposalRow(
        proposal=proposal,
        institution=proposal.institution,
        cycle=cycle,
        grade_label=scheme.grade(proposal.grade).label,
        tone=ratings.tones(scheme)[proposal.grade],
        score=rating.score,
        state=PROPOSAL.states[proposal.state],
        trust=f"{CONFIDENCE[proposal.confidence]}。{scheme.uses[proposal.use].note}",
    )


def of_rating(rating_id: int) -> list[ProposalRow]:
    query = select(Proposal).where(Proposal.rating_id == rating_id).order_by(Proposal.id)
    return [row(one) for one in session.scalars(query)]


def counts(cycle_id: int) -> dict[tuple[str, str], int]:
    """How many proposals of each use are in each state."""
    query = select(Proposal.use, Proposal.state, func.count()).join(Rating)
    query = query.where(Rating.cycle_id == cycle_id).group_by(Proposal.use, Proposal.state)
    return {(use, str(state)): number for use, state, number in session.execute(query)}


def cycle_choices(actor: Actor) -> list[tuple[int, str]]:
    """Cycles that have proposals."""
    return [(one.id, one.name) for one in cycles.visible(actor) if one.state in VALID]


def _filtered(actor: Actor, use: str, ask: Asked) -> Any:
    query = select(Proposal).join(Rating, Rating.id == Proposal.rating_id)
    query = query.join(Cycle, Cycle.id == Rating.cycle_id).where(Cycle.state.in_(VALID))
    query = query.join(Institution, Institution.id == Rating.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, Rating.institution_id)
    query = query.where(Proposal.use == use)
    if ask.word("state") in PROPOSAL.states:
        query = query.where(Proposal.state == ask.word("state"))
    if ask.word("cycle").isdecimal():
        query = query.where(Rating.cycle_id == int(ask.word("cycle")[:9]))
    if ask.word("grade"):
        query = query.where(Proposal.grade == ask.word("grade"))
    return query.where(*of_family(ask), *named(ask, Institution.code))


def _sorted(query: Any, ask: Asked) -> Any:
    """What waits first, then the lowest scores: the exceptions come before the rule."""
    way = ask.word("sort")
    column = SORTS.get(way.removeprefix("-"))
    if column is not None:
        return query.order_by(column.desc() if way.startswith("-") else column, Proposal.id)
    return query.order_by(Proposal.state != "proposed", Rating.score_milli, Proposal.id)
