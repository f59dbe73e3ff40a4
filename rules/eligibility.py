"""May a service of this day be paid by the fund? From dated facts alone: agreements, suspensions, holds, registrations.

The service day counts, never the day of the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

TERMINATION = "termination"


@dataclass(frozen=True)
class Term:
    """An agreement signed by both sides. `ended_on`: the first day on which it no longer ran, if it ended early."""

    signed_on: date
    from_on: date
    to_on: date
    ended_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True)
class Stop:
    """Costs of these service days are not settled."""

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
    """`registered`: is the practitioner on file at the institution that day; None when no practitioner is asked for."""

    terms: Sequence[Term]
    stops: Sequence[Stop]
    agreement_basis: str
    registered: bool | None = None
    registration_basis: str = ""


@dataclass(frozen=True)
class Reason:
    code: str
    article: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class Verdict:
    payable: bool
    reasons: tuple[Reason, ...]


def judge(facts: Facts, day: date, *, emergency: bool = False) -> Verdict:
    """Payable when an agreement covers the day and nothing stops it. Every reason is listed, not only the first."""
    term = next((term for term in facts.terms if term.covers(day)), None)
    reasons = [] if term else [_no_agreement(facts, day)]
    reasons += [
        Reason(stop.code, stop.basis, stop.from_on, stop.to_on)
        for stop in facts.stops
        if stop.covers(day)
        and not (emergency and stop.emergency_exempt)
        and not _outlived(stop, term)
    ]
    if facts.registered is False:
        reasons.append(Reason("not_registered", facts.registration_basis, None, None))
    return Verdict(not reasons, tuple(reasons))


def _outlived(stop: Stop, term: Term | None) -> bool:
    """A termination stops everything after it, until the institution is designated anew by a later agreement."""
    return stop.source == TERMINATION and term is not None and term.signed_on > stop.from_on


def _no_agreement(facts: Facts, day: date) -> Reason:
    """Names the last agreement that ended before the day, so that the reader sees since when."""
    past = [term.ended_on or term.to_on for term in facts.terms if term.from_on <= day]
    return Reason("no_agreement", facts.agreement_basis, max(past) if past else None, None)
