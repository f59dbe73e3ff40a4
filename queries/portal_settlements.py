"""费用结算 as the institution sees it: its own statements, what it was told of them, what comes of them. Whitelists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Statement, StatutoryClock
from queries import ledger
from queries import statements as ask
from queries.portal_matters import Matter
from rules import ledger as accounts
from rules.clocks import Light
from rules.ledger import Account
from rules.lifecycle import STATEMENT
from rules.lifecycle import StatementState as S

TOLD = (S.NOTIFIED, S.APPEALED, S.JUDGED, S.SETTLED, S.APPROVED, S.PAID)


@dataclass(frozen=True)
class Finding:
    """One denial as the letter says it. Amounts in 分."""

    id: int
    line: int
    voucher: str
    service_date: date
    claimed: int
    amount: int
    reason_text: str
    basis: str
    contested: str
    answer: str
    stands: bool
    curable: bool
    open: bool


@dataclass(frozen=True)
class Payment:
    """In 分; `offset`: what was kept back for claims against the institution."""

    paid_on: date
    amount: int
    offset: int
    voucher: str


@dataclass(frozen=True)
class StatementView:
    """`due_on`: last day for objecting, once the letter was served; `appealable`: may be objected to now."""

    id: int
    version: int
    number: str
    month: date
    insurance: str
    claimed_on: date
    total: int
    line_count: int
    state: Light
    reason: str
    appealable: bool
    withdrawable: bool
    due_on: date | None
    findings: tuple[Finding, ...]
    parts: tuple[tuple[str, int, str], ...]
    payments: tuple[Payment, ...]


def of_institution(institution_id: int, *, on: date) -> list[StatementView]:
    """Newest month first, without the lines."""
    query = select(Statement).where(Statement.institution_id == institution_id)
    rows = session.scalars(query.order_by(Statement.month.desc(), Statement.id.desc()).limit(60))
    return [view(row, on, whole=False) for row in rows]


def view(row: Statement, on: date, *, whole: bool = True) -> StatementView:
    """What was not told yet is not shown."""
    shown = STATEMENT.states[row.state]
    due_on = _due(row)
    return StatementView(
        id=row.id,
        version=row.version,
        number=row.number,
        month=row.month,
        insurance=row.insurance.label,
        claimed_on=row.claimed_on,
        total=row.total,
        line_count=row.line_count,
        state=Light(shown.light, shown.public),
        reason=row.reason,
        appealable=row.state is S.NOTIFIED and (due_on is None or on <= due_on),
        withdrawable=row.state is S.RECEIVED,
        due_on=due_on if row.state is S.NOTIFIED else None,
        findings=_findings(row) if whole and row.state in TOLD else (),
        parts=_parts(row, on) if row.divided else (),
        payments=tuple(
            Payment(one.paid_on, one.amount, one.offset, one.voucher) for one in row.disbursements
        ),
    )


def _due(row: Statement) -> date | None:
    """The last day for objecting, while that time runs."""
    query = select(StatutoryClock.due_on).where(
        StatutoryClock.subject == "statement",
        StatutoryClock.subject_id == row.id,
        StatutoryClock.rule == "audit.appeal",
        StatutoryClock.finished_on.is_(None),
    )
    return session.scalar(query)


def _findings(row: Statement) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            one.id, one.claim.line, one.claim.voucher, one.claim.service_date, one.claim.amount, one.amount,
            one.reason_told, one.basis, one.contested, one.answer, one.stands, one.curable, one.open,
        )
        for one in ask.findings(row.id)
        if one.notice and (one.struck_on is None or one.contested)
    )  # fmt: skip


def _parts(row: Statement, on: date) -> tuple[tuple[str, int, str], ...]:
    found = ledger.balances(statement_id=row.id)
    return tuple(
        (one.label, found[account], one.extra["destination"])
        for account, one in accounts.accounts(on).items()
        if found.get(account) and account is not Account.FUND
    )


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Denials the institution may still object to."""
    query = select(Statement).where(
        Statement.institution_id == institution_id, Statement.state == S.NOTIFIED
    )
    found = []
    for row in session.scalars(query.order_by(Statement.id.desc())):
        one = view(row, on, whole=False)
        if one.appealable:
            found.append(
                Matter(
                    "statement",
                    row.id,
                    f"{row.month.year}年{row.month.month}月费用拒付 {row.number}",
                    one.state,
                    mine=True,
                    until=str(one.due_on) if one.due_on else "告知书送达之日起计算",
                    todo="核对拒付明细",
                )
            )
    return found
