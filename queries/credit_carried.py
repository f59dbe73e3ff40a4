"""What an earlier cycle of the same scheme left behind: last year's score and level, and how long at that level."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, Rating
from queries.credit_period import Life, Period, Source, Values, first
from rules.lifecycles_credit import VALID
from scoring import catalogue

NOTHING = {"prior_score": None, "prior_level": None, "years_at_level": 0}
MILLI = 1000
FURTHEST = 10  # cycles looked back


def of(period: Period, subject: str, who: Any) -> Values:
    """By the published cycles that ended before this period, the latest first; `who`: the column of the subject.

    A level is the place of the grade counted from the worst, which is 1.
    """
    found: Values = {}
    standing: dict[Any, str] = {}
    for n, (key, text) in enumerate(_earlier(period, subject)):
        places = _places(text)
        query = select(who, Rating.score_milli, Rating.grade).where(Rating.cycle_id == key)
        for rated, milli, grade in session.execute(query):
            if n == 0:
                level = places.get(grade)
                standing[rated] = grade
                found[rated] = {
                    "prior_score": milli / MILLI, "prior_level": level, "years_at_level": 1,
                }  # fmt: skip
            elif standing.get(rated) == grade and found[rated]["years_at_level"] == n:
                found[rated]["years_at_level"] = n + 1
    return found


def _earlier(period: Period, subject: str) -> list[tuple[int, str]]:
    query = select(Cycle.id, Cycle.scheme_text).where(
        Cycle.pooling_region == period.region,
        Cycle.scheme == period.scheme.key,
        Cycle.subject == subject,
        Cycle.state.in_(VALID),
        Cycle.to_on < period.from_on,
    )
    rows = session.execute(query.order_by(Cycle.to_on.desc(), Cycle.id.desc()).limit(FURTHEST))
    return [(row[0], row[1]) for row in rows]


def _places(text: str) -> dict[str, int]:
    grades = catalogue.parsed(text).grades
    return {grade.key: len(grades) - n for n, grade in enumerate(grades)}


def _institutions(period: Period, _lives: list[Life]) -> Values:
    return of(period, "institution", Rating.institution_id)


SOURCES = (Source(NOTHING, _institutions, first),)
