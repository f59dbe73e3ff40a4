"""Renewal: the notice that it is agreed, the notice that it is not, and the end of a pharmacy's term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.letter import Letter, in_order


@dataclass(frozen=True, kw_only=True)
class RenewalNotice(Letter):
    institution: str
    agreement_number: str
    term_to: date
    next_number: str
    next_from: date
    next_to: date
    basis: str

    def __post_init__(self) -> None:
        in_order("renewal_notice", self.next_from, self.next_to)


@dataclass(frozen=True, kw_only=True)
class NonRenewal(Letter):
    """`ended_on`: the first day without an agreement. The kind's own word for the end is in the template."""

    institution: str
    agreement_number: str
    term_to: date
    ended_on: date
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class TermEnd(Letter):
    institution: str
    agreement_number: str
    term_to: date
    ended_on: date
    reason: str
    basis: str
