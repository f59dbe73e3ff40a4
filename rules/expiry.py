"""The end of a term.

Renewal sought and not agreed on: the agreement of a medical institution ends by itself (终止, 令2 Art 41), that of a
pharmacy is 解除 (令3 Art 38), which as such bars nobody from applying. Renewal never sought: the term is over, 终止.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.lifecycle import AgreementState

WITHOUT = "协议期限届满，没有续签，不因此产生申请限制"


@dataclass(frozen=True)
class TermEnd:
    """`on`: the first day without an agreement. `dissolved`: it ends by 解除, else by 终止."""

    on: date
    why: str
    basis: str
    row: regulations.Row
    dissolved: bool = False


def is_over(state: AgreementState, term_to: date, day: date) -> bool:
    """A suspended agreement is judged when its suspension ends, not before (令3 Art 39, 令2 Art 42)."""
    return state == AgreementState.CONCLUDED and term_to < day


def of_term(family: str, term_to: date, *, followed: bool, sought: bool = False) -> TermEnd:
    """How and why an agreement whose term is over has ended, by the law of its last day.

    The last day of the term is the last day also when it is a holiday. `sought`: renewal was asked for or organised.
    """
    rows = regulations.at(term_to, family).table("end_reasons")
    row = next(row for row in rows if row.key.endswith("not_renewed"))
    first = term_to + timedelta(days=1)
    if followed:
        return TermEnd(first, "协议期限届满，后续协议已经签订", row.basis, row)
    dissolved = sought and row.extra["outcome"] == "terminate"
    why = f"{row.label}，不因此产生申请限制" if sought else WITHOUT
    return TermEnd(first, why, row.basis, row, dissolved)
