"""Letters of evaluation and public notice beyond the result itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.facts import WrongFact
from documents.letter import Letter


@dataclass(frozen=True, kw_only=True)
class FilingResult(Letter):
    """The result as it is filed with the administrative side; members stay unnamed, their specialties are told."""

    institution: str
    kind_label: str
    address: str = ""
    application_number: str
    accepted_on: date
    round: int
    form: str
    specialties: tuple[str, ...]
    members: int
    evaluated_on: date
    passed: bool
    failing: tuple[str, ...] = ()
    reasons: str = ""
    result_number: str
    basis: str

    def __post_init__(self) -> None:
        if not self.passed and not (self.failing and self.reasons):
            raise WrongFact("filing_result：评估不合格的，必须写明不符合的项目和理由。")
