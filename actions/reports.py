"""报告 to the administrative side of the same level whenever an agreement is suspended or terminated (令3 Art 46)."""

from __future__ import annotations

from datetime import date

from actions import filings, letters, statutory_clocks
from models import Document, Suspension, Termination
from rules.filings import FilingKind
from rules.permissions import Actor


def file(decision: Suspension | Termination, measure: str, *, actor: Actor, on: date) -> Document:
    """Report a decision at once, and put it into the bureau's queue. `measure`: suspension, termination.

    The clock of the report runs until the letter is served or the bureau confirms.
    """
    institution = decision.institution
    document = letters.issue(
        "report",
        decision,
        institution,
        actor=actor,
        on=on,
        addressee=letters.bureau(),
        institution=institution.name,
        agreement_number=decision.agreement.number,
        measure=measure,
        decided_on=decision.decided_on,
        ground_text=decision.ground_text,
        basis=decision.basis,
    )
    summary = f"{decision.agreement.number}：{decision.ground_text}"
    filings.file(
        decision, FilingKind(measure), actor=actor, on=on, document=document, summary=summary
    )
    statutory_clocks.start(decision, filings.REPORT, on=on)
    return document


def served(document: Document, *, on: date) -> None:
    """The report reached the bureau."""
    filings.arrived(document.subject, document.subject_id, on=on)
