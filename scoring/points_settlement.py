"""From the ledger to the measures on record: what falls away, what is imposed, and the whole of it replayed. Pure.

After every line the measures that stand are those the counted lines bring. One that falls away is silent from the day
of the line, its past stays as it was; one that comes back has served the days on which the person was under a measure,
so that an appeal neither shortens nor lengthens it (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.qualification import Measure
from scoring.points_ledger import EntryKind, Line, Term, brought

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recorded:
    """A measure on record. `end`: last day of the suspension, or of the bar; `silent_from`: it stopped to speak.

    `waits`: a suspension that goes on after its last day until it is applied for.
    """

    key: int
    deduction: int
    revokes: bool
    total: int
    basis: str
    from_on: date
    end: date
    silent_from: date | None = None
    waits: bool = False

    def stands(self, on: date) -> bool:
        return self.silent_from is None and (self.revokes or self.waits or self.end >= on)

    def as_measure(self) -> Measure:
        until, bar = (None, self.end) if self.revokes else (self.end, None)
        return Measure(self.from_on, until, bar, self.silent_from, self.total, self.basis)


@dataclass(frozen=True)
class Settlement:
    """`terms`: everything the ledger brings, on its original days; `imposed` begins on the day of the settlement."""

    silenced: list[int]
    imposed: list[Term]
    terms: list[Term]


def settle(
    lines: Sequence[Line], record: Sequence[Recorded], registered_from: Collection[date], on: date
) -> Settlement:
    """What has to change so that the measures on record are those of the ledger."""
    terms = brought(lines, registered_from)
    waiting = {one.deduction for one in record if one.waits and one.silent_from is None}
    wanted = {}
    for term in terms:
        end = term.end + timedelta(days=_free(term.from_on, on, record, registered_from))
        if term.revokes or end >= on or term.deduction in waiting:
            wanted[term.deduction, term.revokes] = replace(term, end=end)
    live = [one for one in record if one.stands(on)]
    kept = {
        (one.deduction, one.revokes)
        for one in live
        if (term_ := wanted.get((one.deduction, one.revokes))) and one.end <= term_.end
    }
    gone = [one for one in live if (one.deduction, one.revokes) not in kept]
    cap = _cap(lines, gone)
    imposed = [
        replace(term, from_on=on, end=min(term.end, cap) if term.revokes else term.end)
        for key, term in wanted.items()
        if key not in kept
    ]
    return Settlement([one.key for one in gone], imposed, terms)


def _cap(lines: Sequence[Line], gone: Sequence[Recorded]) -> date:
    """Taking points back never lengthens a bar."""
    bars = [one.end for one in gone if one.revokes]
    return max(bars) if bars and _milder(lines) else date.max


def _milder(lines: Sequence[Line]) -> bool:
    """The last line took points off, or gave fewer in the place of those it took back."""
    last = lines[-1]
    if last.kind is not EntryKind.REVERSE:
        return last.kind is EntryKind.RESTORE
    return sum(line.points for line in lines if line.replaces == last.deduction) <= -last.points


def _free(
    first: date, on: date, record: Sequence[Recorded], registered_from: Collection[date]
) -> int:
    """Days from the first up to, not including, the day on which the person was under no measure."""
    free, day = 0, first
    spans = sorted(_span(one, registered_from) for one in record)
    for begins, ends in spans:
        if begins > day:
            free += max(0, (min(begins, on) - day).days)
        day = max(day, ends)
    return free + max(0, (on - day).days)


def _span(one: Recorded, registered_from: Collection[date]) -> tuple[date, date]:
    """From its first day to the first on which it did not speak."""
    if one.waits:
        over = date.max
    elif one.revokes:
        over = min((day for day in registered_from if day > one.end), default=date.max)
    else:
        over = one.end + ONE_DAY
    return one.from_on, min(over, one.silent_from or date.max)


def replay(lines: Sequence[Line], registered_from: Collection[date]) -> list[Recorded]:
    """The measures as they came about line by line: what was decided then, from the ledger alone."""
    record: list[Recorded] = []
    for number, line in enumerate(lines):
        if line.replaces or line.kind is EntryKind.CANCEL:
            continue  # one decision with the line that takes back, which follows
        done = settle(lines[: number + 1], record, registered_from, line.booked_on)
        record = [
            replace(one, silent_from=line.booked_on) if one.key in done.silenced else one
            for one in record
        ]
        record += [_of(term, len(record) + n) for n, term in enumerate(done.imposed)]
    return record


def _of(term: Term, key: int) -> Recorded:
    return Recorded(
        key, term.deduction, term.revokes, term.total, term.basis, term.from_on, term.end
    )
