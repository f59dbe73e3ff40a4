"""抵扣 as measures and statements show it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from database import session
from models import CaseMeasure, Remittance, Statement
from queries import ledger
from rules import offsets
from rules.ledger import Account
from rules.lifecycle import RemittanceState, StatementState


@dataclass(frozen=True)
class Source:
    """A statement something may be taken out of; `left` in 分."""

    id: int
    number: str
    left: int


def planned(statement_id: int) -> list[Remittance]:
    """What waits to be taken out of the next transfer of a statement."""
    query = select(Remittance).where(
        Remittance.statement_id == statement_id, Remittance.state == RemittanceState.PLANNED
    )
    return list(session.scalars(query.order_by(Remittance.id)))


def sources(row: CaseMeasure) -> list[Source]:
    """Statements of the institution of which something is payable, the oldest first."""
    states = [state for state in StatementState if offsets.open_for(state)]
    query = select(Statement).where(
        Statement.institution_id == row.institution_id, Statement.state.in_(states)
    )
    found = [_source(one) for one in session.scalars(query.order_by(Statement.id))]
    return [one for one in found if one.left > 0]


def _source(one: Statement) -> Source:
    payable = ledger.balances(statement_id=one.id).get(Account.PAYABLE, 0)
    return Source(one.id, one.number, payable - sum(row.amount for row in planned(one.id)))
