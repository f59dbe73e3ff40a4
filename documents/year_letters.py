"""Letters of the money of a year: retention given back, the annual settlement, prepayment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import formatting
from documents.facts import Figure, WrongFact
from documents.letter import MEDICAL_ORDER, PHARMACY_ORDER, Letter
from documents.letter_kind import LetterKind

ASSESSED = f"{PHARMACY_ORDER}第三十四条；{MEDICAL_ORDER}"


@dataclass(frozen=True, kw_only=True)
class RetentionRelease(Letter):
    """Sums in 分. `ground`: score or grade and what the ladder says of it; `follows`: what its paper adds."""

    institution: str
    agreement_number: str
    release_number: str
    year: int
    held: int
    released: int
    kept: int
    percent: Figure
    ground: str
    follows: str = ""
    basis: str

    def __post_init__(self) -> None:
        if self.released + self.kept != self.held:
            raise WrongFact("retention_release：返还与扣除之和应当等于预留金额。")

    def yuan(self, name: str) -> str:
        return formatting.yuan(getattr(self, name))

    @property
    def in_words(self) -> str:
        return formatting.yuan_upper(self.released)


@dataclass(frozen=True, kw_only=True)
class SettlementLine:
    """`to_check`: how it is counted rests on local practice or an assumption."""

    label: str
    amount: int
    formula: str
    basis: str
    to_check: bool

    @property
    def amount_text(self) -> str:
        return formatting.yuan(self.amount)


@dataclass(frozen=True, kw_only=True)
class AnnualSettlement(Letter):
    """`due` in 分; below nothing the institution owes it. `violating_cases`: whose points were taken off.

    `insurance`: whose fund; letters from before years were settled by fund name none.
    """

    institution: str
    agreement_number: str
    settlement_number: str
    year: int
    insurance: str = ""
    method: str
    lines: tuple[SettlementLine, ...]
    violating_cases: int
    due: int
    basis: str

    @property
    def due_text(self) -> str:
        return formatting.yuan(abs(self.due))

    @property
    def in_words(self) -> str:
        return formatting.yuan_upper(abs(self.due))


@dataclass(frozen=True, kw_only=True)
class PrepaymentResult(Letter):
    """`monthly`: the base; sums in 分, 0 where nothing was granted."""

    institution: str
    agreement_number: str
    prepayment_number: str
    requested_on: date
    insurance: str
    purpose: str
    asked: int
    granted: bool
    amount: int
    monthly: int
    opinion: str = ""
    basis: str

    def __post_init__(self) -> None:
        if self.granted != bool(self.amount):
            raise WrongFact("prepayment_result：同意预付的，必须写明金额（amount）。")

    def yuan(self, name: str) -> str:
        return formatting.yuan(getattr(self, name))

    @property
    def in_words(self) -> str:
        return formatting.yuan_upper(self.amount)


KINDS = (
    LetterKind(
        "retention_release", "D31", "质量保证金返还通知书", "保返", RetentionRelease, ASSESSED
    ),
    LetterKind(
        "annual_settlement", "D31", "医疗保障基金年度清算表", "清", AnnualSettlement, ASSESSED
    ),
    LetterKind(
        "prepayment_result",
        "D31",
        "医疗保障基金预付审核结果通知书",
        "预",
        PrepaymentResult,
        "《关于做好医保基金预付工作的通知》（医保办函〔2024〕101号）",
    ),
)
