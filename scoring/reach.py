"""What would lift a grade: the smallest changes of a subject's own facts, found by rating the subject again and again.

Nothing is guessed from curves: every candidate is rated by the scheme itself, many rows at a time, so that vetoes,
caps, missing data and roundings all have their say. What compares with others (medians, ranks) is held as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import polars as pl

from scoring import arithmetic, credit
from scoring.groups import GroupWork
from scoring.nearest import Hunt, Seen, Side, sides
from scoring.scheme import Grade, Scheme, Veto
from scoring.ways import Step, Way
from scoring.what_if import Start

LISTED = 6
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Reach:
    """`missing`: what the measure lacks to the line of the target. `held`: vetoes that outrank the score just now.

    `single`: one change is enough, each by itself. `together`: several that are enough and of which none may be left
    out; there may be others. Neither: none was found.
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
        near = {name: _nearest(hunts) for name, hunts in self._alone.items()}
        found = [self._way({name: value}) for name, value in near.items() if value is not None]
        yield from sorted(found, key=lambda way: way.steps[0].size)

    def together(self) -> Way | None:
        """Best facts first until the grade is reached; then every change is made as small as it can be.

        What brings something only beside the rest is looked for again from there, and two that help only as a pair too.
        """
        chosen: dict[str, Any] = {}
        hunted = self._alone
        while more := self._by_gain(chosen, hunted) or self._pair(chosen):
            prefixes = [{**chosen, **dict(more[:n])} for n in range(1, len(more) + 1)]
            reached = self.reaches(prefixes)
            if True in reached:
                return self._smallest(prefixes[reached.index(True)])
            chosen = prefixes[-1]
            hunted = self._hunted([name for name in self.sides if name not in chosen], chosen)
        return None

    def _smallest(self, chosen: dict[str, Any]) -> Way:
        for column in list(chosen)[::-1]:
            chosen = self._trimmed(chosen, column)
        return self._way(chosen)

    def _trimmed(self, chosen: dict[str, Any], column: str) -> dict[str, Any]:
        """Without this change where the others are enough, else with as little of it as is needed."""
        others = {name: value for name, value in chosen.items() if name != column}
        if self.reaches([others]) == [True]:
            return others
        near = _nearest(self._hunted([column], others)[column])
        return {**chosen, column: chosen[column] if near is None else near}

    @cached_property
    def sides(self) -> dict[str, list[Side]]:
        """Facts that are known and that somebody could have made otherwise, with the values they could have.

        None above what the scheme says the fact can reach.
        """
        facts = [f for f in self.scheme.facts if f.type in ("number", "flag") and not f.fixed]
        most = {f.column: self.row[f.up_to] if isinstance(f.up_to, str) else f.up_to for f in facts}
        names = [*most, *(tally.column for tally in self.scheme.tallies)]
        known = [name for name in names if self.row[name] is not None]
        return {name: list(sides(self.row[name], most.get(name))) for name in known}

    @cached_property
    def _alone(self) -> dict[str, list[Hunt]]:
        return self._hunted(list(self.sides), {})

    def _hunted(self, names: Sequence[str], others: Values) -> dict[str, list[Hunt]]:
        """Every fact on both sides, all at once, pass by pass. `others` are changed already."""
        hunts = {name: [Hunt(side) for side in self.sides[name]] for name in names}
        pairs = [(name, hunt) for name, found in hunts.items() for hunt in found]
        while asked := [(name, hunt, n) for name, hunt in pairs for n in sorted(hunt.asked())]:
            tried = [{**others, name: hunt.side.at(n)} for name, hunt, n in asked]
            for (_, hunt, n), seen in zip(asked, self._seen(tried), strict=True):
                hunt.seen[n] = seen
        return hunts

    def _by_gain(
        self, chosen: Values, hunted: Mapping[str, Sequence[Hunt]]
    ) -> list[tuple[str, Any]]:
        """Each fact with the smallest change that brings the most, the most first; what brings nothing is left out."""
        [now] = self._seen([chosen])
        found = []
        for column, hunts in hunted.items():
            ends = [(hunt.seen[hunt.best].order, n, hunt) for n, hunt in enumerate(hunts)]
            if ends and min(ends)[0] < now.order:
                order, _, hunt = min(ends)
                found.append((order, column, hunt.side.at(hunt.best)))
        return [(column, value) for _, column, value in sorted(found, key=lambda one: one[:2])]

    def _pair(self, chosen: Values) -> list[tuple[str, Any]]:
        """The two facts that bring the most together, each gone to an end."""
        ends = [
            (name, side.end)
            for name, found in self.sides.items()
            if name not in chosen
            for side in found
        ]
        pairs = [[one, two] for one, two in combinations(ends, 2) if one[0] != two[0]]
        if not pairs:
            return []
        now, *seen = self._seen([chosen, *({**chosen, **dict(pair)} for pair in pairs)])
        best = min(range(len(pairs)), key=lambda n: seen[n].order)
        return pairs[best] if seen[best].order < now.order else []

    def reaches(self, changes: Sequence[Values]) -> list[bool]:
        return [seen.reaches for seen in self._seen(changes)]

    def _seen(self, changes: Sequence[Values]) -> list[Seen]:
        """Does it reach the grade, and how good is it: vetoes, measure, place."""
        measure = self.scheme.graded_by or "open·"
        low = self.scheme.ranking.better == "low" and not self.scheme.graded_by
        found = []
        rows = self._rated(changes).select("vetoes", "place·", measure).iter_rows()
        for hits, place, value in rows:
            count = float(len([veto for veto in (hits or "").split("、") if veto]))
            order = (count, (value or 0.0) * (1 if low else -1), float(place or 0))
            found.append(Seen(place is not None and place < self.place, order))
        return found

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
        frame = self.base[[0] * len(changes)]
        for name in dict.fromkeys(name for change in changes for name in change):
            values = [change.get(name, self.row[name]) for change in changes]
            frame = frame.with_columns(pl.Series(name, values, frame.schema[name], strict=False))
        frame = arithmetic.with_points(arithmetic.with_steps(frame, self.alone), self.alone)
        return credit.scored(frame, self.alone).working


def _nearest(hunts: Sequence[Hunt]) -> Any:
    """Of both sides the value that is enough and the least away; None where none is."""
    found = [hunt.side.at(hunt.good) for hunt in hunts if hunt.good is not None]
    return min(found, key=lambda value: abs(value - hunts[0].side.before), default=None)
