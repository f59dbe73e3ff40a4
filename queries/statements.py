"""Statements as lists and pages show them, with what stands beside them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased, contains_eager

from database import session
from models import (
    Agreement,
    AuditFinding,
    Claim,
    Draw,
    Institution,
    LedgerEntry,
    Statement,
    StatutoryClock,
    User,
)
from queries import agreement_terms, ledger
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind
from rules.lifecycle import StatementState
from rules.statements import INPATIENT, OTHER, STOPPED, Fate, Line

GONE = (StatementState.RETURNED, StatementState.WITHDRAWN)


def agreement_of(institution_id: int, month: date) -> Agreement | None:
    """The agreement under which this month is claimed: of those signed, the latest that covers a day of it."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    query = (
        select(Agreement)
        .where(
            Agreement.institution_id == institution_id,
            agreement_terms.designating(),
            Agreement.agency_signed_on.is_not(None),
            Agreement.term_from <= last,
            Agreement.term_to >= month,
        )
        .order_by(Agreement.term_from.desc(), Agreement.id.desc())
    )
    return session.scalar(query.limit(1))


def place(code: str, region: str) -> Institution | None:
    """The institution with this national code, in the region alone."""
    query = select(Institution).where(
        Institution.code == code.strip().upper(), Institution.pooling_region == region
    )
    return session.scalar(query)


def by_number(number: str) -> Statement:
    return session.scalars(select(Statement).where(Statement.number == number)).one()


def living(agreement_id: int, insurance: InsuranceKind, month: date) -> Statement | None:
    """The statement of this month that was neither returned nor withdrawn."""
    return session.scalar(
        select(Statement).where(
            Statement.agreement_id == agreement_id,
            Statement.insurance == insurance,
            Statement.month == month,
            Statement.state.not_in(GONE),
        )
    )


def claimed_before(row: Statement, lines: Iterable[Line]) -> set[tuple[str, date, int]]:
    """Which of these services stand in an earlier statement that still counts: bill, day and amount."""
    vouchers = sorted({line.voucher_key for line in lines})
    found: set[tuple[str, date, int]] = set()
    for start in range(0, len(vouchers), 500):
        query = (
            select(Claim.voucher_key, Claim.service_date, Claim.amount)
            .join(Statement, Claim.statement_id == Statement.id)
            .where(
                Claim.institution_id == row.institution_id,
                Statement.id != row.id,
                Claim.voucher_key.in_(vouchers[start : start + 500]),
                Statement.state.not_in(GONE),
            )
        )
        found |= {(voucher, day, amount) for voucher, day, amount in session.execute(query)}
    return found


def other_amounts(row: Statement) -> list[int]:
    """Lines whose bill and day stand in another statement that counts, always with another amount."""
    other = aliased(Claim)
    query = (
        select(Claim.line, func.max(case((other.amount == Claim.amount, 1), else_=0)))
        .join(
            other,
            and_(
                other.institution_id == Claim.institution_id,
                other.voucher_key == Claim.voucher_key,
                other.service_date == Claim.service_date,
                other.statement_id != Claim.statement_id,
            ),
        )
        .join(Statement, Statement.id == other.statement_id)
        .where(Claim.statement_id == row.id, Statement.state.not_in(GONE))
        .group_by(Claim.line)
        .order_by(Claim.line)
    )
    return [number for number, same in session.execute(query) if not same]


def claims(statement_id: int) -> list[Claim]:
    """Every line, in its order."""
    return list(
        session.scalars(
            select(Claim).where(Claim.statement_id == statement_id).order_by(Claim.line)
        )
    )


def claim(statement_id: int, line: int) -> Claim | None:
    return session.scalar(
        select(Claim).where(Claim.statement_id == statement_id, Claim.line == line)
    )


def open_entries(statement_id: int) -> list[LedgerEntry]:
    """Entries of a statement that were not reversed since its last payment, newest first: what can be taken back."""
    rows = ledger.rows(statement_id=statement_id)
    gone = {row.reverses_id for row in rows} - {None}
    paid = max((row.id for row in rows if row.kind is Kind.PAY), default=0)
    return [
        row
        for row in reversed(rows)
        if row.id > paid and row.id not in gone and not row.reverses_id
    ]


def standing(statement_id: int, *, notice: int | None = None) -> list[AuditFinding]:
    """Standing findings with their lines, in the order of the lines; `notice`: those told with it."""
    query = (
        select(AuditFinding)
        .join(Claim, AuditFinding.claim_id == Claim.id)
        .options(contains_eager(AuditFinding.claim))
        .where(AuditFinding.statement_id == statement_id, AuditFinding.struck_on.is_(None))
        .order_by(Claim.line, AuditFinding.id)
    )
    if notice is not None:
        query = query.where(AuditFinding.notice == notice)
    return list(session.scalars(query))


