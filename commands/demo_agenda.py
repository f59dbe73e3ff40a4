"""The played days: what is to be done on which day, the nights between, every step a transaction of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import clock
from database import session
from jobs import nightly
from queries import calendar_days
from rules import timetable
from rules.workdays import Workdays

ONE_DAY = timedelta(days=1)
OPENING, NIGHT = time(8, 40), time(1, 10)
BETWEEN, LAST = timedelta(minutes=3), timedelta(hours=8, minutes=40)
Step = Callable[[date], object]


class Agenda:
    """Days from `start` to `end`. Steps put down for a later day than `end` never happen."""

    def __init__(self, start: date, end: date) -> None:
        self.start, self.end, self.today = start, end, start
        self.steps: dict[date, list[Step]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        self.workdays: Workdays = calendar_days.workdays()
        self._count = 0

    def put(self, day: date, step: Step) -> None:
        """Do this on a day, after what is down for it already."""
        self.steps[max(day, self.today)].append(step)

    def work(self, day: date, count: int = 0) -> date:
        """`day` or the first working day after it, and `count` working days on; negative counts go back."""
        if count >= 0:
            return self.workdays.add(self.workdays.next_working(day), count)
        while count:
            day -= ONE_DAY
            count += bool(self.workdays.is_working(day))
        return day

    def later(self, count: int, step: Step) -> None:
        """Do this so many working days from the day being played."""
        self.put(self.work(self.today, count), step)

    def play(self, tell: Callable[[date, int], None]) -> None:
        """Every day of the year: the night's jobs, then the steps. `tell` hears of each month that is over."""
        for number in range((self.end - self.start).days + 1):
            self.today = self.start + number * ONE_DAY
            self._night()
            self._day()
            if (self.today + ONE_DAY).day == 1 or self.today == self.end:
                tell(self.today, self._count)

    def _day(self) -> None:
        self._count = 0 if self.today.day == 1 else self._count
        number = 0
        while self.steps[self.today]:
            step = self.steps[self.today].pop(0)
            with self.door(number):
                step(self.today)
            number += 1
        self._count += number

    def _night(self) -> None:
        """The jobs of the timetable that run once a day. Letters are printed when somebody needs them."""
        with clock.at(datetime.combine(self.today, NIGHT, clock.SHANGHAI)):
            for job in timetable.JOBS:
                if job.daily:
                    report = nightly.run(job.name, self.today)
                    if report.failed:
                        raise RuntimeError(f"{job.name} {self.today}: {report.failed[0]['why']}")
                    self.done[job.name] += len(report.done)

    @contextmanager
    def door(self, number: int = 0) -> Iterator[None]:
        """One person at one counter: a moment of the day, and one transaction that is committed at the end."""
        after = min(BETWEEN * number, LAST)
        with clock.at(datetime.combine(self.today, OPENING, clock.SHANGHAI) + after):
            yield
            session.commit()
            session.remove()
