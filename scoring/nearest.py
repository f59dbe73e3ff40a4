"""The nearest value of a fact that is enough: whole units or hundredths, never looked through one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

PARTS = 32  # values between two known ones, in one pass
RATIO = 1.5  # and ever farther ones from either end, so that a narrow place near an end is not stepped over
FAR = 10**6  # so many units more at most where the scheme says nothing
UNIT = 0.01  # of a fact that is no whole number


class Seen(NamedTuple):
    """Is it enough, and how good is it (less is better)."""

    reaches: bool
    order: tuple[float, ...]


@dataclass(frozen=True)
class Side:
    """The values of a fact on one side of what it is, by their place: 1 is the nearest, `count` the end."""

    before: Any
    end: Any
    unit: float = 1

    @property
    def count(self) -> int:
        if isinstance(self.before, bool):
            return 1
        first, last = self.before / self.unit, self.end / self.unit
        return abs(_outer(last, last - first) - _inner(first, last - first))

    def at(self, place: int) -> Any:
        if place >= self.count:
            return self.end
        way = 1 if self.end > self.before else -1
        return round((_inner(self.before / self.unit, way) + way * place) * self.unit, 6)


def _inner(value: float, way: float) -> int:
    """The last full unit before the value, on the way to the end."""
    return math.floor(round(value, 6)) if way > 0 else math.ceil(round(value, 6))


def _outer(value: float, way: float) -> int:
    return math.ceil(round(value, 6)) if way > 0 else math.floor(round(value, 6))


def sides(value: Any, most: float | None) -> Iterator[Side]:
    """The other answer; fewer down to nothing, and more up to `most`."""
    if isinstance(value, bool):
        yield Side(value, not value)
        return
    unit = 1 if float(value).is_integer() else UNIT
    if value > 0:
        yield Side(value, 0.0, unit)
    end = value + FAR if most is None else most
    if end > value:
        yield Side(value, float(end), unit)


class Hunt:
    """One side, pass by pass: the gap before the first value that is enough, or about the best so far, is narrowed.

    It finds the nearest value wherever going on only makes things better, or better up to a point and then worse.
    """

    def __init__(self, side: Side) -> None:
        self.side = side
        self.seen: dict[int, Seen] = {}

    @property
    def good(self) -> int | None:
        return min((place for place, seen in self.seen.items() if seen.reaches), default=None)

    @property
    def best(self) -> int:
        """The nearest of the best."""
        return min(self.seen, key=lambda place: (self.seen[place].order, place))

    def asked(self) -> set[int]:
        """What is to be looked at next; nothing when there is no gap left."""
        if not self.seen:
            return _spread(self.side.count)
        found = self.good
        middle = self.best if found is None else found
        before = max((place for place in self.seen if place < middle), default=0)
        if found is not None:
            return _between(before, found)
        after = min((place for place in self.seen if place > middle), default=middle)
        return _between(before, middle) | _between(middle, after)


def _spread(count: int) -> set[int]:
    powers = range(math.ceil(math.log(count, RATIO)) + 1)
    far = {round(RATIO**power) for power in powers}
    every = {1, count, *far, *(count - one for one in far), *_between(0, count)}
    return {place for place in every if 1 <= place <= count}


def _between(low: int, high: int) -> set[int]:
    """Places strictly between, evenly spaced; all of them where they are few."""
    parts = min(PARTS, high - low)
    return {low + (high - low) * n // parts for n in range(1, parts)}
