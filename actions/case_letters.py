"""What a case tells the institution: the intended measures before the decision, a letter for each of them after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import letters
from documents.case_letters import CaseLine
from models import Agreement, CaseMeasure, Document, Violation
from queries import case_measures as ask
from rules import findings, ladder, measures
from rules.ladder import Step
from rules.permissions import Actor

KINDS = {
    Step.DENY: "denial",
    Step.RECOVER: "recovery",
    Step.DAMAGES: "damages",
    Step.HOLD_PAYMENT: "payment_hold",
    Step.SUSPEND_STAFF: "staff_suspension",
}


def notice(violation: Violation, *, actor: Actor, on: date, views_due_on: date) -> Document:
    """处理意见告知书: facts with findings, every basis, every intended measure, and the day for views."""
    institution = violation.institution
    return letters.issue(
        "views",
        violation,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        facts_text=violation.facts_text,
        found=_found(violation),
        basis=ask.basis(violation),
        planned=ask.planned(violation),
        views_due_on=views_due_on,
    )


def _found(violation: Violation) -> str:
    return findings.said(
        (row.label, row.text, row.records, row.amount) for row in violation.findings
    )


def decision(row: CaseMeasure, agreement: Agreement, *, actor: Actor, on: date) -> None:
    """The letter of one decided measure; a talk has its own notice."""
    kind = KINDS.get(row.step)
    if kind is None:
        return
    violation, institution = row.violation, row.institution
    family = institution.kind.family
    row.document = letters.issue(
        kind,
        row,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        case_number=violation.number,
        facts_text=violation.facts_text,
        basis=row.basis,
        remedy=measures.remedy(on, family),
        lines=_lines(violation) if row.step in ladder.MONEY else (),
        **_special(row, agreement, on),
    )


def _lines(violation: Violation) -> tuple[CaseLine, ...]:
    return tuple(
        CaseLine(label=row.label, records=row.records, amount=row.amount)
        for row in violation.findings
    )


def _special(row: CaseMeasure, agreement: Agreement, on: date) -> dict[str, Any]:
    """What only this kind of letter says."""
    if row.step in ladder.TIMED:
        return _period(row)
    special: dict[str, Any] = {"amount": row.amount}
    if row.step in ladder.OWED:
        where = ladder.destination(row.step, on)
        days = regulations.at(on, row.institution.kind.family).repay.due.value
        bank = letters.head().accounts.get(str(where.extra["destination"]), "")
        special |= {"days": days, "account": where.label, "bank": bank}
    if row.step is Step.RECOVER:
        special |= {"paid_on": row.paid_on, "account_basis": where.basis}
    if row.step is Step.DAMAGES:
        special |= {"clause": row.clause, "formula": row.formula}
        special["agreement_number"] = agreement.number
    return special


def _period(row: CaseMeasure) -> dict[str, Any]:
    special: dict[str, Any] = {"from_on": row.from_on, "to_on": row.to_on}
    if row.step is Step.SUSPEND_STAFF:
        person = row.practitioner
        special["is_person"] = person is not None
        special["whom"] = f"{person.name}（{person.code}）" if person else row.subject_text
    return special
