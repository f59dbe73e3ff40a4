"""What would lift a grade: the smallest changes of a subject's own facts, found by rating the subject again and again.

Nothing is guessed from curves: every candidate is rated by the scheme itself, many rows at a time, so that vetoes,
caps, missing data and roundings all have their say. What compares with others (medians, ranks) is held as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from scoring import arithmetic, credit
from scoring.groups import GroupWork
from scoring.operators import said
from scoring.scheme import Grade, Scheme, Veto
from scoring.what_if import Start

FINE = 100  # candidates between a value and nothing, in one pass
MORE = 30  # so many more at most
LISTED = 6
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One fact that would have to be otherwise."""

    column: str
    label: str
    unit: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        if isinstance(self.before, bool):
            return f"“{self.label}”由“{_yes(self.before)}”变为“{_yes(self.after)}”"
        sign = "减少" if self.after < self.before else "增加"
        change = said(round(abs(self.after - self.before), 6))
        ends = f"由{said(self.before)}{self.unit}到{said(self.after)}{self.unit}"
        return f"{self.label}{sign}{change}{self.unit}（{ends}）"


@dataclass(frozen=True)
class Way:
    """Steps that together reach the grade; without any one of them they do not."""

    steps: tuple[Step, ...]
    score: float | None
    grade: str


@dataclass(frozen=True)
class Reach:
    """`missing`: what the measure lacks to the line of the target. `held`: vetoes that outrank the score just now.

    `single`: one change is enough, each by itself. `together`: several are needed. Neither: out of reach this time.
    """

    target: Grade | None
    missing: float | None
    held: tuple[Veto, ...]
    single: tuple[Way, ...] = ()
    together: Way | None = None


def reach(begun: Start, subject: Any) -> Reach | None:
    """Of one subject of a cycle. None for whom the cycle has no grade."""
    scheme = begun.scheme
    working = begun.rated.working.filter(pl.col(scheme.subject.key) == subject)
    if not working.height or working["place·"][0] is None or not scheme.grades:
        return None
    row = working.row(0, named=True)
    place = int(row["place·"])
    if place == 0:
        return Reach(None, None, ())
    target = scheme.grades[place - 1]
    search = Search(begun, row, place)
    single = tuple(search.single())
    together = None if single else search.together()
    held = _held(row, scheme, place - 1)
    return Reach(target, _missing(row, scheme, target), held, single[:LISTED], together)


def _held(row: Values, scheme: Scheme, wanted: int) -> tuple[Veto, ...]:
    """Vetoes that hit and forbid the grade that is wanted."""
    hits = (row["vetoes"] or "").split("、")
    places = {grade.key: n for n, grade in enumerate(scheme.grades)}
    return tuple(
        veto
        for veto in scheme.vetoes
        if veto.key in hits and places[veto.grade or veto.cap or ""] > wanted
    )


def _missing(row: Values, scheme: Scheme, target: Grade) -> float | None:
    measure = row[scheme.graded_by or "score"]
    if measure is None or target.at_least is None or measure >= target.at_least:
        return None
    return round(target.at_least - measure, 6)


@dataclass(frozen=True)
class Try:
    value: Any
    reaches: bool
    order: tuple[float, ...]


