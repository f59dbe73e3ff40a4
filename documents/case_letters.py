"""Letters of the measures below the agreement: denial, recovery, damages, hold on settlement, staff or department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import formatting
from documents.facts import Figure
from documents.letter import FUND_REGULATIONS, MEDICAL_ORDER, PHARMACY_ORDER, Letter, in_order
from documents.letter_kind import LetterKind

LADDER = f"{PHARMACY_ORDER}第三十五条；{MEDICAL_ORDER}第三十八条；{FUND_REGULATIONS}第十三条"


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One finding. `amount` in 分; nothing where nothing was charged."""

    label: str
    records: int
    amount: int

    @property
    def amount_text(self) -> str:
        return formatting.yuan(self.amount) if self.amount else "—"


@dataclass(frozen=True, kw_only=True)
class CaseLetter(Letter):
    """What every decision of the ladder says. `case_number`: under which the file can be asked for."""

    institution: str
    case_number: str
    facts_text: str
    basis: str
    remedy: str
    lines: tuple[CaseLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Claim(CaseLetter):
    """A letter about money. `amount` in 分."""

    amount: int

    @property
    def sum_text(self) -> str:
        return f"{formatting.yuan(self.amount)}元"

    @property
    def sum_in_words(self) -> str:
        return formatting.yuan_upper(self.amount)


@dataclass(frozen=True, kw_only=True)
class Denial(Claim):
    """Costs not paid out yet that the fund does not pay."""


@dataclass(frozen=True, kw_only=True)
class Recovery(Claim):
    """`days`: working days from service for paying back; `account`: where the money goes, with its article.

    `bank`: name, bank and number of that account, if the agency has set them.
    """

    paid_on: date
    days: Figure
    account: str
    account_basis: str
    bank: str = ""


@dataclass(frozen=True, kw_only=True)
class Damages(Claim):
    agreement_number: str
    clause: str
    formula: str
    days: Figure
    account: str
    bank: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentHold(CaseLetter):
    from_on: date
    to_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on:
            in_order("payment_hold", self.from_on, self.to_on)


@dataclass(frozen=True, kw_only=True)
class StaffSuspension(CaseLetter):
    """`whom`: the practitioner with code, or the department."""

    whom: str
    is_person: bool
    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        in_order("staff_suspension", self.from_on, self.to_on)


KINDS = (
    LetterKind("denial", "D14", "医疗保障费用不予支付通知书", "拒", Denial, LADDER),
    LetterKind("recovery", "D15", "违规医疗保障费用追回通知书", "追", Recovery, LADDER),
    LetterKind("damages", "D16", "支付违约金通知书", "违", Damages, LADDER),
    LetterKind("payment_hold", "D17", "暂停医疗保障费用结算通知书", "停结", PaymentHold, LADDER),
    LetterKind(
        "staff_suspension",
        "D18",
        "中止责任人员（部门）医药服务通知书",
        "停服",
        StaffSuspension,
        LADDER,
    ),
)