def findings(statement_id: int) -> list[AuditFinding]:
    """Every finding, the struck ones too, with its line, in the order of the lines."""
    query = (
        select(AuditFinding)
        .join(Claim, AuditFinding.claim_id == Claim.id)
        .options(contains_eager(AuditFinding.claim))
        .where(AuditFinding.statement_id == statement_id)
        .order_by(Claim.line, AuditFinding.id)
    )
    return list(session.scalars(query))


def expected(row: Statement) -> dict[Account, int]:
    """What the lines, the findings and the transfers say the ledger must say."""
    denied = standing_findings(row.id, but=row.notices if row.reopened else None)
    if row.state in GONE or not row.divided:
        return {Account.CLAIMED: 0 if row.state in GONE else row.total}
    held = [one for one in unpaid(row.id) if one.fate is Fate.HOLD]
    return {
        Account.CLAIMED: 0,
        Account.DENIED: sum(denied.values()),
        Account.HELD: sum(one.amount - denied.get(one.id, 0) for one in held),
        Account.PAID: sum(one.amount for one in row.disbursements),
    }


def sampled(row: Statement) -> list[int]:
    """The lines drawn by the latest draw."""
    drawn = draws(row)
    return [int(key) for key in drawn[-1].drawn] if drawn else []


def account_name(user_id: int | None) -> str:
    user = session.get(User, user_id) if user_id else None
    return user.name if user else "系统"


def draws(row: Statement) -> list[Draw]:
    """Every draw of its sample, the latest last; that one counts."""
    query = select(Draw).where(Draw.subject == "statement", Draw.subject_id == row.id)
    return list(session.scalars(query.order_by(Draw.turn)))


def sampled_count(row: Statement) -> int:
    return len(sampled(row))


def unpaid(statement_id: int) -> list[Claim]:
    """Lines that no transfer has paid, in their order."""
    query = select(Claim).where(Claim.statement_id == statement_id, Claim.disbursement_id.is_(None))
    return list(session.scalars(query.order_by(Claim.line)))


def standing_findings(statement_id: int, *, but: int | None = None) -> dict[int, int]:
    """Line (its key) → what standing findings take off it, in 分; `but`: those told with this notice left out."""
    query = (
        select(AuditFinding.claim_id, func.sum(AuditFinding.amount))
        .where(AuditFinding.statement_id == statement_id, AuditFinding.struck_on.is_(None))
        .group_by(AuditFinding.claim_id)
    )
    if but is not None:
        query = query.where(AuditFinding.notice != but)
    return {key: int(amount) for key, amount in session.execute(query)}


def given_up(statement_id: int) -> set[int]:
    """Lines (their keys) of which a stop was given up once."""
    query = select(AuditFinding.claim_id).where(
        AuditFinding.statement_id == statement_id,
        AuditFinding.reason == STOPPED,
        AuditFinding.struck_on.is_not(None),
    )
    return set(session.scalars(query))


def groups(statement_id: int) -> dict[str, int]:
    """How many lines of each group there are to draw from."""
    query = (
        select(Claim.inpatient, func.count())
        .where(Claim.statement_id == statement_id)
        .group_by(Claim.inpatient)
    )
    counted = {bool(inpatient): int(number) for inpatient, number in session.execute(query)}
    return {INPATIENT: counted.get(True, 0), OTHER: counted.get(False, 0)}


def unopposed(day: date) -> list[int]:
    """Statements whose denials were told and not objected to, the time for it being over."""
    query = (
        select(Statement.id)
        .join(
            StatutoryClock,
            and_(
                StatutoryClock.subject == "statement",
                StatutoryClock.subject_id == Statement.id,
                StatutoryClock.rule == "audit.appeal",
            ),
        )
        .where(
            Statement.state == StatementState.NOTIFIED,
            StatutoryClock.due_on < day,
            StatutoryClock.finished_on.is_(None),
        )
    )
    return list(session.scalars(query.order_by(Statement.id)))


def holding(day: date) -> list[int]:
    """Statements with lines kept back, settled before the day."""
    query = (
        select(Statement.id)
        .join(Claim, and_(Claim.statement_id == Statement.id, Claim.fate == Fate.HOLD))
        .where(Statement.settled_on < day)
        .distinct()
    )
    return list(session.scalars(query.order_by(Statement.id)))
