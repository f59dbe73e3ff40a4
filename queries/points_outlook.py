"""What a correction would change, and how much of a year may still be restored: in sentences and figures for pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models import Practitioner, Reversal
from queries import appeals, points_ledger, practitioners, qualification_measures
from rules import points_causes
from rules.qualification import Status
from scoring import points_settlement
from scoring.points_ledger import EntryKind, Line


@dataclass(frozen=True)
class Room:
    """How far a year's account may still be restored. `confidence` of the local rule is shown beside it."""

    total: int
    restored: int
    waiting: int
    most: int
    each: int
    revoked: bool
    basis: str
    confidence: str

    @property
    def left(self) -> int:
        return 0 if self.revoked else min(self.most - self.restored, self.total) - self.waiting


def room(person: Practitioner, on: date) -> Room:
    limit = points_causes.limit(on)
    return Room(
        total=points_ledger.balance(person.id, on.year),
        restored=points_ledger.restored(person.id, on.year),
        waiting=appeals.restoration_points_waiting(person.id, on.year),
        most=limit.most,
        each=limit.each,
        revoked=practitioners.status(person, on).status is Status.REVOKED,
        basis=limit.basis,
        confidence=limit.confidence,
    )


def cause(key: str, on: date) -> str:
    """The cause in words."""
    return points_causes.cause(key, on).label


def of_reversal(reversal: Reversal, on: date) -> list[str]:
    """What confirming the correction would do, before it is done."""
    deduction, row = reversal.deduction, points_causes.cause(reversal.cause, on)
    was = points_ledger.balance(deduction.practitioner_id, deduction.year)
    now = max(0, was - deduction.points + (reversal.points or 0))
    said = [f"{deduction.year} 年累计由 {was} 分变为 {now} 分，台账以新的记录冲销，原记录保留"]
    done = _settlement(reversal, on)
    rows = {one.id: one for one in qualification_measures.measures(deduction.practitioner_id)}
    for key in done.silenced:
        past = "自始不作为不予结算的依据" if row.extra["annuls"] else "此前的执行仍然有效"
        said.append(f"{rows[key].kind.label}（{rows[key].from_on} 起）不再执行，{past}")
    for term in done.imposed:
        what = "终止医保支付资格，不得登记至" if term.revokes else "暂停医保支付资格至"
        said.append(f"按更正后的台账{what} {term.end}")
    return said


def _settlement(reversal: Reversal, on: date) -> points_settlement.Settlement:
    deduction = reversal.deduction
    given = points_ledger.prospective(deduction, on)
    back = replace(given, kind=EntryKind.REVERSE, points=-deduction.points, replaces=0)
    anew: list[Line] = []
    if reversal.points is not None:
        anew = [replace(given, points=reversal.points, deduction=-1, replaces=deduction.id)]
    known = points_ledger.lines(deduction.practitioner_id)
    measures = qualification_measures.measures(deduction.practitioner_id)
    return points_settlement.settle(
        [*known, *anew, back],
        [points_ledger.recorded(one) for one in measures],
        points_ledger.registered_from(deduction.practitioner_id),
        on,
    )
