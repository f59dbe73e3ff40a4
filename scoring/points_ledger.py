"""The ledger of points as lines, and the measures its lines bring: with the rules of the day of each line. Pure.

A line is never changed. One that was wrong is answered by a line that takes it back; what is given in its place counts
from the place and the day of the one it replaces.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules import qualification
from rules.clocks import add_months
from rules.words import Labelled
from scoring.points import Entry, PointsLaw, Revoke, Suspend, crossing

ONE_DAY = timedelta(days=1)


class EntryKind(Labelled):
    DEDUCT = "deduct", "记分"
    REVERSE = "reverse", "冲销"
    RESTORE = "restore", "修复"
    CANCEL = "cancel", "修复随更正注销"
    HOLD = "hold", "申诉，暂缓执行"
    RESUME = "resume", "申诉终结，继续计算"


@dataclass(frozen=True)
class Line:
    """`deduction`: what the line gives, takes back, holds or lets count again; `restoration`: likewise.

    `replaces`: what a line that gives is given in the place of; no other line has it.
    `decided_on`: the day whose year and rules apply. `adjusts`: a running suspension follows the lower total.
    """

    kind: EntryKind
    points: int
    decided_on: date
    booked_on: date
    deduction: int = 0
    restoration: int = 0
    replaces: int = 0
    adjusts: bool = False


@dataclass(frozen=True)
class Term:
    """What a line brought: from a day, until the last day of the suspension or, for a revocation, of the bar."""

    deduction: int
    revokes: bool
    year: int
    total: int
    basis: str
    from_on: date
    end: date

    def speaks_after(self, day: date) -> bool:
        return self.revokes or self.end >= day


def counted(lines: Sequence[Line]) -> list[Line]:
    """The lines that count, each at its place: without what was taken back, held or cancelled."""
    out = {line.deduction for line in lines if line.kind is EntryKind.REVERSE}
    void = {line.restoration for line in lines if line.kind is EntryKind.CANCEL}
    held = _held(lines)
    places: dict[int, tuple[int, date]] = {}
    kept: list[tuple[int, Line]] = []
    for number, line in enumerate(lines):
        if line.kind is EntryKind.DEDUCT:
            place, day = places.get(line.replaces, (number, line.booked_on))
            places[line.deduction] = place, day
            if line.deduction not in out | held:
                kept.append((place, replace(line, booked_on=day)))
        elif line.kind is EntryKind.RESTORE and line.restoration not in void:
            kept.append((number, line))
    return [line for _place, line in sorted(kept, key=lambda each: each[0])]


def held_points(lines: Sequence[Line], year: int) -> int:
    """Points of a year whose effect stands still because of an appeal."""
    held = _held(lines)
    return sum(
        line.points
        for line in lines
        if line.kind is EntryKind.DEDUCT and line.deduction in held and line.decided_on.year == year
    )


def _held(lines: Sequence[Line]) -> set[int]:
    held: set[int] = set()
    for line in lines:
        if line.kind is EntryKind.HOLD:
            held.add(line.deduction)
        elif line.kind is EntryKind.RESUME:
            held.discard(line.deduction)
    return held


def entries(lines: Sequence[Line]) -> list[Entry]:
    """As the arithmetic of one account wants them: what one deduction gives counts as given at once."""
    return [Entry(line.points, line.decided_on, f"{line.deduction}") for line in lines]


def brought(lines: Sequence[Line], registered_from: Collection[date]) -> list[Term]:
    """The terms that stand once all counted lines were taken in their order; one that is over is still named."""
    standing: list[Term] = []
    counting = counted(lines)
    for number, line in enumerate(counting):
        before = entries(counting[:number])
        if line.kind is EntryKind.RESTORE:
            standing = _eased(standing, before, line) if line.adjusts else standing
            continue
        law = PointsLaw.on(line.decided_on)
        change = crossing(before, entries([line])[0], law)
        if change is not None:
            standing = _with(standing, change, line, law, registered_from)
    return standing


def _with(
    standing: list[Term],
    change: Suspend | Revoke,
    line: Line,
    law: PointsLaw,
    registered_from: Collection[date],
) -> list[Term]:
    """Revocation replaces what runs, a longer suspension the shorter of its year; nothing outweighs a longer bar."""
    day = line.booked_on
    running = [term for term in standing if term.speaks_after(day)]
    shorter = _prolonged(change, line, running)
    term = _term(change, line, law, shorter)
    barred = [
        old for old in standing if old.revokes and not _anew(old.end, registered_from, by=day)
    ]
    if any(not term.revokes or term.end <= old.end for old in barred):
        return standing
    gone = running if term.revokes else shorter
    return [*(old for old in standing if old not in gone), term]


def _prolonged(change: Suspend | Revoke, line: Line, running: list[Term]) -> list[Term]:
    if isinstance(change, Revoke) or not change.prolongs:
        return []
    return [old for old in running if not old.revokes and old.year == line.decided_on.year]


def _term(change: Suspend | Revoke, line: Line, law: PointsLaw, shorter: list[Term]) -> Term:
    day = line.booked_on
    if isinstance(change, Revoke):
        end = add_months(day, change.bar_months)
    elif change.prolongs:
        more = change.months - law.suspension_months(change.total - line.points)
        still = max((old.end for old in shorter), default=None)
        end = qualification.suspended_until(day, more, running_until=still)
    else:
        end = qualification.suspended_until(day, change.months)
    return Term(
        deduction=line.deduction,
        revokes=isinstance(change, Revoke),
        year=line.decided_on.year,
        total=change.total,
        basis=change.basis,
        from_on=day,
        end=end,
    )


def _eased(standing: list[Term], before: list[Entry], line: Line) -> list[Term]:
    """A running suspension of the year follows the lower total: shorter, or over on the day before."""
    year, law = line.decided_on.year, PointsLaw.on(line.decided_on)
    total = sum(e.points for e in before if e.decided_on.year == year) + line.points
    eased = []
    for term in standing:
        if term.revokes or term.year != year or term.end < line.booked_on:
            eased.append(term)
            continue
        months = law.suspension_months(total) if total >= law.suspend_at else 0
        end = add_months(term.from_on, months) if months else line.booked_on - ONE_DAY
        eased.append(replace(term, end=min(term.end, end)))
    return eased


def _anew(bar_until: date, registered_from: Collection[date], *, by: date) -> bool:
    return any(bar_until < first <= by for first in registered_from)
