"""Letters on what has to be put right, how it was verified, and what goes to another authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.facts import WrongFact
from documents.letter import FUND_REGULATIONS, Letter
from documents.letter_kind import LetterKind


@dataclass(frozen=True, kw_only=True)
class OrderedItem:
    problem: str
    measure: str
    unit: str = ""
    person: str = ""
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Rectification(Letter):
    institution: str
    rectification_number: str
    source: str
    items: tuple[OrderedItem, ...]
    due_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class VerifiedItem:
    problem: str
    closed: bool
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class RectificationResult(Letter):
    """`passed`: every item is closed out; else `due_on` says until when the rest has to be put right."""

    institution: str
    rectification_number: str
    passed: bool
    submitted_on: date
    items: tuple[VerifiedItem, ...]
    opinion: str
    due_on: date | None = None
    basis: str

    def __post_init__(self) -> None:
        if not self.passed and self.due_on is None:
            raise WrongFact(
                "rectification_result：没有全部通过的，必须写明继续整改的期限（due_on）。"
            )


@dataclass(frozen=True, kw_only=True)
class Paper:
    name: str
    copies: int


@dataclass(frozen=True, kw_only=True)
class Referral(Letter):
    """To another authority. `about_institution`: the institution itself is referred; `persons`: how many people are."""

    institution: str
    institution_code: str
    referral_number: str
    case_number: str
    facts_text: str
    about_institution: bool
    persons: int
    materials: tuple[Paper, ...]
    receipt_due_on: date
    basis: str

    @property
    def subject(self) -> str:
        people = f"相关人员{self.persons}名" if self.persons else ""
        return "和".join(filter(None, [self.institution if self.about_institution else "", people]))


KINDS = (
    LetterKind(
        "rectification", "D13", "整改通知书", "改", Rectification, f"{FUND_REGULATIONS}第十三条"
    ),
    LetterKind(
        "rectification_result",
        "D13",
        "整改验收意见书",
        "改验",
        RectificationResult,
        f"{FUND_REGULATIONS}第十三条",
    ),
    LetterKind(
        "referral",
        "D28",
        "移送函",
        "移",
        Referral,
        f"{FUND_REGULATIONS}第二十二条",
        head_suffix="文件",
    ),
)
