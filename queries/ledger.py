"""结算台账 as sums of its entries: of a statement, an agreement, an institution, a year. Nothing is stored twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, func, select

from database import session
from models import LedgerEntry
from rules import ledger as rule
from rules.insurance import InsuranceKind
from rules.ledger import Account, Entry


def balances(
    *,
    statement_id: int | None = None,
    agreement_id: int | None = None,
    institution_id: int | None = None,
    year: int | None = None,
    insurance: InsuranceKind | None = None,
) -> dict[Account, int]:
    """Balance of every account something happened to, narrowed by what is given."""
    where = _where(statement_id, agreement_id, institution_id, year, insurance)
    found: Counter[Account] = Counter()
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = select(side, func.sum(LedgerEntry.amount)).where(*where).group_by(side)
        for account, amount in session.execute(query):
            found[account] += sign * int(amount)
    return dict(found)


def apart_from_agreements(institution_id: int) -> dict[Account, int]:
    """Balances of what an institution has beside its agreements: recoveries and fines of earlier times."""
    where = (LedgerEntry.institution_id == institution_id, LedgerEntry.agreement_id.is_(None))
    return rule.balances(row.plain for row in session.scalars(select(LedgerEntry).where(*where)))


def reversal_of(key: int) -> LedgerEntry | None:
    return session.scalar(select(LedgerEntry).where(LedgerEntry.reverses_id == key))


def rows(
    *,
    statement_id: int | None = None,
    agreement_id: int | None = None,
    institution_id: int | None = None,
    year: int | None = None,
    insurance: InsuranceKind | None = None,
) -> list[LedgerEntry]:
    """The entries themselves, oldest first."""
    where = _where(statement_id, agreement_id, institution_id, year, insurance)
    return list(session.scalars(select(LedgerEntry).where(*where).order_by(LedgerEntry.id)))


def entries(**narrowed: Any) -> list[Entry]:
    """The same as the rules reason about them."""
    return [row.plain for row in rows(**narrowed)]


def of_cause(noun: str, key: int) -> list[LedgerEntry]:
    """What was entered because of one row, oldest first."""
    query = select(LedgerEntry).where(LedgerEntry.cause == noun, LedgerEntry.cause_id == key)
    return list(session.scalars(query.order_by(LedgerEntry.id)))


def _where(
    statement_id: int | None,
    agreement_id: int | None,
    institution_id: int | None,
    year: int | None,
    insurance: InsuranceKind | None,
) -> list[ColumnElement[bool]]:
    given = {
        LedgerEntry.statement_id: statement_id,
        LedgerEntry.agreement_id: agreement_id,
        LedgerEntry.institution_id: institution_id,
        LedgerEntry.year: year,
        LedgerEntry.insurance: insurance,
    }
    return [column == value for column, value in given.items() if value is not None]
