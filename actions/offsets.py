"""抵扣: an overdue claim is taken out of what is payable, when somebody else transfers the rest."""

from __future__ import annotations

from datetime import date

from actions import ledger, lifecycle, remittances
from database import session
from models import CaseMeasure, Remittance, Statement
from queries import ledger as balances
from queries import offsets as ask
from rules import ladder, offsets
from rules import ledger as rule
from rules.ladder import Destination
from rules.ledger import Account, Transfer
from rules.lifecycle import RemittanceState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def lock(statement: Statement) -> None:
    """Before the measure is locked, as the transfer does: two who lock the other way round would wait for ever."""
    ledger.lock(
        statement.institution_id, agreement_id=statement.agreement_id, statement_id=statement.id
    )


def plan(
    row: CaseMeasure, statement: Statement, *, amount: int, actor: Actor, on: date
) -> Remittance:
    """Enter what is to be taken out of the next transfer of a statement. It counts when that is made. `amount` in 分.

    Refused while the time for paying runs, for another institution's statement, for one that is not settled or paid
    already, for more than is open or payable, and twice for the same statement.
    """
    require(actor, Permission.RECORD_REMITTANCE, row)
    lock(statement)
    row = remittances.locked(row)
    remittances.running(row)
    offsets.check_due(row.step, row.due_on, on)
    if statement.institution_id != row.institution_id or not offsets.open_for(statement.state):
        raise Refused("只能从本机构已经结算、尚未拨付的费用中抵扣。", cure="请从列表中选择。")
    known = ask.planned(statement.id)
    if any(one.case_measure_id == row.id for one in known):
        raise Refused(f"{statement.number} 已经登记抵扣。", cure="需要更改的，先撤销再登记。")
    remittances.check_amount(row, amount)
    left = balances.balances(statement_id=statement.id).get(Account.PAYABLE, 0)
    left -= sum(one.amount for one in known)
    if amount > left:
        raise Refused(f"{statement.number} 的应付费用中还可以抵扣 {ladder.yuan(left)} 元。")
    made = Remittance(
        institution=row.institution,
        measure=row,
        statement_id=statement.id,
        state=RemittanceState.RECORDED,
        received_on=on,
        amount=amount,
        voucher=f"抵扣 {statement.number}",
        destination=Destination(ladder.destination(row.step, on).extra["destination"]),
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        made, "record", "登记抵扣", actor=actor, on=on, amount=amount, voucher=made.voucher
    )
    lifecycle.move(made, "plan", actor=actor, on=on)
    return made


def drop(made: Remittance, *, reason: str, actor: Actor, on: date) -> None:
    """Given up before the transfer: it stays, and counts for nothing. Refused without the reason."""
    if not reason.strip():
        raise Refused("请写明撤销抵扣的理由。")
    lifecycle.move(made, "drop", actor=actor, on=on, reason=reason.strip()[:300])


def carry_out(statement: Statement, *, actor: Actor, on: date) -> int:
    """With the transfer, under its locks: what was entered is taken out of what is payable. Returns how much, in 分.

    Refused when a claim was paid meanwhile, more is to be taken out than is payable, or whoever transfers entered it.
    """
    planned = ask.planned(statement.id)
    return sum(_taken(made, statement, actor=actor, on=on) for made in planned)


def _taken(made: Remittance, statement: Statement, *, actor: Actor, on: date) -> int:
    row = remittances.locked(made.measure)
    remittances.running(row)
    cure = f"请复核人员撤销 {row.violation.number} 的抵扣，核对后重新登记。"
    if made.recorded_by_id == actor.id:
        raise Refused("登记抵扣的人员不能自己拨付。", cure="请由他人拨付。")
    if made.amount > row.balance:
        raise Refused(
            f"{row.violation.number} 的未结金额只有 {ladder.yuan(row.balance)} 元。", cure=cure
        )
    kinds = offsets.TRANSFERS[row.step]
    lifecycle.move(
        made, "offset", actor=actor, on=on, basis=rule.kinds(on)[kinds[0]].basis,
        confirmed_by_id=actor.id, confirmed_on=on,
    )  # fmt: skip
    session.flush()
    ledger.post(
        [Transfer(kind, made.amount) for kind in kinds],
        institution=statement.institution, agreement=statement.agreement, statement=statement, cause=made,
        actor=actor, on=on,
    )  # fmt: skip
    remittances.settle(row, actor=actor, on=on)
    return made.amount
