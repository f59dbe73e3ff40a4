"""The working calendar: loaded from the official notices, one whole year at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete

import regulations
from actions import statutory_clocks
from actions.statutory_clocks import Moved
from database import session
from models import CalendarDay, CalendarYear
from queries import calendar_days
from rules.refusal import Refused

DayRow = tuple[date, bool, str]  # day, is it a day off, name of the holiday


def load_shipped() -> int:
    """Load the years on file in `regulations/calendar` that the database does not have. Returns how many."""
    loaded = 0
    for year in regulations.calendar_years():
        if session.get(CalendarYear, year.year) is None:
            _load(year.year, f"{year.title}（{year.number}）", year.days, on=year.issued_on)
            loaded += 1
    return loaded


def load_year(year: int, source: str, days: Iterable[DayRow], *, on: date) -> int:
    """Load or replace a year. Refused without the notice it rests on, or when a day lies in another year.

    Returns how many running clocks got another or their final due day by it.
    """
    return len(_load_year(year, source, days, on=on))


def preview_year(year: int, source: str, days: Iterable[DayRow], *, on: date) -> list[Moved]:
    """The same, taken back: which running clocks would move. Refused for the same reasons."""
    attempt = session.begin_nested()
    try:
        return _load_year(year, source, days, on=on)
    finally:
        attempt.rollback()
        calendar_days.forget()


def _load_year(year: int, source: str, days: Iterable[DayRow], *, on: date) -> list[Moved]:
    rows = sorted(set(days))
    if not source.strip():
        raise Refused(
            "没有填写放假安排的通知名称和文号。", cure="请填写国务院办公厅通知的标题和文号。"
        )
    stray = [day for day, _off, _name in rows if day.year != year]
    if stray:
        raise Refused(f"{stray[0]} 不在 {year} 年内。", cure="请按年度分别载入。")
    if len({day for day, _off, _name in rows}) != len(rows):
        raise Refused("同一天既是休息日又是工作日。", cure="请核对文件后重新载入。")
    _load(year, source.strip(), rows, on=on)
    return statutory_clocks.recompute_running()


def _load(year: int, source: str, rows: Iterable[DayRow], *, on: date) -> None:
    session.execute(delete(CalendarDay).where(CalendarDay.year == year))
    kept = session.get(CalendarYear, year)
    if kept is None:
        session.add(CalendarYear(year=year, source=source, loaded_on=on))
    else:
        kept.source, kept.loaded_on = source, on
    session.flush()
    session.add_all(
        CalendarDay(day=day, year=year, working=not off, name=name) for day, off, name in rows
    )
    session.flush()
    calendar_days.forget()
