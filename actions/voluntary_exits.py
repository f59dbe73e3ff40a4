"""Carrying out what an institution asked for: suspension or end without ban, chain or other regions."""

from __future__ import annotations

from datetime import date

from actions import events, holds, lapses, lifecycle, reports
from database import session
from models import Suspension, Termination, Withdrawal
from queries import agreement_terms
from rules import bans, measures
from rules.permissions import Actor
from rules.refusal import Refused

REQUEST_TRIGGER = "request"


def suspend(row: Withdrawal, *, actor: Actor, on: date) -> Suspension:
    """Suspend until the day asked for. It is no suspension that counts against the institution."""
    agreement = row.agreement
    if agreement_terms.open_suspension(agreement.id):
        raise Refused("与该协议已有的中止期间重叠。")
    suspension = Suspension(
        institution=row.institution,
        agreement=agreement,
        document_id=row.document_id,
        decided_on=row.decided_on or on,
        from_on=on,
        to_on=row.to_on,
        voluntary=True,
        ground=row.act,
        ground_text=f"机构主动申请中止（{row.number}）",
        basis=row.basis,
    )
    session.add(suspension)
    lifecycle.move(
        agreement, "suspend_on_request", actor=actor, on=on, basis=row.basis, note=row.number
    )
    session.flush()
    holds.place(suspension, from_on=on, to_on=row.to_on, basis=row.basis)
    reports.file(suspension, "suspension", actor=actor, on=on)
    return suspension


def terminate(row: Withdrawal, *, actor: Actor, on: date) -> Termination:
    """End the agreement on the ground of the request (令3 Art 40 no. 15, 令2 Art 43 no. 12): no ban follows."""
    agreement, institution = row.agreement, row.institution
    ground = measures.by_trigger(REQUEST_TRIGGER, on, institution.kind.family)
    if ground is None:
        raise LookupError("no ground of termination on request")
    termination = Termination(
        institution=institution,
        agreement=agreement,
        document_id=row.document_id,
        ban_class=bans.NONE,
        decided_on=row.decided_on or on,
        effective_on=on,
        **measures.as_columns(ground),
    )
    session.add(termination)
    lifecycle.move(
        agreement, "terminate_on_request", actor=actor, on=on, basis=ground.basis, note=row.number
    )
    session.flush()
    lapses.end_open_suspension(agreement, ended_on=on, reason="协议解除")
    lapses.end_with(agreement, ended_on=on, basis=ground.basis, on=on)
    holds.place(termination, from_on=on, to_on=None, basis=ground.basis)
    reports.file(termination, "termination", actor=actor, on=on)
    events.record(
        termination, "announce", "列入解除协议名单公布", actor=actor, on=on, basis=ground.basis
    )
    return termination
