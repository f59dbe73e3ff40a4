"""Letters on conduct: points and payment qualification of a person, grade of an institution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.facts import Figure, WrongFact
from documents.letter import Letter

NOT_SAID = Figure("")


@dataclass(frozen=True, kw_only=True)
class Points(Letter):
    """`objection_days`: working days from service; `objection_due_on`: the last of them if served when issued.

    `item_text`: the item of the list that the act falls under; letters of before have it in `act_text`.
    """

    practitioner: str
    practitioner_code: str
    institution: str
    act_text: str
    item_text: str = ""
    band: Figure
    responsibility: str
    conduct_on: date
    decided_on: date
    points: int
    year: int
    total: int
    objection_days: Figure = NOT_SAID
    objection_due_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class Qualification(Letter):
    practitioner: str
    practitioner_code: str
    institution: str
    measure: Literal["suspend", "revoke", "reinstate"]
    from_on: date
    basis: str
    until: date | None = None
    bar_until: date | None = None
    total: int
    ground: str = ""
    past: str = ""
    on_application: bool = False

    def __post_init__(self) -> None:
        if self.measure == "suspend" and not self.until:
            raise WrongFact("qualification：暂停支付资格必须写明截止日（until）。")
        if self.measure == "revoke" and not self.bar_until:
            raise WrongFact(
                "qualification：终止支付资格必须写明不得重新登记备案的截止日（bar_until）。"
            )


@dataclass(frozen=True, kw_only=True)
class GradeRecord:
    number: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class GradeLine:
    """`evidence`: the records on which a line rests that cost points."""

    name: str
    raw: Figure
    points: Figure
    basis: str
    evidence: tuple[GradeRecord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grade(Letter):
    """`objection_days`: working days from service; `objection_due_on`: the last of them if served when issued."""

    institution: str
    cycle: Figure
    scheme: str
    score: Figure
    grade: str
    lines: tuple[GradeLine, ...]
    uses: tuple[str, ...] = ()
    objection_days: Figure = NOT_SAID
    objection_due_on: date | None = None
    basis: str
    personal: bool = False

    @property
    def you(self) -> str:
        return "你" if self.personal else super().you