class Search:
    """Candidates of one subject, rated as rows of one frame."""

    def __init__(self, begun: Start, row: Values, place: int) -> None:
        self.scheme, self.row, self.place = begun.scheme, row, place
        kept = [step.name for step in self.scheme.steps if isinstance(step.rule, GroupWork)]
        columns = [
            *self.scheme.fact_columns,
            *(tally.column for tally in self.scheme.tallies),
            *(one.name for one in self.scheme.parameters),
            *kept,
        ]
        key = self.scheme.subject.key
        self.base = begun.points.filter(pl.col(key) == row[key]).select(columns)
        own = tuple(step for step in self.scheme.steps if step.name not in kept)
        self.alone = self.scheme.model_copy(update={"steps": own})

    def single(self) -> Iterator[Way]:
        """The smallest change of each fact that is enough by itself; fewest units first."""
        near = {column: self._near(column, found) for column, found in self._first.items()}
        found = [self._way({name: value}) for name, value in near.items() if value is not None]
        yield from sorted(found, key=lambda way: _size(way.steps[0]))

    def _near(self, column: str, found: Sequence[Try]) -> Any:
        good = next((one.value for one in found if one.reaches), None)
        return good if good is None else self._finer(column, [t.value for t in found], good, {})

    def together(self) -> Way | None:
        """Best facts first until the grade is reached; then every change is made as small as it can be."""
        best = self._by_gain()
        prefixes = [dict(best[:n]) for n in range(1, len(best) + 1)]
        reached = self._reaches(prefixes) if prefixes else []
        if True not in reached:
            return None
        chosen = prefixes[reached.index(True)]
        for column in list(chosen)[::-1]:
            chosen = self._trimmed(chosen, column)
        return self._way(chosen)

    def _trimmed(self, chosen: dict[str, Any], column: str) -> dict[str, Any]:
        """Without this change where the others are enough, else with as little of it as is needed."""
        others = {name: value for name, value in chosen.items() if name != column}
        tries = [one.value for one in self._first[column]]
        reached = self._reaches([others, *({**others, column: value} for value in tries)])
        if reached[0]:
            return others
        good = next((v for v, ok in zip(tries, reached[1:], strict=True) if ok), chosen[column])
        return {**chosen, column: self._finer(column, tries, good, others)}

    @cached_property
    def _first(self) -> dict[str, list[Try]]:
        """Every lever with every value that is tried of it, nearest first: all rated at once."""
        asked = [(name, value) for name in self._levers() for value in self._tries(name)]
        found: dict[str, list[Try]] = {}
        rated = self._rated([{name: value} for name, value in asked]) if asked else None
        for (name, value), result in zip(asked, self._results(rated), strict=True):
            found.setdefault(name, []).append(Try(value, *result))
        return found

    def _tries(self, column: str) -> list[Any]:
        """None above what the scheme says the fact can reach."""
        limits = {fact.column: fact.up_to for fact in self.scheme.facts}
        limit = limits.get(column)
        most = self.row[limit] if isinstance(limit, str) else limit
        return [one for one in _tries(self.row[column]) if most is None or one <= most]

    def _results(self, rated: pl.DataFrame | None) -> list[tuple[bool, tuple[float, ...]]]:
        """Does it reach the grade, and how good is it (less is better): vetoes, measure, place."""
        if rated is None:
            return []
        better = -1.0 if self.scheme.ranking.better == "high" else 1.0
        found: list[tuple[bool, tuple[float, ...]]] = []
        for hits, place, measure in rated.select("vetoes", "place·", "open·").iter_rows():
            count = float(len([veto for veto in (hits or "").split("、") if veto]))
            order = (count, better * (measure or 0.0), float(place or 0))
            found.append((place is not None and place < self.place, order))
        return found

    def _levers(self) -> list[str]:
        """Facts that are known, and that somebody could have made otherwise."""
        facts = [
            f.column for f in self.scheme.facts if f.type in ("number", "flag") and not f.fixed
        ]
        return [
            name
            for name in [*facts, *(tally.column for tally in self.scheme.tallies)]
            if self.row[name] is not None
        ]

    def _finer(self, column: str, tries: Sequence[Any], good: Any, others: Values) -> Any:
        """Between the last try that was not enough and the one that was, the nearest that is."""
        nearer = _between(self.row[column], tries, good) if len(tries) > 1 else []
        reached = self._reaches([{**others, column: value} for value in nearer]) if nearer else []
        return nearer[reached.index(True)] if True in reached else good

    def _by_gain(self) -> list[tuple[str, Any]]:
        """Each fact with the smallest change that brings the most, the most first; what brings nothing is left out."""
        [(_, now)] = self._results(self._rated([{}]))
        found = []
        for column, tried in self._first.items():
            best = min(tried, key=lambda one: one.order)
            if best.order < now:
                found.append((best.order, column, best.value))
        return [(column, value) for _, column, value in sorted(found, key=lambda one: one[:2])]

    def _reaches(self, changes: Sequence[Values]) -> list[bool]:
        return [reached for reached, _ in self._results(self._rated(changes))]

    def _way(self, changes: Values) -> Way:
        last = self._rated([changes]).row(0, named=True)
        labels, units = self.scheme.labels, self.scheme.units
        steps = tuple(
            Step(name, labels[name], units.get(name, ""), self.row[name], value)
            for name, value in changes.items()
        )
        return Way(steps, last["score"], last["grade"])

    def _rated(self, changes: Sequence[Values]) -> pl.DataFrame:
        """The subject once for each set of changes."""
        frame = pl.concat([self.base] * len(changes))
        for name in dict.fromkeys(name for change in changes for name in change):
            values = [change.get(name, self.row[name]) for change in changes]
            frame = frame.with_columns(pl.Series(name, values, frame.schema[name], strict=False))
        frame = arithmetic.with_points(arithmetic.with_steps(frame, self.alone), self.alone)
        return credit.scored(frame, self.alone).working


def _tries(value: Any) -> list[Any]:
    """Nearest first: the other answer; fewer down to nothing and somewhat more."""
    if isinstance(value, bool):
        return [not value]
    whole = float(value).is_integer()
    stride = max(1, round(value / FINE)) if whole else value / FINE
    fewer = [value - n * stride for n in range(1, FINE + 1) if value - n * stride > 0]
    more = [value + n * (stride if whole else max(stride, 1.0)) for n in range(1, MORE + 1)]
    ends = [0.0] if value > 0 else []
    every = [*fewer, *ends, *more]
    return sorted((round(one, 6) for one in every), key=lambda one: abs(one - value))


def _between(value: float, tries: Sequence[float], good: float) -> list[float]:
    """Finer values between the last try on this side that was not enough and the one that was."""
    side = [
        one
        for one in tries
        if (one < value) == (good < value) and abs(one - value) < abs(good - value)
    ]
    near = max(side, key=lambda one: abs(one - value), default=value)
    gap = good - near
    whole = float(value).is_integer()
    count = int(abs(gap)) if whole else FINE
    return [round(near + gap * n / count, 6) for n in range(1, count)]


def _size(step: Step) -> tuple[float, str]:
    if isinstance(step.before, bool):
        return (1.0, step.column)
    return (abs(step.after - step.before), step.column)


def _yes(value: bool) -> str:
    return "是" if value else "否"
