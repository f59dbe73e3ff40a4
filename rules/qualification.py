"""医保支付资格: what the dated measures say about a person on a day (医保发〔2024〕23号). Pure.

Nothing here is stored as a status: a measure speaks from its first day, a suspension up to and including its last,
a revocation until the person is registered anew after the bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rules.clocks import add_months
from rules.words import Labelled


class Status(Labelled):
    NORMAL = "normal", "正常"
    SUSPENDED = "suspended", "暂停"
    REVOKED = "revoked", "终止"


@dataclass(frozen=True)
class Measure:
    """A suspension has `until`, a revocation `bar_until`; both days belong to the period.

    `on_application`: its end has to be applied for; until `reinstated_on` a suspension goes on after its last day,
    and after a revocation nobody is registered anew.
    """

    from_on: date
    until: date | None
    bar_until: date | None
    superseded_on: date | None
    total: int
    basis: str
    on_application: bool = False
    reinstated_on: date | None = None

    def awaits(self, day: date) -> bool:
        """It ends on application, and nobody has agreed by that day."""
        return self.on_application and (self.reinstated_on is None or day < self.reinstated_on)

    def speaks_on(self, day: date) -> bool:
        """In effect on the day, looking at the measure alone. A superseded one is silent from that day on."""
        replaced = self.superseded_on is not None and self.superseded_on <= day
        over = self.until is not None and self.until < day and not self.awaits(day)
        return self.from_on <= day and not replaced and not over


@dataclass(frozen=True)
class Standing:
    """`until`: last day of the suspension, or last day on which the person may not be registered anew.

    `awaits`: after that day it still has to be applied for; the ledger alone does not know, nor does comparing.
    """

    status: Status
    since: date | None = None
    until: date | None = None
    basis: str = ""
    awaits: bool = field(default=False, compare=False)

    @property
    def light(self) -> str:
        return {Status.NORMAL: "ok", Status.SUSPENDED: "due", Status.REVOKED: "over"}[self.status]


def standing(measures: Iterable[Measure], registered_from: Iterable[date], day: date) -> Standing:
    """The status on a day. Of several suspensions the one that ends last counts; a revocation outweighs all.

    `registered_from`: the first days of the person's registrations. One that begins after the bar ends the revocation.
    """
    speaking = [measure for measure in measures if measure.speaks_on(day)]
    begun = [first for first in registered_from if first <= day]
    revoked = [(m.bar_until, m) for m in speaking if m.bar_until and not _anew(m.bar_until, begun)]
    if revoked:
        until, measure = max(revoked, key=_end)
        waits = any(one.awaits(day) for _until, one in revoked)
        return Standing(Status.REVOKED, measure.from_on, until, measure.basis, waits)
    suspended = [(m.until, m) for m in speaking if m.until]
    if suspended:
        until, measure = max(suspended, key=_end)
        waits = any(one.awaits(day) for _until, one in suspended)
        return Standing(Status.SUSPENDED, measure.from_on, until, measure.basis, waits)
    return Standing(Status.NORMAL)


def suspended_until(on: date, months: int, *, running_until: date | None = None) -> date:
    """The last day of a suspension of so many months decided on a day.

    The day of the decision is its first day and not counted. `running_until`: a suspension that is only lengthened
    ends so many months later than it would have; one already over is not lengthened but begins anew.
    """
    return add_months(max(on, running_until or on), months)


def _anew(bar_until: date, registered_from: Iterable[date]) -> bool:
    return any(first > bar_until for first in registered_from)


def _end(ending: tuple[date, Measure]) -> date:
    return ending[0]
