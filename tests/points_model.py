"""A plain model of a person's points: lists of what happened, and one word for every single day. Knows no ledger."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

MONTHS = {9: 1, 10: 3, 11: 5}
LAST = date(2030, 12, 31)
ONE = timedelta(days=1)


def later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass
class Given:
    """One entry or, with `points` −1, one restoration. `place`: where it counts; `day`: from when."""

    key: int
    points: int
    year: int
    day: date
    place: int
    alive: bool = True
    held: bool = False


@dataclass
class Person:
    given: list[Given] = field(default_factory=list)
    words: dict[date, tuple[str, date | None]] = field(default_factory=dict)
    told: dict[tuple[int, str], date] = field(default_factory=dict)
    totals: list[tuple[date, int, int]] = field(default_factory=list)  # day, year, change

    def total(self, day: date) -> int:
        return sum(n for on, year, n in self.totals if year == day.year and on <= day)

    def in_year(self, year: int) -> int:
        return sum(n for _on, one, n in self.totals if one == year)

    def word(self, day: date) -> tuple[str, date | None]:
        return self.words.get(day, ("normal", None))

    def give(self, key: int, points: int, year: int, on: date) -> None:
        self.given.append(Given(key, points, year, on, len(self.given)))
        self.totals.append((on, year, points))
        self.settle(on)

    def take_back(self, key: int, on: date, anew: tuple[int, int] | None) -> None:
        """`anew`: key and points of what is given in its place."""
        old = self.find(key)
        if anew:
            self.given.append(Given(anew[0], anew[1], old.year, old.day, old.place))
            self.totals.append((on, old.year, anew[1]))
        while self.in_year(old.year) < old.points:
            restored = [g for g in self.given if g.alive and g.points < 0 and g.year == old.year]
            restored[-1].alive = False
            self.totals.append((on, old.year, 1))
        old.alive = False
        self.totals.append((on, old.year, -old.points))
        self.settle(on, milder=not anew or anew[1] <= old.points)

    def hold(self, key: int, on: date, *, held: bool) -> None:
        self.find(key).held = held
        self.settle(on)

    def restore(self, year: int, on: date) -> None:
        self.given.append(Given(0, -1, year, on, len(self.given)))
        self.totals.append((on, year, -1))
        self.settle(on, milder=True)

    def find(self, key: int) -> Given:
        return next(g for g in self.given if g.key == key and g.points > 0)

    def sentences(self) -> list[tuple[int, str, date, date]]:
        """Key, word, first and last day of everything that the entries which count bring in their order."""
        found: list[tuple[int, str, date, date]] = []
        sums: dict[int, int] = {}
        for g in sorted(self.given, key=lambda one: one.place):
            if not g.alive or g.held:
                continue
            before = max(0, sums.get(g.year, 0))
            sums[g.year] = sums.get(g.year, 0) + g.points
            now, bar = before + g.points, 0
            if g.points >= 12:
                bar = 36
            elif before < 12 <= now and g.points > 0:
                bar = 12
            if bar:
                end = later(g.day, bar)
                if not any(word == "revoked" and end <= last for _k, word, _f, last in found):
                    found = [one for one in found if one[1] == "suspended" and one[3] < g.day]
                    found.append((g.key, "revoked", g.day, end))
            elif g.points > 0 and before < 9 <= now and not any(s[1] == "revoked" for s in found):
                found.append((g.key, "suspended", g.day, later(g.day, MONTHS[now])))
        return found

    def settle(self, on: date, *, milder: bool = False) -> None:
        ends = {}
        for key, word, first, last in self.sentences():
            free = sum(self.word(first + n * ONE)[0] == "normal" for n in range((on - first).days))
            if word == "revoked" or last + free * ONE >= on:
                ends[key, word] = last + free * ONE
        for one, end in ends.items():
            if one in self.told and self.told[one] <= end:
                ends[one] = self.told[one]
        bars = [end for one, end in self.told.items() if one[1] == "revoked" and one not in ends]
        bars += [
            self.told[one]
            for one in ends
            if one[1] == "revoked" and self.told.get(one, date.min) > ends[one]
        ]
        if bars and milder:
            new = [one for one in ends if one[1] == "revoked" and one not in self.told]
            ends.update({one: min(ends[one], max(bars)) for one in new})
        self.told = ends
        self._write(on)

    def _write(self, on: date) -> None:
        self.words = {day: word for day, word in self.words.items() if day < on}
        top = [end for one, end in self.told.items() if one[1] == "revoked"]
        suspended = [end for one, end in self.told.items() if one[1] == "suspended"]
        last = LAST if top else max(suspended, default=on - ONE)
        day = on
        while day <= last:
            self.words[day] = ("revoked", max(top)) if top else ("suspended", max(suspended))
            day += ONE
