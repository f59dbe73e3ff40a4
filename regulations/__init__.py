"""The law as dated data: `at(day, kind)` gives the parameters and tables in force that day, each with its source.

A local overlay (`regulations/local/<division>/`) may override what exists and never invents a key.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from regulations.holidays import CalendarYear, calendar_years
from regulations.law import Law, NotInForce, Row, UnknownKey, Value
from regulations.reader import FAMILIES, Book, Invalid, Source, read

__all__ = [
    "FAMILIES",
    "Book",
    "CalendarYear",
    "Invalid",
    "Law",
    "NotInForce",
    "Row",
    "Source",
    "UnknownKey",
    "Value",
    "at",
    "book",
    "calendar_years",
    "sources",
    "use_overlay",
]

ROOT = Path(__file__).parent
_overlay = {"division": ""}


def use_overlay(code: str | None) -> None:
    """From now on read the local rules of this division (6 digits) and of the levels above it; None: national only.

    The folders are read at once, so a faulty overlay is refused at start, not at the counter.
    """
    _book(code or "")
    _overlay["division"] = code or ""
    at.cache_clear()


@lru_cache(maxsize=4096)
def at(day: date, kind: str | None = None) -> Law:
    """The law in force on `day`. `kind` is medical (令2), pharmacy (令3), or None for both."""
    if kind is not None and kind not in FAMILIES:
        raise ValueError(f"kind must be one of {FAMILIES} or None, not {kind!r}")
    return Law(day, kind, book())


def book() -> Book:
    """Everything that was read, dated or not: for checks over the whole folder."""
    return _book(_overlay["division"])


def sources() -> Mapping[str, Source]:
    return book().sources


@lru_cache(maxsize=8)
def _book(division: str) -> Book:
    return read(ROOT, division)
