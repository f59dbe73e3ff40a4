"""权重试算: the frozen facts of a cycle by a changed scheme, beside what they gave. Nothing is ever written here.

Points are worked out once for a cycle and kept as columns; weights, lines and vetoes start from there, by the very
functions that rate a cycle, so that a trial without a change is the result itself, bit for bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from scoring import credit
from scoring.credit import Rated
from scoring.reasons import reason
from scoring.scheme import Scheme

COMPARED = ("grade", "score", "rank", "place·")
WAYS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "": lambda rows: rows,
    "grade": lambda rows: rows.filter(pl.col("grade").ne_missing(pl.col("grade₂"))),
    "up": lambda rows: rows.filter(pl.col("step") < 0),
    "down": lambda rows: rows.filter(pl.col("step") > 0),
}


@dataclass(frozen=True)
class Start:
    """A cycle as it stands: what was frozen, the points of every item, and the result."""

    facts: pl.DataFrame
    points: pl.DataFrame
    rated: Rated

    @property
    def scheme(self) -> Scheme:
        return self.rated.scheme


@dataclass(frozen=True)
class Changed:
    """One subject whose grade, score or rank is another. Grades by key; None: no grade."""

    subject: Any
    grade: tuple[str | None, str | None]
    score: tuple[float | None, float | None]
    rank: tuple[int | None, int | None]
    step: int

    @property
    def direction(self) -> str:
        """up: a better grade; down: a worse one; else what moved within the grade."""
        if self.step:
            return "up" if self.step < 0 else "down"
        return "rank" if self.rank[0] != self.rank[1] else "score"


def start(facts: pl.DataFrame, scheme: Scheme) -> Start:
    points = credit.pointed(facts, scheme)
    return Start(facts, points, credit.scored(points, scheme))


def tried(begun: Start, scheme: Scheme) -> Trial:
    """The same facts by another scheme. The points are worked out again only where the change touches them."""
    if scheme == begun.scheme:
        return Trial(begun.rated, begun.rated)
    same = _of_points(scheme) == _of_points(begun.scheme)
    points = begun.points if same else credit.pointed(begun.facts, scheme)
    return Trial(begun.rated, credit.scored(points, scheme))


def _of_points(scheme: Scheme) -> tuple[Any, ...]:
    """All that the points of an item depend on."""
    bare = [item.model_copy(update={"weight": None}) for item in scheme.indicators]
    extras = [item for _, item in scheme.extras]
    given = (scheme.facts, scheme.sources, scheme.parameters, scheme.missing_marks)
    return (scheme.subject, *given, scheme.steps, bare, extras)


@dataclass(frozen=True)
class Trial:
    """Two results over the same subjects, in the same order."""

    before: Rated
    after: Rated

    @cached_property
    def _both(self) -> pl.DataFrame:
        key = self.before.scheme.subject.key
        one = self.before.working.select(key, *COMPARED)
        two = self.after.working.select(pl.col(name).alias(f"{name}₂") for name in COMPARED)
        return pl.concat([one, two], how="horizontal")

    @cached_property
    def distribution(self) -> list[tuple[str, int, int]]:
        """Grade, how many had it, how many would have it."""
        then = Counter(self.before.working["grade"].to_list())
        now = Counter(self.after.working["grade"].to_list())
        return [(grade.key, then[grade.key], now[grade.key]) for grade in self.before.scheme.grades]

    @cached_property
    def migration(self) -> Counter[tuple[str, str]]:
        """From which grade to which; subjects without a grade on either side are not in it."""
        pairs = self._both.select("grade", "grade₂").drop_nulls()
        counted = pairs.group_by("grade", "grade₂").len()
        return Counter({(one, two): number for one, two, number in counted.iter_rows()})

    @cached_property
    def moved(self) -> pl.DataFrame:
        """Everybody whose grade, score or rank is another: changed grades first, then the largest move of rank."""
        apart = pl.any_horizontal(pl.col(n).ne_missing(pl.col(f"{n}₂")) for n in COMPARED[:3])
        step = (pl.col("place·₂") - pl.col("place·")).fill_null(0)
        leap = (pl.col("rank₂").cast(pl.Int64) - pl.col("rank").cast(pl.Int64)).fill_null(0)
        found = self._both.filter(apart).with_columns(step.alias("step"), leap.alias("leap"))
        key = self.before.scheme.subject.key
        return found.sort(
            pl.col("step").abs(), pl.col("leap").abs(), key, descending=[True, True, False]
        )

    def changed(self, first: int = 0, count: int | None = None, way: str = "") -> list[Changed]:
        """Of those who moved, `count` from the `first` on. `way`: only up, down, or grade (either)."""
        rows = WAYS[way](self.moved).slice(first, count)
        return [self._changed(row) for row in rows.iter_rows(named=True)]

    def count(self, way: str = "") -> int:
        return WAYS[way](self.moved).height

    def _changed(self, row: dict[str, Any]) -> Changed:
        return Changed(
            subject=row[self.before.scheme.subject.key],
            grade=(row["grade"], row["grade₂"]),
            score=(row["score"], row["score₂"]),
            rank=(row["rank"], row["rank₂"]),
            step=row["step"],
        )

    def reasons(self, subjects: list[Any]) -> dict[Any, str]:
        """One sentence for each of these: what had most to do with it."""
        key = self.before.scheme.subject.key
        wanted = pl.col(key).is_in(subjects)
        one = self.before.working.filter(wanted).iter_rows(named=True)
        two = self.after.working.filter(wanted).iter_rows(named=True)
        schemes = self.before.scheme, self.after.scheme
        return {a[key]: reason(a, b, *schemes) for a, b in zip(one, two, strict=True)}
