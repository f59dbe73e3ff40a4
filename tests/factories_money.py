"""Statements for tests, each stage by its own action."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from sqlalchemy import select

import clock
from actions import (
    collective_decisions,
    letters,
    service,
    sessions,
    settlements,
    statement_appeals,
    statement_findings,
    statements,
)
from database import session
from models import Agreement, Document, Statement, User
from rules.insurance import InsuranceKind
from rules.permissions import Actor, Role
from rules.statements import Declared, Line
from tests import factories
from tests import factories_agreement as made
from tests.factories_practitioner import serving

_serial = itertools.count(1)
MONTH = date(2026, 5, 1)
CLAIMED = date(2026, 6, 3)
COLLEAGUE = "示同事"


def line(number: int = 1, amount: int = 100_00, **values) -> Line:
    """One service on 12 May 2026, in no department, by nobody in particular."""
    given = {"voucher": f"MZ{next(_serial):08d}", "service_date": date(2026, 5, 12)} | values
    return Line(line=number, amount=amount, **given)


def declared(
    lines: list[Line], *, month: date = MONTH, claimed_on: date = CLAIMED, **values
) -> Declared:
    """Totals that agree with the lines, unless they are given."""
    given = {
        "insurance": InsuranceKind.EMPLOYEE,
        "total": sum(one.amount for one in lines),
        "line_count": len(lines),
        "source": "示例申报.csv",
    } | values
    return Declared(month=month, claimed_on=claimed_on, lines=tuple(lines), **given)


def received(
    agreement: Agreement,
    staff: dict[Role, Actor],
    *,
    lines: list[Line] | None = None,
    on: date = CLAIMED,
    **values,
) -> Statement:
    given = declared(
        named(agreement, lines or [line(1), line(2, 200_00)]),
        claimed_on=values.pop("claimed_on", on),
        **values,
    )
    row = statements.receive(agreement, given, actor=another(Role.CLERK, staff), on=on)
    session.commit()
    return row


def named(agreement: Agreement, lines: list[Line]) -> list[Line]:
    """The same lines; where nobody is named, somebody of the institution served. A blank stays a blank."""
    code = serving(agreement.institution).code
    return [replace(one, practitioner_code=one.practitioner_code or code) for one in lines]


def another(role: Role, staff: dict[Role, Actor]) -> Actor:
    """A colleague of the same post, the same one for the whole test."""
    known = select(User).where(User.role == role, User.id != staff[role].id, User.name == COLLEAGUE)
    user = session.scalar(known)
    return sessions.actor_of(user) if user else factories.actor(role, name=COLLEAGUE)


def audited(row: Statement, staff: dict[Role, Actor], *, on: date = CLAIMED) -> Statement:
    """First audit, sample, second audit; findings already entered stand."""
    statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=on)
    second = staff[Role.SECOND_AUDITOR]
    statements.sample(row, actor=second, on=on, at=clock.now())
    statements.re_audit(row, opinion="复审样本与初审一致。", actor=second, on=on)
    session.commit()
    return row


def deny(row: Statement, staff: dict[Role, Actor], number: int, amount: int, *, on: date = CLAIMED):
    made = statement_findings.find(
        row,
        number,
        reason="excess_service",
        amount=amount,
        remark="",
        actor=staff[Role.FIRST_AUDITOR],
        on=on,
    )
    session.commit()
    return made


def told(row: Statement, staff: dict[Role, Actor], *, on: date = CLAIMED) -> Statement:
    """The result told; where something is denied, the letter is served the same day."""
    statements.tell(row, actor=staff[Role.SECOND_AUDITOR], on=on)
    for letter in letters.of(row, "denial_detail"):
        serve(letter, staff, on=on)
    session.commit()
    return row


def serve(letter: Document, staff: dict[Role, Actor], *, on: date) -> None:
    service.serve(letter, actor=staff[Role.CLERK], on=on, method="直接送达", proof="回证1号")
    session.commit()


def settled(row: Statement, staff: dict[Role, Actor], *, on: date = CLAIMED) -> Statement:
    settlements.settle(row, actor=staff[Role.CLERK], on=on)
    session.commit()
    return row


def paid(
    row: Statement, staff: dict[Role, Actor], *, on: date = CLAIMED, voucher: str = "BK-1"
) -> Statement:
    settlements.approve(row, actor=staff[Role.LEADER], on=on)
    settlements.pay(row, voucher=voucher, actor=staff[Role.FINANCE], on=on)
    session.commit()
    return row


def furnish(kind: str, staff: dict[Role, Actor]) -> Actor:
    """A statement in every stage; returns the user of the institution."""
    agreement = made.concluded(factories.institution(kind))
    kinds = itertools.cycle(InsuranceKind)
    months = [date(2026, number, 1) for number in (1, 2, 3, 4, 5) for _ in InsuranceKind]
    for stage, month, insurance in zip(STAGES, months, kinds, strict=False):
        lines = [line(1, service_date=month), line(2, 600_000_00, service_date=month)]
        row = received(agreement, staff, lines=lines, month=month, insurance=insurance)
        _brought(row, staff, stage)
    session.commit()
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


STAGES = (
    "received", "first_audited", "sampled", "re_audited", "notified", "appealed", "judged", "settled", "approved",
    "paid",
)  # fmt: skip


def _brought(row: Statement, staff: dict[Role, Actor], stage: str) -> None:
    """To the stage, with one denial that is objected to."""
    reached = STAGES.index(stage)
    if reached == 0:
        return
    found = deny(row, staff, 1, 10_00)
    if reached >= STAGES.index("re_audited"):
        audited(row, staff)
    else:
        statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=CLAIMED)
        if stage == "sampled":
            second = staff[Role.SECOND_AUDITOR]
            statements.sample(row, actor=second, on=CLAIMED, at=clock.now())
    if reached >= STAGES.index("notified"):
        told(row, staff)
    if reached >= STAGES.index("appealed"):
        statement_appeals.appeal(
            row, {found.id: "病历有记载。"}, text="", actor=staff[Role.CLERK], on=CLAIMED
        )
    if reached >= STAGES.index("judged"):
        answers = {found.id: (True, "没有凭据。")}
        statement_appeals.judge(row, answers, actor=staff[Role.REVIEWER], on=CLAIMED)
    if reached >= STAGES.index("settled"):
        settled(row, staff)
    if reached >= STAGES.index("approved"):
        _decided(row, staff)
        settlements.approve(row, actor=staff[Role.LEADER], on=CLAIMED)
    if stage == "paid":
        settlements.pay(row, voucher="BK-1", actor=staff[Role.FINANCE], on=CLAIMED)


def _decided(row: Statement, staff: dict[Role, Actor]) -> None:
    members = [staff[role].id for role in (Role.LEADER, Role.CHIEF, Role.REVIEWER)]
    meeting = collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=CLAIMED)
    for vote in meeting.votes:
        actor = next(one for one in staff.values() if one.id == vote.user_id)
        collective_decisions.cast(vote, ballot="for", remark="", actor=actor, on=CLAIMED)
    collective_decisions.conclude(
        meeting, minutes="同意拨付。", actor=staff[Role.CHIEF], on=CLAIMED
    )
