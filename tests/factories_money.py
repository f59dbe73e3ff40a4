"""Statements for tests, each stage by its own action."""

from __future__ import annotations

import itertools
from datetime import date

import clock
from actions import letters, service, settlements, statements
from database import session
from models import Agreement, Statement
from rules.insurance import InsuranceKind
from rules.permissions import Actor, Role
from rules.statements import Declared, Line

_serial = itertools.count(1)
MONTH = date(2026, 5, 1)
CLAIMED = date(2026, 6, 3)


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
        lines or [line(1), line(2, 200_00)], claimed_on=values.pop("claimed_on", on), **values
    )
    row = statements.receive(agreement, given, actor=staff[Role.CLERK], on=on)
    session.commit()
    return row


def audited(row: Statement, staff: dict[Role, Actor], *, on: date = CLAIMED) -> Statement:
    """First audit, sample, second audit; findings already entered stand."""
    statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=on)
    second = staff[Role.SECOND_AUDITOR]
    statements.sample(row, actor=second, on=on, at=clock.now())
    statements.re_audit(row, opinion="复审样本与初审一致。", actor=second, on=on)
    session.commit()
    return row


def deny(row: Statement, staff: dict[Role, Actor], number: int, amount: int, *, on: date = CLAIMED):
    made = statements.find(
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
        service.serve(letter, actor=staff[Role.CLERK], on=on, method="直接送达", proof="回证1号")
    session.commit()
    return row


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
