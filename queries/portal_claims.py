"""违规费用 as the institution sees it: what a letter told it that it has to bring or will not be paid. Whitelists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import CaseMeasure, Document
from queries.portal_matters import Matter
from rules import ladder
from rules.clocks import Light
from rules.ladder import Step
from rules.lifecycle import RemittanceState


@dataclass(frozen=True)
class Receipt:
    """Money that two persons have confirmed. `amount` in 分."""

    received_on: date
    amount: int
    voucher: str


@dataclass(frozen=True)
class Claim:
    """One measure about money, as its letter says it. Amounts in 分.

    `owed`: the institution has to bring it, otherwise it is kept back; `days`: working days from service.
    """

    id: int
    case_number: str
    label: str
    letter_id: int
    letter_number: str
    issued_on: date
    owed: bool
    amount: int
    written_down: int
    received: int
    balance: int
    days: str
    due_on: date | None
    way: str
    receipts: tuple[Receipt, ...]
    state: Light


def of_institution(institution_id: int, *, on: date) -> list[Claim]:
    """Newest first. What has no letter yet does not exist here."""
    rows = session.execute(
        select(CaseMeasure, Document)
        .join(Document, Document.id == CaseMeasure.document_id)
        .where(CaseMeasure.institution_id == institution_id, CaseMeasure.step.in_(ladder.MONEY))
        .order_by(CaseMeasure.id.desc())
    )
    return [_claim(row, letter, on) for row, letter in rows]


def _claim(row: CaseMeasure, letter: Document, on: date) -> Claim:
    owed = row.step in ladder.OWED
    told = letter.facts
    bank = told.get("bank", "")
    place = f"{told['account']}（{bank}）" if bank else told.get("account", "")
    where = place if owed else ladder.destination(Step.DENY, letter.issued_on).label
    return Claim(
        id=row.id,
        case_number=row.violation.number,
        label=row.step.label,
        letter_id=letter.id,
        letter_number=letter.number,
        issued_on=letter.issued_on,
        owed=owed,
        amount=row.amount,
        written_down=row.written_down,
        received=row.received,
        balance=row.balance,
        days=str(told.get("days", "")),
        due_on=row.due_on,
        way=where,
        receipts=_receipts(row),
        state=_state(row, owed, on),
    )


def _receipts(row: CaseMeasure) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(one.received_on, one.amount, one.voucher)
        for one in row.remittances
        if one.state is RemittanceState.CONFIRMED
    )


def _state(row: CaseMeasure, owed: bool, on: date) -> Light:
    if row.balance <= 0:
        return Light("ok", "已结清")
    if not owed:
        return Light("review", "待扣除")
    if row.due_on and on > row.due_on:
        return Light("over", "逾期未缴")
    return Light("due", "待缴纳")


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Money that the institution still has to bring."""
    return [
        Matter(
            "case_measure",
            one.id,
            f"{one.label} {one.letter_number}",
            one.state,
            mine=True,
            until=str(one.due_on) if one.due_on else f"送达之日起 {one.days} 个工作日内",
            todo=f"缴纳{one.label}款项",
        )
        for one in of_institution(institution_id, on=on)
        if one.owed and one.balance > 0
    ]
