"""The year of one agreement and fund as its ledger tells it: flows between accounts, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from database import session
from models import LedgerEntry
from rules.annual_settlement import Booked
from rules.insurance import InsuranceKind
from rules.ledger import Account, kinds


@dataclass(frozen=True)
class Movement:
    day: date
    label: str
    amount: int
    article: str


Flows = Counter[tuple[Account, Account]]


def flows(agreement_id: int, year: int, insurance: InsuranceKind) -> Flows:
    """(from, to) → what went that way less what came back, so that a reversal leaves nothing."""
    query = select(LedgerEntry.credit, LedgerEntry.debit, func.sum(LedgerEntry.amount))
    query = query.where(*_of(agreement_id, year, insurance))
    found: Flows = Counter()
    for credit, debit, amount in session.execute(
        query.group_by(LedgerEntry.credit, LedgerEntry.debit)
    ):
        found[credit, debit] += int(amount)
        found[debit, credit] -= int(amount)
    return found


def _of(agreement_id: int, year: int, insurance: InsuranceKind | None) -> list[ColumnElement[bool]]:
    """One year of the agreement: of one fund, or of all."""
    fund = [LedgerEntry.insurance == insurance] if insurance else []
    return [LedgerEntry.agreement_id == agreement_id, LedgerEntry.year == year, *fund]


def balance(
    account: Account, agreement_id: int, year: int, insurance: InsuranceKind | None = None
) -> int:
    """What an account holds of one year of the agreement."""
    return _sum(account, _of(agreement_id, year, insurance))


def _sum(account: Account, where: list[ColumnElement[bool]]) -> int:
    total = 0
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(*where)
        total += sign * int(session.scalar(query.where(side == account)) or 0)
    return total


def booked(agreement_id: int, year: int, insurance: InsuranceKind, *, carried: int = 0) -> Booked:
    """What the annual settlement starts from. An advance that was set off counts as paid."""
    found = flows(agreement_id, year, insurance)
    return Booked(
        claimed=found[Account.FUND, Account.CLAIMED],
        denied=found[Account.CLAIMED, Account.DENIED]
        + found[Account.HELD, Account.DENIED]
        + found[Account.PAYABLE, Account.DISALLOWED],
        retained=found[Account.PAYABLE, Account.RETAINED],
        held=balance(Account.HELD, agreement_id, year, insurance),
        offset=found[Account.PAYABLE, Account.LIQUIDATED_DAMAGES]
        + found[Account.PAYABLE, Account.RECOVERED],
        paid=found[Account.PAYABLE, Account.PAID] + found[Account.PAYABLE, Account.ADVANCES],
        advances=advance_open(agreement_id, year, insurance),
        carried=carried,
    )


def advance_open(agreement_id: int, year: int, insurance: InsuranceKind) -> int:
    """Advanced by a fund under the agreement for the year, and not yet set off or brought back."""
    return -balance(Account.ADVANCES, agreement_id, year, insurance)


def advances_of(institution_id: int, insurance: InsuranceKind) -> int:
    """The same of all agreements and years: what is left of a year is set off under the agreement that follows."""
    own = [LedgerEntry.institution_id == institution_id, LedgerEntry.insurance == insurance]
    return -_sum(Account.ADVANCES, own)


def shown(rows: Iterable[LedgerEntry]) -> list[Movement]:
    """Entries in words; a reversal is told as one, with its amount below nothing."""
    return [
        Movement(
            row.day,
            ("冲销：" if row.reverses_id else "") + kinds(row.day)[row.kind].label,
            -row.amount if row.reverses_id else row.amount,
            row.article,
        )
        for row in rows
    ]


def paid_in(institution_id: int, year: int, insurance: InsuranceKind | None = None) -> int:
    """Everything paid out to an institution for claims of a year, by one fund or by all; advances left out."""
    query = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
        LedgerEntry.institution_id == institution_id,
        LedgerEntry.year == year,
        LedgerEntry.debit == Account.PAID,
        LedgerEntry.credit == Account.PAYABLE,
    )
    if insurance is not None:
        query = query.where(LedgerEntry.insurance == insurance)
    return int(session.scalar(query) or 0)
