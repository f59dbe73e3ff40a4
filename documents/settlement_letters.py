"""Letters of a month's settlement: what is not paid, the answer to objections, the sheet, the transfer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import formatting
from documents.facts import Figure
from documents.letter import FUND_REGULATIONS, MEDICAL_ORDER, PHARMACY_ORDER, Letter
from documents.letter_kind import LetterKind

DENYING = f"{PHARMACY_ORDER}第三十条；{MEDICAL_ORDER}；{FUND_REGULATIONS}第十三条"
PAYING = f"{PHARMACY_ORDER}第二十九条；{MEDICAL_ORDER}第三十二条"


@dataclass(frozen=True, kw_only=True)
class DeniedLine:
    """`line`: its number in the statement. Amounts in 分."""

    line: int
    voucher: str
    service_date: date
    claimed: int
    denied: int
    reason: str
    basis: str

    @property
    def claimed_text(self) -> str:
        return formatting.yuan(self.claimed)

    @property
    def denied_text(self) -> str:
        return formatting.yuan(self.denied)


@dataclass(frozen=True, kw_only=True)
class MonthLetter(Letter):
    """`month` as people say it; `claimed_total` in 分."""

    institution: str
    statement_number: str
    month: str
    insurance: str
    claimed_on: date
    claimed_total: int
    line_count: int

    @property
    def total_text(self) -> str:
        return formatting.yuan(self.claimed_total)


@dataclass(frozen=True, kw_only=True)
class DenialDetail(MonthLetter):
    """`lines` are the first of `denied_lines`; all of them stand in the portal. `days`: working days for objecting.

    `notice`: the second and later ones tell what was stopped after the one before.
    """

    denied: int
    denied_lines: int
    notice: int = 1
    sampled: int
    basis: str
    days: Figure
    days_basis: str
    lines: tuple[DeniedLine, ...]

    @property
    def denied_text(self) -> str:
        return formatting.yuan(self.denied)

    @property
    def denied_in_words(self) -> str:
        return formatting.yuan_upper(self.denied)

    @property
    def more(self) -> int:
        return self.denied_lines - len(self.lines)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One contested denial. `upheld`: it stands."""

    line: int
    denied: int
    reason: str
    contested: str
    upheld: bool
    answer: str

    @property
    def denied_text(self) -> str:
        return formatting.yuan(self.denied)


@dataclass(frozen=True, kw_only=True)
class DenialAppeal(MonthLetter):
    appealed_on: date
    denied: int
    basis: str
    answers: tuple[Answer, ...]

    @property
    def denied_text(self) -> str:
        return formatting.yuan(self.denied)

    @property
    def denied_in_words(self) -> str:
        return formatting.yuan_upper(self.denied)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One line of the sheet: an account and what it got, in 分."""

    label: str
    amount: int
    note: str = ""

    @property
    def amount_text(self) -> str:
        return formatting.yuan(self.amount)


@dataclass(frozen=True, kw_only=True)
class SettlementSheet(MonthLetter):
    """`parts` add up to the total; `payable` is what is paid now."""

    payable: int
    basis: str
    parts: tuple[Part, ...]

    @property
    def payable_text(self) -> str:
        return formatting.yuan(self.payable)

    @property
    def payable_in_words(self) -> str:
        return formatting.yuan_upper(self.payable)


@dataclass(frozen=True, kw_only=True)
class DisbursementNotice(MonthLetter):
    """`offset`: what was payable and kept back for claims against the institution, in 分 as `amount`."""

    amount: int
    paid_on: date
    voucher: str
    approved_on: date
    basis: str
    offset: int = 0

    @property
    def amount_text(self) -> str:
        return formatting.yuan(self.amount)

    @property
    def offset_text(self) -> str:
        return formatting.yuan(self.offset)

    @property
    def amount_in_words(self) -> str:
        return formatting.yuan_upper(self.amount)


SETTLEMENT_KINDS = (
    LetterKind("denial_detail", "D14", "医疗保障费用拒付明细告知书", "拒明", DenialDetail, DENYING),
    LetterKind("denial_appeal", "D25", "医疗保障费用拒付申诉处理结果告知书", "拒诉", DenialAppeal, DENYING),
    LetterKind("settlement_sheet", "D31", "医疗保障费用结算单", "结", SettlementSheet, PAYING),
    LetterKind("disbursement_notice", "D31", "医疗保障费用拨付通知书", "拨", DisbursementNotice, PAYING),
)  # fmt: skip
