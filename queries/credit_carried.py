"""What earlier cycles of the same scheme left behind: last score, level in force, how long at that level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, Document, Rating
from queries import grade_standing
from queries.credit_period import Life, Period, Source, Values, first, full_years
from rules.lifecycles_credit import VALID
from scoring import catalogue

YEARS = "years_at_level"
NOTHING = {"prior_score": None, "prior_level": None, YEARS: 0, "prior_evidence": ""}
LETTERS = ("grade", "grade_correction")
MILLI = 1000


@dataclass
class Held:
    """The grade in force of one subject; `since`: from when it was held without another between. `open`: look on."""

    milli: int
    grade: str
    level: int | None
    evidence: str
    since: date
    open: bool


def of(period: Period, subject: str, who: Any) -> Values:
    """By the published cycles that ended before this period, the latest first; `who`: the column of the subject.

    A level is the place of the grade counted from the worst, which is 1. The grade counts as it stands on the last day
    of the period, with what was changed or restored since it was published. Years at a level are full years up to the
    first day of the period, however many cycles there were in them; a change begins them anew. So for a scheme that
    asks for them the past is read until every level has an end; for any other the last cycle says everything.
    """
    held: dict[Any, Held] = {}
    letters: dict[int, str] = {}
    places: dict[str, int] = {}
    for n, (key, from_on) in enumerate(_earlier(period, subject)):
        if n and not any(own.open for own in held.values()):
            break
        changes = grade_standing.effective_in(key, period.to_on)
        if n == 0:
            letters, places = _letters(key), _places(session.get_one(Cycle, key).scheme_text)
        query = select(who, Rating.id, Rating.score_milli, Rating.grade)
        for rated, rating, milli, given in session.execute(query.where(Rating.cycle_id == key)):
            change = changes.get(rating)
            grade = change.to_grade if change else given
            since = change.effective_on if change and change.effective_on else from_on
            known = held.get(rated)
            if n == 0:
                number = change.number if change else letters.get(rating, "")
                held[rated] = Held(milli, grade, places.get(grade), number, since, not change)
            elif known and known.open:
                known.open = known.grade == grade and not change
                known.since = min(known.since, since) if known.grade == grade else known.since
    return _values(held, period)


def _letters(cycle_id: int) -> dict[int, str]:
    """Rating → the letter that told it; of several places under one code any of theirs."""
    query = select(Document.subject_id, Document.number).join(
        Rating, Rating.id == Document.subject_id
    )
    mine = (Rating.cycle_id == cycle_id, Document.subject == "rating", Document.kind.in_(LETTERS))
    rows = session.execute(query.where(*mine).order_by(Document.id.desc()))
    return {row[0]: row[1] for row in rows}


def _values(held: Mapping[Any, Held], period: Period) -> Values:
    return {
        rated: {
            "prior_score": own.milli / MILLI,
            "prior_level": own.level,
            YEARS: max(0, full_years(own.since, period.from_on)),
            "prior_evidence": own.evidence,
        }
        for rated, own in held.items()
    }


def _earlier(period: Period, subject: str) -> list[tuple[int, date]]:
    """The latest first; only that one where no years at a level are asked for."""
    query = select(Cycle.id, Cycle.from_on).where(
        Cycle.pooling_region == period.region,
        Cycle.scheme == period.scheme.key,
        Cycle.subject == subject,
        Cycle.state.in_(VALID),
        Cycle.to_on < period.from_on,
    )
    query = query.order_by(Cycle.to_on.desc(), Cycle.id.desc())
    if YEARS not in period.scheme.fact_columns:
        query = query.limit(1)
    return [(row[0], row[1]) for row in session.execute(query)]


def _places(text: str) -> dict[str, int]:
    grades = catalogue.parsed(text).grades
    return {grade.key: len(grades) - n for n, grade in enumerate(grades)}


def _institutions(period: Period, _lives: list[Life]) -> Values:
    return of(period, "institution", Rating.institution_id)


SOURCES = (Source(NOTHING, _institutions, first),)
