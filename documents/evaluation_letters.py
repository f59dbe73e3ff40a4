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


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """One item of the evaluation, with its article."""

    name: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class SiteEvaluation(Letter):
    """The team will come: which day, what is looked at. Its members are told by specialty only."""

    institution: str
    application_number: str
    visit_on: date
    due_on: date
    round: int
    specialties: tuple[str, ...]
    members: int
    third_party: str = ""
    items: tuple[LookedAt, ...]
    basis: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is missing for the evaluation, and why."""

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Clarification(Letter):
    """What the institution is to supplement while it is being evaluated; that time does not count."""

    institution: str
    application_number: str
    requested_on: date
    items: tuple[Wanted, ...]
    basis: str


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswer(Letter):
    """To whoever raised an objection: what was checked, what was found."""

    objection_number: str
    institution: str
    notice_number: str
    raised_on: date
    text: str
    upheld: bool
    answer: str
    consequence: str
    answered_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One objection as the statement tells it: without a name and without its text."""

    number: str
    raised_on: date
    answered_on: date
    upheld: bool


@dataclass(frozen=True, kw_only=True)
class NoticeStatement(Letter):
    """公示情况说明: how long the notice was up, what was objected, how it ended."""

    addressee: str = ""
    institution: str
    application_number: str
    notice_number: str
    from_on: date
    to_on: date
    channel: str
    paused: tuple[str, ...] = ()
    objections: tuple[Answered, ...] = ()
    conclusion: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Removal(Letter):
    """To the institution: an objection was founded, it is not put on the list of those to be signed with."""

    institution: str
    application_number: str
    notice_number: str
    decided_on: date
    reasons: str
    consequence: str
    basis: str
