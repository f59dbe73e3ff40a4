"""The working calendar as the rules want it."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import CalendarDay, CalendarYear
from rules.workdays import Day, Workdays


def workdays() -> Workdays:
    """The calendar as loaded in the database; read once per transaction."""
    kept: Workdays | None = session.info.get("workdays")
    if kept is None:
        kept = session.info["workdays"] = _read()
    return kept


def forget() -> None:
    """After an import: read again."""
    session.info.pop("workdays", None)


def _read() -> Workdays:
    years = {row.year: row.source for row in session.scalars(select(CalendarYear))}
    days = {row.day: Day(row.working, row.name) for row in session.scalars(select(CalendarDay))}
    return Workdays(days, years)
