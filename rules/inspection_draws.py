"""双随机抽查: of every ratio as many are drawn as it says of those under it, rounded up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

import regulations
from rules.drawing import Entry

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Plan:
    """The pool by ratio, and how many of each are drawn."""

    pool: tuple[Entry, ...]
    wanted: dict[str, int]

    @property
    def sizes(self) -> dict[str, int]:
        return dict(Counter(entry.group for entry in self.pool))


def usual(day: date, family: str) -> Any:
    """The ratio of whoever has none by an adopted proposal, with its source."""
    return regulations.at(day, family).credit.inspection_usual


def plan(ratios: Mapping[str, Decimal]) -> Plan:
    """Key of the institution → percent (0 to 100): the parts of the pool, and how many are drawn of each."""
    pool = tuple(Entry(key, named(ratio)) for key, ratio in sorted(ratios.items()))
    sizes = Counter(entry.group for entry in pool)
    percent = {named(ratio): ratio for ratio in ratios.values()}
    order = sorted(percent, key=lambda group: percent[group], reverse=True)
    return Plan(pool, {group: _share(sizes[group], percent[group]) for group in order})


def named(ratio: Decimal) -> str:
    return f"{ratio.normalize():f}%"


def _share(size: int, percent: Decimal) -> int:
    exact = size * percent / WHOLE
    return int(exact.to_integral_value(rounding=ROUND_CEILING))
