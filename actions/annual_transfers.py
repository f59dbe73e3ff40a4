"""What the annual settlement does to the ledger: differences, advances set off, payment, what is carried on."""

from __future__ import annotations

from datetime import date

from actions import ledger, lifecycle
from models import AnnualSettlement
from queries import annual_ledger as books
from queries import annual_settlements as ask
from queries import prepayments
from rules.ledger import Account, Kind, Transfer
from rules.permissions import Actor


def enter(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    """A gain first; then what is to be deducted and advances, as far as the payable sum reaches."""
    before, difference = row.carried_from, row.difference or 0
    gain = max(difference, 0)
    owed = max(-difference, 0) - ask.carried(row)
    payable = books.balance(Account.PAYABLE, row.agreement_id, row.year, row.insurance) + gain
    deducted = min(owed, payable)
    this_year = books.advance_open(row.agreement_id, row.year, row.insurance)
    older = books.advances_of(row.institution_id, row.insurance) - this_year
    found = [Transfer(Kind.FUND_ADJUSTMENT, gain), Transfer(Kind.ADJUST, gain)]
    found += _deducted(deducted, older)
    found.append(Transfer(Kind.OFFSET_ADVANCE, min(this_year, payable - deducted)))
    _post(row, found, actor=actor, on=on)
    if before is not None and before.state == "carried":
        lifecycle.move(before, "take_over", actor=actor, on=on, note=f"转入 {row.number}")
    clear(row, actor=actor, on=on)


def _deducted(amount: int, older: int) -> list[Transfer]:
    """An advance of an earlier year first, the rest is a difference that goes back to the fund."""
    advance = min(amount, max(older, 0))
    rest = amount - advance
    return [
        Transfer(Kind.OFFSET_ADVANCE, advance),
        Transfer(Kind.DEDUCT, rest),
        Transfer(Kind.RETURN_ADJUSTMENT, rest),
    ]


def pay(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    _post(row, [Transfer(Kind.PAY, row.due or 0)], actor=actor, on=on)


def repay(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    """Advances first, the rest is a difference that goes back to the fund."""
    owed = -(row.due or 0)
    advance = min(owed, max(books.advances_of(row.institution_id, row.insurance), 0))
    rest = owed - advance
    _post(
        row,
        [
            Transfer(Kind.REPAY_ADVANCE, advance),
            Transfer(Kind.REPAY_ADJUSTMENT, rest),
            Transfer(Kind.RETURN_ADJUSTMENT, rest),
        ],
        actor=actor,
        on=on,
    )
    clear(row, actor=actor, on=on)


def clear(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    """Nothing of this fund is advanced any more: its advances to the institution are done with."""
    if books.advances_of(row.institution_id, row.insurance) == 0:
        for one in prepayments.paid(row.institution_id, row.year, row.insurance):
            lifecycle.move(one, "clear", actor=actor, on=on, note=f"由 {row.number} 冲抵")


def _post(row: AnnualSettlement, transfers: list[Transfer], *, actor: Actor, on: date) -> None:
    ledger.post(
        transfers, institution=row.institution, agreement=row.agreement, cause=row, year=row.year,
        insurance=row.insurance, actor=actor, on=on,
    )  # fmt: skip
