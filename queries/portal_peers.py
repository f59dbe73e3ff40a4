"""The own place among the peers of one published rating: no name and no score of anybody else has a field here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Rating
from queries import cycles, grade_standing


@dataclass(frozen=True)
class Among:
    """`place` of `of` as published; `rows`: grade in force, how many of the group have it, whether it is the own."""

    group: str
    place: int
    of: int
    rows: list[tuple[str, int, bool]]


def of_rating(rating_id: int, *, on: date) -> Among | None:
    """None of a rating that gives no grade any more, and of one that has no peers: a group of one says nothing."""
    rating = session.get(Rating, rating_id)
    if rating is None:
        return None
    scheme = cycles.scheme_of(rating.cycle)
    query = select(Rating.id, Rating.grade).where(Rating.cycle_id == rating.cycle_id)
    if scheme.peers:
        query = query.where(Rating.peer_group == rating.peer_group)
    given: dict[int, str] = {row[0]: row[1] for row in session.execute(query)}
    if len(given) <= 1:
        return None
    changed = grade_standing.effective_in(rating.cycle_id, on)
    now = given | {key: row.to_grade for key, row in changed.items() if key in given}
    counted, own = Counter(now.values()), now[rating.id]
    rows = [(grade.label, counted[grade.key], grade.key == own) for grade in scheme.grades]
    group = rating.peer_group if scheme.peers else "全部参评机构"
    return Among(group, rating.rank, len(given), rows)
