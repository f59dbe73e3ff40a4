"""The term of an agreement: its last day, and the day the next one begins. Terms do not roll over rest days."""

from __future__ import annotations

from datetime import date, timedelta

from rules.clocks import add_months

ONE_DAY = timedelta(days=1)


def last_day(term_from: date, months: int) -> date:
    """The day before the same day `months` later; where that day does not exist, the last day of its month."""
    same_day = add_months(term_from, months)
    return same_day if same_day.day < term_from.day else same_day - ONE_DAY


def next_from(term_to: date) -> date:
    """A following agreement begins on the next day, so that no day lies between and none is covered twice."""
    return term_to + ONE_DAY
