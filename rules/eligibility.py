"""May a service of this day be paid by the fund? From dated facts alone: agreements, holds, registrations.

The service day counts, never the day of the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from regulations.law import NotInForce
from rules.standing import AgreementFacts, Standing, Word, of_institution, standing

TERMINATION = "institution_termination"
COVERING = (Word.IN_FORCE, Word.SUSPENDED)
PRACTITIONER_SOURCE = (
    "《关于建立定点医药机构相关人员医保支付资格管理制度的指导意见》（医保发〔2024〕23号）"
)


@dataclass(frozen=True)
class Stop:
    """Costs of these service days are not settled. `code` names the measure for machines."""

    code: str
    source: str
    basis: str
    from_on: date
    to_on: date | None
    emergency_exempt: bool = False

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class Facts:
    """`registered`: is the practitioner on file at the institution that day; None when nobody is asked for.

    `revoked_here`: the filing was ended by a revocation that still speaks, which leaves emergency and rescue payable.
    """

    family: str
    agreements: Sequence[AgreementFacts]
    stops: Sequence[Stop]
    registered: bool | None = None
    revoked_here: bool = False


@dataclass(frozen=True)
class Reason:
    code: str
    article: str
    from_on: date | None = None
    to_on: date | None = None


NOT_REGISTERED = Reason("not_registered", PRACTITIONER_SOURCE)


@dataclass(frozen=True)
class Verdict:
    payable: bool
    reasons: tuple[Reason, ...]


def judge(facts: Facts, day: date, *, emergency: bool = False) -> Verdict:
    """Payable when an agreement covers the day and nothing stops it. Every reason is listed, not only the first.

    A suspension stops through its hold, so that a suspension whose decided period is over no longer does.
    """
    covering = [one for one in facts.agreements if standing(one, day).word in COVERING]
    reasons = [] if covering else [_no_agreement(facts, day)]
    reasons += stopped(facts.stops, day, emergency=emergency, covering=covering)
    if facts.registered is False and not (emergency and facts.revoked_here):
        reasons.append(NOT_REGISTERED)
    return Verdict(not reasons, tuple(reasons))


def stopped(
    stops: Iterable[Stop],
    day: date,
    *,
    emergency: bool = False,
    covering: Sequence[AgreementFacts] = (),
) -> list[Reason]:
    """The reasons among these stops. `covering`: the agreements of the day, of which a later one outlives a stop."""
    return [
        Reason(stop.code, stop.basis, stop.from_on, stop.to_on)
        for stop in stops
        if stop.covers(day)
        and not (emergency and stop.emergency_exempt)
        and not _outlived(stop, covering)
    ]


def _outlived(stop: Stop, covering: Sequence[AgreementFacts]) -> bool:
    """A termination stops everything after it, until the institution is designated anew by a later agreement."""
    signed = [one.agency_signed_on for one in covering if one.agency_signed_on]
    return stop.code == TERMINATION and any(day > stop.from_on for day in signed)


def _no_agreement(facts: Facts, day: date) -> Reason:
    """Says how the institution stands instead, and since when."""
    stands: Standing = of_institution(facts.agreements, day)
    article = _article(facts.family, day)
    return Reason(f"agreement_{stands.word}", article, stands.since, stands.until)


def _article(family: str, day: date) -> str:
    """The article on the term of agreements; none before the orders were in force."""
    try:
        return str(regulations.at(day, family).agreement.term.basis)
    except NotInForce:
        return ""
