"""The end of a term: not renewed means 终止 for medical institutions and 解除 without any ban for pharmacies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.lifecycle import AgreementState


@dataclass(frozen=True)
class TermEnd:
    """`on`: the first day without an agreement."""

    on: date
    why: str
    basis: str


def is_over(state: AgreementState, term_to: date, day: date) -> bool:
    """A suspended agreement is judged when its suspension ends, not before (令3 Art 39, 令2 Art 42)."""
    return state == AgreementState.CONCLUDED and term_to < day


def of_term(family: str, term_to: date, *, followed: bool) -> TermEnd:
    """Why an agreement whose term is over has ended, by the law of its last day."""
    rows = regulations.at(term_to, family).table("end_reasons")
    row = next(row for row in rows if row.key.endswith("not_renewed"))
    why = (
        "协议期限届满，后续协议已经签订"
        if followed
        else "协议期限届满，没有续签，不因此产生申请限制"
    )
    return TermEnd(term_to + timedelta(days=1), why, row.basis)
