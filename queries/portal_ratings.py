"""信用 as an institution sees it of itself: what is on notice, its own objections and changes. Whitelists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Cycle, GradeChange, Rating, RatingObjection
from queries import cycles, grade_changes, rating_objections, self_assessments
from queries.portal_matters import Matter
from rules.clocks import Light
from rules.lifecycle import GRADE_CHANGE, RATING_OBJECTION, CycleState
from rules.rating_objections import ONLINE


@dataclass(frozen=True)
class Posted:
    """The own intended grade while it is on notice."""

    rating_id: int
    cycle: str
    grade: str
    score: float
    until: date | None
    may_object: bool


@dataclass(frozen=True)
class Mine:
    """One own objection or change, as both sides know it."""

    noun: str
    id: int
    number: str
    title: str
    on: date
    state: Light


def posted(institution_id: int, *, on: date) -> list[Posted]:
    """Cycles on notice in which the institution is rated."""
    query = select(Rating, Cycle).join(Cycle, Cycle.id == Rating.cycle_id)
    query = query.where(
        Rating.institution_id == institution_id, Cycle.state == CycleState.ANNOUNCED
    )
    return [
        Posted(
            rating_id=rating.id,
            cycle=cycle.name,
            grade=cycles.scheme_of(cycle).grade(rating.grade).label,
            score=rating.score,
            until=cycle.notice_to,
            may_object=rating_objections.window(rating).on_notice(on),
        )
        for rating, cycle in session.execute(query.order_by(Cycle.id.desc()))
    ]


def may_object(rating: Rating, on: date) -> bool:
    """Within the window, and nothing of the own is open."""
    window = rating_objections.window(rating)
    return (window.on_notice(on) or window.told(on)) and not rating_objections.open_own(rating.id)


def may_restore(rating: Rating, on: date) -> bool:
    """Nothing stands against an application for restoration of this grade today."""
    facts = grade_changes.facts(rating, on)
    free = facts.in_force and not facts.objected and not facts.open
    return free and facts.place > 0 and on >= facts.wait_until


def to_object(rating_ids: list[int], *, on: date) -> set[int]:
    """Those of these ratings against which the institution may object today."""
    return {row.id for row in _ratings(rating_ids) if may_object(row, on)}


def to_restore(rating_ids: list[int], *, on: date) -> set[int]:
    """Those whose restoration may be asked for today."""
    return {row.id for row in _ratings(rating_ids) if may_restore(row, on)}


def _ratings(keys: list[int]) -> list[Rating]:
    return list(session.scalars(select(Rating).where(Rating.id.in_(keys))))


def mine(institution_id: int) -> list[Mine]:
    """Own objections and all changes of the own grades, newest first."""
    query = select(RatingObjection).where(
        RatingObjection.institution_id == institution_id, RatingObjection.source != ONLINE
    )
    found = [
        Mine("objection", row.id, row.number, f"对{row.rating.cycle.name}的异议", row.raised_on,
             _light(RATING_OBJECTION.states[row.state]))
        for row in session.scalars(query)
    ]  # fmt: skip
    found += [
        Mine("change", row.id, row.number, f"{row.cause.label}：{row.rating.cycle.name}", row.requested_on,
             _light(GRADE_CHANGE.states[row.state]))
        for row in grade_changes.of_institution(institution_id) if is_told(row)
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.on, row.number), reverse=True)


def is_told(row: GradeChange) -> bool:
    """Its own applications, and an adjustment once it has taken effect."""
    return row.cause == "restoration" or row.effective_on is not None


def _light(state: object) -> Light:
    return Light(getattr(state, "light", "na"), getattr(state, "public", ""))


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Self-assessments that wait for the institution."""
    return [
        Matter(
            "self_assessment",
            cycle.id,
            f"{cycle.name}自评",
            Light("due", "待自评"),
            mine=self_assessments.of_institution(cycle.id, institution_id) is None,
            until=f"到 {cycle.assess_until} 结束",
            todo="核对事实并提交自评",
        )
        for cycle in self_assessments.open_for(institution_id, on)
    ]
