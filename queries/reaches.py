"""怎样达到上一等级: the smallest changes of a rating, worked out from the cycle it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Cycle, Rating
from queries import what_ifs
from rules.lifecycle import CycleState
from scoring import reach as rule
from scoring.reach import Reach


@dataclass(frozen=True)
class Advice:
    """`to_on`: the last day of the facts it was worked out from."""

    reach: Reach
    grade: str
    to_on: date

    @property
    def target(self) -> str:
        return self.reach.target.label if self.reach.target else ""


def of_rating(rating: Rating) -> Advice | None:
    """None for a rating whose frozen facts give no grade."""
    cycle = rating.cycle
    begun = what_ifs.start(cycle)
    found = rule.reach(begun, rating.subject)
    label = begun.scheme.grade(rating.grade).label
    return Advice(found, label, cycle.to_on) if found else None


def of_institution(institution_id: int, *, on: date) -> Advice | None:
    """Of the newest published rating; nothing of one that is not published may be known."""
    query = (
        select(Rating)
        .join(Cycle)
        .where(
            Rating.institution_id == institution_id,
            Cycle.published_on <= on,
            Cycle.state != CycleState.SUPERSEDED,
        )
        .order_by(Cycle.to_on.desc(), Cycle.published_on.desc(), Cycle.id.desc())
    )
    rating = session.scalars(query.limit(1)).first()
    return of_rating(rating) if rating else None
