"""信用等级公示: the rows of a notice, and what is on notice now for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, Rating
from queries import cycles, rating_objections
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CycleState


@dataclass(frozen=True)
class NoticeRow:
    """`rating_id` leads to the form for an objection."""

    rating_id: int
    name: str
    kind_label: str
    grade: str
    objected: bool


def rows(cycle: Cycle) -> list[dict[str, str]]:
    """Name, kind and intended grade of everybody rated, best first: what is printed and frozen."""
    return [
        {"name": row.name, "kind_label": row.kind_label, "grade": row.grade} for row in shown(cycle)
    ]


def shown(cycle: Cycle) -> list[NoticeRow]:
    """The same with the way to object, and the mark of what is looked into."""
    scheme = cycles.scheme_of(cycle)
    names = {grade.key: grade.label for grade in scheme.grades}
    order = list(names)
    query = select(Rating).options(joinedload(Rating.institution))
    ratings = session.scalars(query.where(Rating.cycle_id == cycle.id)).all()
    marked = rating_objections.marked([row.id for row in ratings])
    best = sorted(ratings, key=lambda row: (order.index(row.grade), -row.score_milli, row.id))
    return [
        NoticeRow(
            row.id,
            row.name,
            row.institution.kind.label if row.institution else row.peer_group,
            names[row.grade],
            row.id in marked,
        )
        for row in best
    ]


def posted(on: date) -> list[Cycle]:
    """Cycles whose intended grades are on notice today; grades of persons are not put before everybody."""
    query = select(Cycle).where(
        Cycle.state == CycleState.ANNOUNCED,
        Cycle.subject == INSTITUTION,
        Cycle.announced_on <= on,
        Cycle.notice_to >= on,
    )
    return list(session.scalars(query.order_by(Cycle.announced_on, Cycle.id)))


def posted_one(key: int, on: date) -> Cycle | None:
    return next((row for row in posted(on) if row.id == key), None)


def posted_rating(key: int, on: date) -> Rating | None:
    """A rating on notice today; anything else does not exist for the public."""
    row = session.get(Rating, key)
    return row if row is not None and posted_one(row.cycle_id, on) is not None else None
