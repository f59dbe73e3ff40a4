"""The agreement and what happens to it: views, suspension, resumption, lapse, termination, report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.facts import Figure
from documents.letter import Letter, in_order

MEASURES = {
    "suspension": "中止",
    "suspend": "中止",
    "termination": "解除",
    "terminate": "解除",
    "resumption": "恢复",
    "resume": "恢复",
    "lapse": "终止",
    "expire": "终止",
}


@dataclass(frozen=True, kw_only=True)
class Clause:
    number: Figure
    text: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True)
class Agreement(Letter):
    """Signers and their days stay empty in the unsigned draft; then no seal is drawn.

    `institution_sealed_by`: the certificate by whose key the institution signs the file after the agency; its place is
    left free then.
    """

    addressee: str = ""
    signer: str = ""
    institution: str
    form: str = ""
    agreement_number: str
    parent_number: str = ""
    uscc: str
    code: str
    address: str
    term_from: date
    term_to: date
    chapters: tuple[Chapter, ...]
    institution_signer: str = ""
    institution_capacity: str = ""
    institution_mandate: str = ""
    institution_signed_on: date | None = None
    agency_signer: str = ""
    agency_mandate: str = ""
    agency_signed_on: date | None = None
    institution_sealed_by: str = ""

    def __post_init__(self) -> None:
        in_order("agreement", self.term_from, self.term_to)


@dataclass(frozen=True, kw_only=True)
class Views(Letter):
    """`found`: the findings with their sums, line by line; letters of before have them in `facts_text`."""

    institution: str
    facts_text: str
    found: str = ""
    basis: str
    planned: str
    views_due_on: date
    objection_route: str = ""


@dataclass(frozen=True, kw_only=True)
class Suspension(Letter):
    institution: str
    agreement_number: str
    ground_text: str
    basis: str
    facts_text: str
    from_on: date
    to_on: date | None = None
    rectification: str = ""
    resume_route: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.to_on:
            in_order("suspension", self.from_on, self.to_on)


@dataclass(frozen=True, kw_only=True)
class Resumption(Letter):
    institution: str
    agreement_number: str
    from_on: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class Lapse(Letter):
    institution: str
    agreement_number: str
    ended_on: date
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class TerminationBan:
    text: str
    basis: str
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Termination(Letter):
    institution: str
    agreement_number: str
    ground_text: str
    basis: str
    facts_text: str
    effective_on: date
    bans: tuple[TerminationBan, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Report(Letter):
    """To the bureau. `measure`: what was decided, in words (中止医保服务协议) or one of MEASURES."""

    institution: str
    agreement_number: str
    measure: str
    decided_on: date
    ground_text: str
    basis: str

    @property
    def verb(self) -> str:
        return MEASURES.get(self.measure, self.measure)
