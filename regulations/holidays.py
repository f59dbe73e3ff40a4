"""The State Council's yearly arrangement of days off and make-up working days, one file per year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class CalendarYear:
    """`days` holds only what a notice decided: (day, is it a day off, name of the holiday)."""

    year: int
    number: str
    title: str
    issued_on: date
    confidence: str
    days: tuple[tuple[date, bool, str], ...]


@lru_cache(maxsize=1)
def calendar_years() -> tuple[CalendarYear, ...]:
    """Every year on file, ascending. An amended year names both notices."""
    folder = Path(__file__).parent / "calendar"
    return tuple(
        year_of(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(folder.glob("*.yaml"))
    )


def year_of(raw: dict[str, Any]) -> CalendarYear:
    """One year as the files write it: notices, holidays with their rest and work days."""
    notices = raw["notices"]
    return CalendarYear(
        year=raw["year"],
        number="、".join(notice["number"] for notice in notices),
        title="、".join(notice["title"] for notice in notices),
        issued_on=max(notice["issued_on"] for notice in notices),
        confidence=raw["confidence"],
        days=tuple(sorted(_days(raw["holidays"]))),
    )


def _days(holidays: list[dict[str, Any]]) -> Iterator[tuple[date, bool, str]]:
    for holiday in holidays:
        for day in _span(str(holiday["rest"])):
            yield day, True, holiday["name"]
        for day in holiday.get("work", ()):
            yield day, False, holiday["name"]


def _span(text: str) -> Iterator[date]:
    """2026-02-15..2026-02-23, or a single day."""
    first, _, last = text.partition("..")
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)
