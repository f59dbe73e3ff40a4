"""The working calendar as the rules want it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from sqlalchemy import select

from database import session
from models import CalendarDay, CalendarYear
from rules import workdays as rules
from rules.workdays import Workdays

YEARS = select(CalendarYear.year, CalendarYear.source)
DAYS = select(CalendarDay.day, CalendarDay.working, CalendarDay.name)


def workdays() -> Workdays:
    """The calendar as loaded in the database; read once per transaction."""
    kept: Workdays | None = session.info.get("workdays")
    if kept is None:
        years, days = session.execute(YEARS).all(), session.execute(DAYS).all()
        kept = session.info["workdays"] = _built(tuple(map(tuple, years)), tuple(map(tuple, days)))
    return kept


def years() -> dict[int, CalendarYear]:
    """Every loaded year with the notice it was taken from."""
    return {row.year: row for row in session.scalars(select(CalendarYear))}


def forget() -> None:
    """After an import: read again."""
    session.info.pop("workdays", None)


@lru_cache(maxsize=8)
def _built(years: tuple[Hashable, ...], days: tuple[Hashable, ...]) -> Workdays:
    """The rows themselves are the key: a corrected calendar is another one, the same rows are counted out once."""
    return rules.from_rows(days, dict(years))  # type: ignore[arg-type]  # tuples as the statements give them
