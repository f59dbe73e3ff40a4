"""The grade in force of an institution: the latest published one, what was changed or restored since, and its mark."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, GradeChange, Rating
from queries import credit_subjects, cycles, rating_objections
from rules.lifecycles_credit import VALID
from scoring.scheme import Scheme

MARK = "（异议标注）"


@dataclass(frozen=True)
class Standing:
    """`rating` stays as it was published; `grade` holds since `since`. `objected`: an objection is looked into."""

    rating: Rating
    cycle: Cycle
    scheme: Scheme
    grade: str
    since: date
    change: GradeChange | None
    objected: bool

    @property
    def label(self) -> str:
        return self.scheme.grade(self.grade).label

    @property
    def marked_label(self) -> str:
        """As it is shown to anybody."""
        return self.label + (MARK if self.objected else "")

    @property
    def place(self) -> int:
        """0 is the best grade."""
        return [grade.key for grade in self.scheme.grades].index(self.grade)


def of(institution_id: int, *, on: date) -> Standing | None:
    """The grade of one institution in force on a day."""
    return standings([institution_id], on=on).get(institution_id)


def of_rating(rating: Rating, *, on: date) -> Standing | None:
    """The grade that a rating gives on a day, of a person as well; none where its cycle is not published."""
    if rating.cycle.state not in VALID:
        return None
    marked = rating.id in rating_objections.marked([rating.id])
    return _standing(rating, rating.cycle, effective([rating.id], on).get(rating.id), marked)


def standings(institution_ids: Collection[int], *, on: date) -> dict[int, Standing]:
    """The grade of each that has one on that day; four statements however many there are."""
    newest = _newest(institution_ids, on)
    keys = [rating.id for rating, _ in newest.values()]
    changes, marked = effective(keys, on), rating_objections.marked(keys)
    return {
        key: _standing(rating, cycle, changes.get(rating.id), rating.id in marked)
        for key, (rating, cycle) in newest.items()
    }


def _newest(institution_ids: Collection[int], on: date) -> dict[int, tuple[Rating, Cycle]]:
    """A place is rated itself, or as one of several under one 统一社会信用代码 where the scheme gathers them."""
    asked = credit_subjects.asked_as(institution_ids)
    query = published(on).where(Rating.institution_id.in_(list(asked)))
    newest = {}
    for rating, cycle in session.execute(query.order_by(Cycle.to_on, Cycle.published_on, Cycle.id)):
        for key in asked[rating.institution_id]:
            if key == rating.institution_id or gathers(cycle):
                newest[key] = (rating, cycle)
    return newest


def gathers(cycle: Cycle) -> bool:
    """Whether a grade of this cycle holds at every place under the same code."""
    return cycles.scheme_of(cycle).subject.one_per is not None


def published(on: date) -> Any:
    """Ratings of cycles whose grades hold, with their cycle."""
    return (
        select(Rating, Cycle)
        .join(Cycle, Rating.cycle_id == Cycle.id)
        .where(Cycle.state.in_(VALID), Cycle.published_on <= on)
    )


def effective(rating_ids: Iterable[int], on: date) -> dict[int, GradeChange]:
    """The latest change of each rating that has taken effect by that day."""
    query = select(GradeChange).where(
        GradeChange.rating_id.in_(list(rating_ids)),
        GradeChange.state == "effective",
        GradeChange.effective_on <= on,
    )
    rows = session.scalars(query.order_by(GradeChange.effective_on, GradeChange.id))
    return {row.rating_id: row for row in rows}


def effective_in(cycle_id: int, on: date) -> dict[int, GradeChange]:
    """The same for every rating of a cycle."""
    query = select(GradeChange).join(Rating, Rating.id == GradeChange.rating_id)
    query = query.where(
        Rating.cycle_id == cycle_id,
        GradeChange.state == "effective",
        GradeChange.effective_on <= on,
    )
    rows = session.scalars(query.order_by(GradeChange.effective_on, GradeChange.id))
    return {row.rating_id: row for row in rows}


def _standing(rating: Rating, cycle: Cycle, change: GradeChange | None, objected: bool) -> Standing:
    since = change.effective_on if change else cycle.published_on
    return Standing(
        rating=rating,
        cycle=cycle,
        scheme=cycles.scheme_of(cycle),
        grade=change.to_grade if change else rating.grade,
        since=since or cycle.to_on,
        change=change,
        objected=objected,
    )
