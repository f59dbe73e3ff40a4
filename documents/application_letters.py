"""Letters on the way in: acceptance, supplement, decline, evaluation result, public notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.facts import WrongFact
from documents.letter import Letter, in_order


@dataclass(frozen=True, kw_only=True)
class Acceptance(Letter):
    institution: str
    application_number: str
    kind_label: str
    received_on: date
    accepted_on: date
    evaluation_due_on: date
    basis: str
    due_explain: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MissingItem:
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Supplement(Letter):
    """`again_reason`: why a second notice goes out although the law knows only one."""

    institution: str
    application_number: str
    received_on: date
    items: tuple[MissingItem, ...]
    basis: str
    again_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclineGround:
    text: str
    basis: str
    until: date | None = None
    cure: str = ""


@dataclass(frozen=True, kw_only=True)
class Decline(Letter):
    institution: str
    application_number: str
    grounds: tuple[DeclineGround, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluatedItem:
    name: str
    basis: str
    passed: bool
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """An evaluator stays unnamed towards the institution."""

    specialty: str


@dataclass(frozen=True, kw_only=True)
class EvaluationResult(Letter):
    """`retry_on`: earliest day of the next evaluation, or `retry_rule` while it hangs on the service of this letter.

    `barred_until`: bar after a second failure.
    """

    institution: str
    application_number: str
    passed: bool
    evaluated_on: date
    items: tuple[EvaluatedItem, ...]
    members: tuple[TeamMember, ...]
    basis: str
    reasons: str = ""
    advice: str = ""
    retry_on: date | None = None
    barred_until: date | None = None
    retry_rule: str = ""

    def __post_init__(self) -> None:
        if not self.passed and not (self.reasons and self.advice):
            raise WrongFact(
                "evaluation_result：评估不合格的，必须写明理由（reasons）和整改建议（advice）。"
            )


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    name: str
    kind_label: str
    address: str


@dataclass(frozen=True, kw_only=True)
class PublicNotice(Letter):
    addressee: str = ""
    subject: str
    rows: tuple[NoticeRow, ...]
    from_on: date
    to_on: date
    channel: str
    basis: str

    def __post_init__(self) -> None:
        in_order("public_notice", self.from_on, self.to_on)
