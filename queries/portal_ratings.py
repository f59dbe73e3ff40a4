"""信用 as an institution sees it of itself: what is on notice, its own objections and changes. Whitelists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from database import session
from models import Cycle, Document, GradeChange, Rating, RatingObjection, StatutoryClock
from queries import (
    credit_subjects,
    cycles,
    grade_changes,
    grade_standing,
    rating_objections,
    scope,
    self_assessments,
)
from queries.portal_matters import Matter
from rules.clocks import Light
from rules.lifecycle import GRADE_CHANGE, RATING_OBJECTION, CycleState
from rules.lifecycles_credit import VALID
from rules.rating_objections import ONLINE

SHOWN = (CycleState.ANNOUNCED, *VALID)


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
    """One own objection or change, as both sides know it. `until`: the day by which it is answered."""

    noun: str
    id: int
    number: str
    title: str
    on: date
    state: Light
    until: date | None = None


@dataclass(frozen=True)
class OfPerson:
    """The published grade of one of the own people, as the letter that came through the institution told it."""

    rating_id: int
    name: str
    cycle: str
    grade: str
    score: float
    may_object: bool
    may_restore: bool


def people(institution_id: int, *, on: date) -> list[OfPerson]:
    """Of those whose letters come through this institution now, newest first."""
    return [
        OfPerson(
            rating_id=rating.id,
            name=rating.name,
            cycle=rating.cycle.name,
            grade=found.marked_label,
            score=rating.score,
            may_object=may_object(rating, on),
            may_restore=may_restore(rating, on),
        )
        for rating in _of_people(institution_id)
        if (found := grade_standing.of_rating(rating, on=on)) is not None
    ]


def _of_people(institution_id: int) -> list[Rating]:
    told = exists().where(
        Document.subject == "rating",
        Document.subject_id == Rating.id,
        Document.kind.in_(rating_objections.TOLD),
        Document.institution_id == institution_id,
    )
    query = select(Rating).where(Rating.institution_id.is_(None), told)
    rows = session.scalars(query.order_by(Rating.cycle_id.desc(), Rating.id))
    return [row for row in rows if _comes_through(row, institution_id)]


def _comes_through(rating: Rating, institution_id: int) -> bool:
    place = credit_subjects.addressee(rating)
    return place is not None and place.id == institution_id


def own(key: int, institution_id: int) -> Rating | None:
    """The institution's own rating once it is known outside, or the told one of one of its people; else none."""
    rating = session.get(Rating, key) if scope.may_exist(key) else None
    if rating is None or rating.cycle.state not in SHOWN:
        return None
    if rating.institution_id is not None:
        return rating if rating.institution_id == institution_id else None
    return next((row for row in _of_people(institution_id) if row.id == key), None)


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


def to_object(rating_ids: list[int], *, on: date) -> dict[int, str]:
    """Those of these ratings against which the institution may object today, each with until when."""
    rows = [row for row in _ratings(rating_ids) if may_object(row, on)]
    return {row.id: rating_objections.window(row).until for row in rows}


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
        Mine("objection", row.id, row.number, f"对{_named(row.rating)}的异议", row.raised_on,
             _light(RATING_OBJECTION.states[row.state]), until=answered_by("rating_objection", row.id))
        for row in session.scalars(query)
    ]  # fmt: skip
    found += [
        Mine("change", row.id, row.number, f"{row.cause.label}：{_named(row.rating)}", row.requested_on,
             _light(GRADE_CHANGE.states[row.state]), until=answered_by("grade_change", row.id))
        for row in grade_changes.of_institution(institution_id) if is_told(row)
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.on, row.number), reverse=True)


def _named(rating: Rating) -> str:
    """The cycle, of a person with the name."""
    cycle = str(rating.cycle.name)
    return cycle if rating.institution_id else f"{cycle}（{rating.name}）"


def answered_by(noun: str, key: int) -> date | None:
    """Until when the running clock of this matter wants an answer; none when it is answered."""
    query = select(StatutoryClock.due_on).where(
        StatutoryClock.subject == noun,
        StatutoryClock.subject_id == key,
        StatutoryClock.finished_on.is_(None),
    )
    return session.scalars(query.order_by(StatutoryClock.due_on.desc())).first()


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
