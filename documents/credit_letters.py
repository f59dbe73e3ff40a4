"""Letters of credit: notice of the intended grades, objections to a grade, corrected, changed and restored grades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.conduct_letters import Grade
from documents.facts import Figure, WrongFact
from documents.letter import FUND_REGULATIONS, Letter, in_order
from documents.letter_kind import LetterKind

BASIS = f"{FUND_REGULATIONS}第三十三条"


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    name: str
    kind_label: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class CreditNotice(Letter):
    addressee: str = ""
    cycle: str
    scheme: str
    rows: tuple[NoticeRow, ...]
    from_on: date
    to_on: date
    channel: str
    basis: str

    def __post_init__(self) -> None:
        in_order("credit_notice", self.from_on, self.to_on)


@dataclass(frozen=True, kw_only=True)
class GradeCorrection(Grade):
    """The corrected result whole, with what it was before and why."""

    before_score: Figure
    before_grade: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ToSubject(Letter):
    """To an institution, or through one to a person."""

    personal: bool = False

    @property
    def you(self) -> str:
        return "你" if self.personal else super().you


@dataclass(frozen=True, kw_only=True)
class RatingObjectionReceipt(ToSubject):
    institution: str
    cycle: str
    objection_number: str
    raised_on: date
    grade: str
    answer_due_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class RatingObjectionExtension(RatingObjectionReceipt):
    """Others have to check: the answer comes by another day than the receipt said."""

    assisted_by: str
    matter: str
    before_due_on: date

    def __post_init__(self) -> None:
        in_order("rating_objection_extension", self.before_due_on, self.answer_due_on)


@dataclass(frozen=True, kw_only=True)
class RatingObjectionDecline(ToSubject):
    institution: str
    cycle: str
    objection_number: str
    raised_on: date
    grade: str
    outcome: str
    opinion: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class CorrectedFact:
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RatingObjectionResult(ToSubject):
    """Also the answer to somebody of the public, then addressed to that person."""

    institution: str
    cycle: str
    objection_number: str
    raised_on: date
    grade: str
    outcome: str
    opinion: str
    corrections: tuple[CorrectedFact, ...] = ()
    basis: str


@dataclass(frozen=True, kw_only=True)
class GradeChange(ToSubject):
    institution: str
    cycle: str
    change_number: str
    before: str
    after: str
    reason: str
    from_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class CreditRestoration(GradeChange):
    """`granted`: otherwise the grade stays, and `reason` says why.

    `corrected`: the grade that a correction put in the place of the one applied for; then there is nothing to restore.
    """

    requested_on: date
    granted: bool
    corrected: str = ""

    def __post_init__(self) -> None:
        if self.granted == (self.before == self.after):
            raise WrongFact("credit_restoration：同意修复的，修复前后的等级必须不同。")


KINDS = (
    LetterKind(
        "credit_notice", "D07", "医疗保障信用等级公示", "信示", CreditNotice, BASIS, "文件"
    ),
    LetterKind(
        "grade_correction", "D24", "医疗保障信用等级更正告知书", "信更", GradeCorrection, BASIS
    ),
    LetterKind(
        "rating_objection_receipt", "D25", "医疗保障信用异议受理通知书", "信受",
        RatingObjectionReceipt, BASIS,
    ),
    LetterKind(
        "rating_objection_extension", "D25", "医疗保障信用异议延期答复告知书", "信延",
        RatingObjectionExtension, BASIS,
    ),
    LetterKind(
        "rating_objection_decline", "D25", "医疗保障信用异议不予受理通知书", "信不",
        RatingObjectionDecline, BASIS,
    ),
    LetterKind(
        "rating_objection_result", "D25", "医疗保障信用异议处理结果告知书", "信异",
        RatingObjectionResult, BASIS,
    ),
    LetterKind(
        "rating_objection_answer", "D25", "医疗保障信用公示异议答复书", "信答",
        RatingObjectionResult, BASIS,
    ),
    LetterKind("grade_change", "D24", "医疗保障信用等级变动告知书", "信变", GradeChange, BASIS),
    LetterKind(
        "credit_restoration", "D24", "医疗保障信用修复决定书", "信修", CreditRestoration, BASIS
    ),
)  # fmt: skip
