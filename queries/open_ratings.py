"""The published grades of a cycle for other systems: no more of them than the public may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from database import session
from models import Cycle, Institution, Rating
from queries import cycles, grade_standing, public_standing, rating_objections
from queries.paging import Asked, Page, count, cut
from rules.credit_subjects import INSTITUTION
from rules.kinds import InstitutionKind
from rules.lifecycles_credit import VALID


@dataclass(frozen=True)
class Row:
    """`grade` in force since `since`; `objected`: an objection is looked into. Points are not public."""

    code: str
    name: str
    kind: InstitutionKind
    grade: str
    since: date
    objected: bool


def find(name: str, region: str, *, on: date) -> tuple[Cycle, date] | None:
    """A published cycle of institutions and the day it was published; grades of persons are not before everybody."""
    found = cycles.named(name, region)
    if found is None or found.subject != INSTITUTION or found.state not in VALID:
        return None
    day = found.published_on
    return (found, day) if day and day <= on else None


def page(cycle: Cycle, ask: Asked, *, on: date) -> tuple[list[Row], Page]:
    """Institutions the public knows, by code; a grade gathered under one code holds at each of its places."""
    query: Any = (
        select(Institution, Rating)
        .join(Rating, _holds_at(cycle))
        .where(Rating.cycle_id == cycle.id, public_standing.designated(on))
    )
    total = count(query)
    found = session.execute(cut(query.order_by(Institution.code, Institution.id), ask)).all()
    return _rows(cycle, found, on), Page(ask.page, ask.size, total)


def _holds_at(cycle: Cycle) -> Any:
    """At the institution itself, and where the scheme gathers places at those under its code that have no own grade."""
    own = Rating.institution_id == Institution.id
    if not grade_standing.gathers(cycle):
        return own
    rated = select(Rating.institution_id).where(Rating.cycle_id == cycle.id)
    code = select(Institution.uscc).where(Institution.id == Rating.institution_id)
    other = and_(
        Institution.pooling_region == cycle.pooling_region,
        Institution.uscc != "",
        Institution.uscc == code.correlate(Rating).scalar_subquery(),
        Institution.id.not_in(rated),
    )
    return or_(own, other)


def _rows(cycle: Cycle, found: Sequence[Any], on: date) -> list[Row]:
    keys = [rating.id for _, rating in found]
    changes, marked = grade_standing.effective(keys, on), rating_objections.marked(keys)
    labels = {grade.key: grade.label for grade in cycles.scheme_of(cycle).grades}
    rows = []
    for place, rating in found:
        change = changes.get(rating.id)
        grade = change.to_grade if change else rating.grade
        since = change.effective_on if change else None
        rows.append(
            Row(
                code=place.code or "",
                name=place.name,
                kind=place.kind,
                grade=labels[grade],
                since=since or cycle.published_on or cycle.to_on,
                objected=rating.id in marked,
            )
        )
    return rows
