"""Working days by the State Council's yearly arrangement. A year that is not loaded is refused, never guessed."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import regulations
from rules.refusal import Refused

_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5
_DECEMBER = 12


@dataclass(frozen=True)
class Day:
    """A day on which a notice decided otherwise than the weekday: a day off, or a make-up working day."""

    working: bool
    name: str


class Verdict(NamedTuple):
    """Unpacks as (working, reason) and is as true as `working`."""

    working: bool
    reason: str

    def __bool__(self) -> bool:
        return self.working


@dataclass(frozen=True)
class Workdays:
    """`days` as the notices list them; `years` maps each loaded year to the number of its notice."""

    days: Mapping[date, Day]
    years: Mapping[int, str]

    def is_working(self, day: date) -> Verdict:
        """Whether people work that day, and why in Chinese. Refused for a year not loaded."""
        self._require(day.year)
        listed = self.days.get(day)
        if listed is None:
            return Verdict(day.weekday() < _SATURDAY, f"星期{_WEEKDAYS[day.weekday()]}")
        word = "调休上班" if listed.working else "放假"
        return Verdict(listed.working, f"{listed.name}{word}（{self._notice(day)}）")

    def next_working(self, day: date) -> date:
        """`day` itself when people work, else the first working day after it."""
        while not self.is_working(day).working:
            day += timedelta(days=1)
        return day

    def add(self, day: date, count: int) -> date:
        """The last of `count` working days after `day`; `day` itself is not counted."""
        if count < 0:
            raise ValueError("working days are only added")
        if count == 0:
            return day
        place = bisect_right(self._working, day) + count - 1
        known = place < len(self._working)
        last_year = self._working[place].year if known else max(day.year, *self.years, 0) + 1
        self._require(*range((day + timedelta(days=1)).year, last_year + 1))
        return self._working[place]

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        if start < end:
            self._require(*range((start + timedelta(days=1)).year, end.year + 1))
        return bisect_right(self._working, end) - bisect_right(self._working, start)

    def listed(self, start: date, end: date, *, working: bool) -> list[tuple[date, str]]:
        """Days off (or make-up days) by notice after `start` up to and including `end`, in order, with names."""
        return [
            (day, self.days[day].name)
            for day in sorted(self.days)
            if start < day <= end and self.days[day].working is working
        ]

    def loaded(self, *years: int) -> bool:
        return all(year in self.years for year in years)

    @cached_property
    def _working(self) -> list[date]:
        return [
            day
            for year in sorted(self.years)
            for day in _days_of(year)
            if self.is_working(day).working
        ]

    def _notice(self, day: date) -> str:
        """New Year's days in December stand in the notice of the year that begins."""
        return self.years.get(
            day.year + 1 if day.month == _DECEMBER else day.year, self.years[day.year]
        )

    def _require(self, *years: int) -> None:
        for year in years:
            if year not in self.years:
                raise Refused(
                    f"{year}年的工作日安排尚未载入，不能推算落在该年的工作日和期限。",
                    cure=f"请先载入国务院办公厅{year}年放假安排（部分节假日安排的通知），再办理本事项。",
                )


def official() -> Workdays:
    """The calendar shipped with the house: every year on file under regulations/calendar."""
    years = regulations.calendar_years()
    return from_rows(
        ((day, not off, name) for year in years for day, off, name in year.days), numbers(years)
    )


def numbers(years: Iterable[regulations.CalendarYear]) -> dict[int, str]:
    return {year.year: year.number for year in years}


def from_rows(rows: Iterable[tuple[date, bool, str]], years: Mapping[int, str]) -> Workdays:
    """From (day, working, name of the holiday), as a table or a file holds them."""
    return Workdays({day: Day(working, name) for day, working, name in rows}, dict(years))


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
