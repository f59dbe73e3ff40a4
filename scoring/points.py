"""Practitioners' points: what a calendar year adds up to, and which measure a new entry brings (医保发〔2024〕23号)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import regulations

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Entry:
    """A confirmed entry of the ledger. Negative points are a reversal or a repair.

    `decision` names the decision that gave the points: what one decision gives counts as given at once.
    """

    points: int
    decided_on: date | datetime
    decision: str


@dataclass(frozen=True)
class PointsLaw:
    """The values of one day, in points and months. `months` maps a year's total to the months of suspension.

    `stays`: rows of it that leave a suspension of the same year as it is, although they give more months.
    """

    suspend_at: int
    terminate_at: int
    suspend_min: int
    suspend_max: int
    ban_cumulative: int
    ban_single: int
    months: Mapping[int, int]
    suspend_basis: str
    revoke_basis: str
    stays: frozenset[int] = frozenset()

    @classmethod
    def on(cls, day: date) -> PointsLaw:
        """The values in force on the day the entry is decided."""
        law = regulations.at(day)
        rows = law.table("suspension_months")
        return cls(
            suspend_at=law.staff.suspend_at.value,
            terminate_at=law.staff.terminate_at.value,
            suspend_min=law.staff.suspend_min.value,
            suspend_max=law.staff.suspend_max.value,
            ban_cumulative=law.staff.ban_cumulative.value,
            ban_single=law.staff.ban_single.value,
            months={int(r.key): r.extra["months"] for r in rows},
            stays=frozenset(int(r.key) for r in rows if not r.extra["lengthens"]),
            suspend_basis=law.staff.suspend_at.basis,
            revoke_basis=law.staff.terminate_at.basis,
        )

    def suspension_months(self, total: int) -> int:
        """What the total's row says, within the statutory range."""
        months = self.months.get(self.row(total), self.suspend_min)
        return min(max(months, self.suspend_min), self.suspend_max)

    def row(self, total: int) -> int:
        """The row of the total, or the nearest one below it; 0 where there is none."""
        return max((points for points in self.months if points <= total), default=0)


@dataclass(frozen=True)
class Suspend:
    """`prolongs`: already suspended at a lower total of the same year; the longer term replaces the shorter."""

    months: int
    basis: str
    total: int
    prolongs: bool = False


@dataclass(frozen=True)
class Revoke:
    """`how`: reached by adding up (cumulative) or by one decision alone (single), which bars for longer."""

    bar_months: int
    basis: str
    how: Literal["single", "cumulative"]
    total: int


def legal_day(moment: date | datetime) -> date:
    """The date in Asia/Shanghai. A naive instant is a programming error: it belongs to no day."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("an instant without time zone has no legal day")
    return moment.astimezone(SHANGHAI).date()


def year_total(entries: Iterable[Entry], day: date | datetime) -> int:
    """Points of the calendar year of `day`, entries decided up to that day; never below nothing."""
    last = legal_day(day)
    days = ((legal_day(entry.decided_on), entry.points) for entry in entries)
    return max(0, sum(points for on, points in days if on.year == last.year and on <= last))


def crossing(before: Iterable[Entry], entry: Entry, law: PointsLaw) -> Suspend | Revoke | None:
    """The measure this entry brings on top of those confirmed before it, or None.

    A threshold crossed before is not crossed again, with two exceptions that weigh more than what
    already runs: a total that lengthens the suspension, and revocation by one decision alone.
    """
    if entry.points <= 0:
        return None
    earlier = _same_year(before, entry)
    old = max(0, sum(e.points for e in earlier))
    total = old + entry.points
    held = max(0, sum(e.points for e in earlier if e.decision == entry.decision))
    if held < law.terminate_at <= held + entry.points:
        return Revoke(law.ban_single, law.revoke_basis, "single", total)
    if total >= law.terminate_at:
        reached = old >= law.terminate_at
        return (
            None if reached else Revoke(law.ban_cumulative, law.revoke_basis, "cumulative", total)
        )
    return _suspension(old, total, law)


def _same_year(before: Iterable[Entry], entry: Entry) -> list[Entry]:
    """All earlier entries of the entry's year, also those dated later in it: the ledger is not in order."""
    year = legal_day(entry.decided_on).year
    return [e for e in before if legal_day(e.decided_on).year == year]


def _suspension(old: int, total: int, law: PointsLaw) -> Suspend | None:
    if total < law.suspend_at:
        return None
    months = law.suspension_months(total)
    prolongs = old >= law.suspend_at
    if prolongs and (law.row(total) in law.stays or months <= law.suspension_months(old)):
        return None
    return Suspend(months, law.suspend_basis, total, prolongs)
