"""备案 with the administrative side of the same level: sent by the agency, confirmed by the bureau with its number."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

import regulations
from actions import lifecycle, numbering, statutory_clocks
from database import session
from models import Document, Filing, Suspension, Termination
from rules.filings import FilingKind
from rules.lifecycle import FilingState
from rules.permissions import Actor
from rules.refusal import Refused

REPORT = "filing.report"  # how soon a suspension or termination has to be reported
REPORTED = {"suspension": Suspension, "termination": Termination}


def file(
    subject: Any,
    kind: FilingKind,
    *,
    actor: Actor,
    on: date,
    document: Document | None = None,
    summary: str = "",
) -> Filing:
    """Send a decision to the bureau's queue; the caller was permitted to take the decision. Refused a second time.

    `subject` has an institution; `document` is the paper that goes with it, `summary` one sentence of what was decided.
    """
    session.flush()
    if of(subject, kind) is not None:
        raise Refused(f"{kind.label}已经报送，不能重复报送。")
    family = subject.institution.kind.family
    rows = {row.key: row for row in regulations.at(on, family).table("filing_kinds")}
    filing = Filing(
        number=numbering.case_number("BA", on.year),
        kind=kind,
        state=FilingState.SENT,
        subject=subject.__tablename__,
        subject_id=subject.id,
        institution=subject.institution,
        document=document,
        summary=summary.strip()[:300],
        basis=rows[kind].basis,
        filed_on=on,
        filed_by_id=actor.id,
    )
    lifecycle.begin(filing, "file", f"报送{kind.label}", actor=actor, on=on, basis=filing.basis)
    session.flush()
    statutory_clocks.start(filing, "filing.confirm", on=on)
    return filing


def confirm(filing: Filing, *, number: str, actor: Actor, on: date) -> None:
    """The bureau takes note under its number. Refused without a number, and before the day it was filed."""
    number = " ".join(number.split())
    if not number:
        raise Refused(
            "确认备案须填写备案号。", basis=filing.basis, cure="请填写行政部门编列的备案号。"
        )
    if on < filing.filed_on:
        raise Refused("确认日期早于报送日期。")
    lifecycle.move(
        filing,
        "confirm",
        actor=actor,
        on=on,
        basis=filing.basis,
        bureau_number=number[:64],
        confirmed_on=on,
        confirmed_by_id=actor.id,
    )
    clock = statutory_clocks.running(filing, "filing.confirm")
    statutory_clocks.finish(filing, clock, on=on)
    arrived(filing.subject, filing.subject_id, on=on)


def arrived(subject: str, subject_id: int, *, on: date) -> None:
    """The report reached the bureau, by its letter or through the queue, whichever was first: its clock ends."""
    model = REPORTED.get(subject)
    if model is not None:
        decision = session.get_one(model, subject_id)
        statutory_clocks.finish(decision, statutory_clocks.running(decision, REPORT), on=on)


def of(subject: Any, kind: FilingKind) -> Filing | None:
    """The filing of a decision, if it was sent."""
    return session.scalar(
        select(Filing).where(
            Filing.kind == kind,
            Filing.subject == subject.__tablename__,
            Filing.subject_id == subject.id,
        )
    )
