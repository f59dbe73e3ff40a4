"""Letters on what becomes of points: correction, appeal, restoration, and the way back to the qualification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.facts import WrongFact
from documents.letter import QUALIFICATION_OPINION, Letter
from documents.letter_kind import LetterKind


@dataclass(frozen=True, kw_only=True)
class PointsCorrection(Letter):
    """`instead`: points given in the place of those taken back, 0 for none; `total`: of the year afterwards."""

    practitioner: str
    practitioner_code: str
    institution: str
    deduction_number: str
    decided_on: date
    points: int
    instead: int
    instead_text: str = ""
    cause: str
    reason: str
    year: int
    total: int
    annuls: bool
    basis: str

    def __post_init__(self) -> None:
        if self.instead and not self.instead_text:
            raise WrongFact("points_correction：重新记分的，必须写明情形（instead_text）。")


@dataclass(frozen=True, kw_only=True)
class AppealReceipt(Letter):
    """`held`: the effect of the points stands still until the decision."""

    practitioner: str
    practitioner_code: str
    institution: str
    appeal_number: str
    deduction_number: str
    points: int
    year: int
    lodged_on: date
    held: bool
    basis: str


@dataclass(frozen=True, kw_only=True)
class AppealResult(Letter):
    """`instead`: what the points were corrected to, 0 where they were upheld or revoked."""

    practitioner: str
    practitioner_code: str
    institution: str
    appeal_number: str
    deduction_number: str
    points: int
    year: int
    lodged_on: date
    explained_on: date
    outcome: Literal["uphold", "correct", "revoke"]
    instead: int
    opinion: str
    held: bool
    total: int
    basis: str

    def __post_init__(self) -> None:
        if (self.outcome == "correct") != bool(self.instead):
            raise WrongFact("appeal_result：更正分值的，必须写明更正后的分值（instead）。")


@dataclass(frozen=True, kw_only=True)
class RestorationResult(Letter):
    practitioner: str
    practitioner_code: str
    institution: str
    restoration_number: str
    activity: str
    organiser: str
    took_part_on: date
    points: int
    year: int
    total: int
    adjusts: bool
    basis: str


@dataclass(frozen=True, kw_only=True)
class ReinstatementResult(Letter):
    """`revoked`: agreed to means that the person may be registered anew. `other`: what stands all the same."""

    practitioner: str
    practitioner_code: str
    institution: str
    reinstatement_number: str
    requested_on: date
    agreed: bool
    revoked: bool
    from_on: date | None = None
    opinion: str
    other: str = ""
    basis: str

    def __post_init__(self) -> None:
        if self.agreed != (self.from_on is not None):
            raise WrongFact("reinstatement_result：同意恢复的，必须写明恢复的日期（from_on）。")


POINTS_KINDS = (
    LetterKind(
        "points_correction", "D22", "医疗保障支付资格记分更正告知书", "记更", PointsCorrection,
        QUALIFICATION_OPINION,
    ),
    LetterKind(
        "appeal_receipt", "D25", "医疗保障支付资格记分申诉受理通知书", "诉受", AppealReceipt,
        QUALIFICATION_OPINION,
    ),
    LetterKind(
        "appeal_result", "D25", "医疗保障支付资格记分申诉处理结果告知书", "诉", AppealResult,
        QUALIFICATION_OPINION,
    ),
    LetterKind(
        "restoration_result", "D22", "医疗保障支付资格记分修复告知书", "记修", RestorationResult,
        QUALIFICATION_OPINION,
    ),
    LetterKind(
        "reinstatement_result", "D23", "恢复医疗保障支付资格申请审核结果告知书", "恢", ReinstatementResult,
        QUALIFICATION_OPINION,
    ),
)  # fmt: skip
