"""Numbers without gaps: the counter row is locked until the numbered row is committed or both are rolled back."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

import database
from database import session
from models import Counter


def take(series: str, year: int) -> int:
    """The next number of the series in the year; the first is 1. Two takers queue."""
    insert = postgresql.insert if database.is_postgresql() else sqlite.insert
    session.execute(
        insert(Counter).values(series=series, year=year, last=0).on_conflict_do_nothing()
    )
    given = session.scalar(
        update(Counter)
        .where(Counter.series == series, Counter.year == year)
        .values(last=Counter.last + 1)
        .returning(Counter.last)
        .execution_options(synchronize_session=False)
    )
    return int(given or 0)


def case_number(prefix: str, year: int) -> str:
    """受理号 and the like: DD2026000123."""
    return f"{prefix}{year}{take(prefix, year):06d}"
