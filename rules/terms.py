"""The term of an agreement: its last day, and the day the next one begins. Terms do not roll over rest days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.clocks import add_months

ONE_DAY = timedelta(days=1)
WIDTH = 1000


@dataclass(frozen=True)
class Stretch:
    """A part of the term, in thousandths of it."""

    start: int
    width: int


@dataclass(frozen=True)
class Bar:
    """A term with its suspensions on one line; `words` says the same."""

    pauses: tuple[Stretch, ...]
    today: int | None
    words: str


def bar(
    term_from: date, term_to: date, pauses: Iterable[tuple[date, date | None]], day: date
) -> Bar:
    """`pauses` by first and last day; one without a last day is drawn up to `day`."""
    found, words = [], [f"{term_from} 至 {term_to}"]
    for first, last in pauses:
        start, end = max(first, term_from), min(last or max(day, first), term_to)
        if start <= end:
            left = _place(start, term_from, term_to)
            found.append(Stretch(left, max(_place(end + ONE_DAY, term_from, term_to) - left, 4)))
        words.append(f"{first} 起中止" + (f"，至 {last}" if last else "，尚未恢复"))
    inside = term_from <= day <= term_to
    return Bar(tuple(found), _place(day, term_from, term_to) if inside else None, "；".join(words))


def _place(day: date, term_from: date, term_to: date) -> int:
    whole = (term_to - term_from).days + 1
    return round(WIDTH * (day - term_from).days / whole)


OVERDUE = "over"


def buckets(day: date) -> list[tuple[str, str, int]]:
    """Key, label and days of the stretches before the end of a term, the nearest first."""
    rows = regulations.at(day).table("expiry_buckets")
    return [(row.key, row.label, int(row.extra["days"])) for row in rows]


def last_day(term_from: date, months: int) -> date:
    """The day before the same day `months` later; where that day does not exist, the last day of its month."""
    same_day = add_months(term_from, months)
    return same_day if same_day.day < term_from.day else same_day - ONE_DAY


def next_from(term_to: date) -> date:
    """A following agreement begins on the next day, so that no day lies between and none is covered twice."""
    return term_to + ONE_DAY
