"""到账登记: money of a measure, entered by one and confirmed by another; what is given up needs the leader."""

from __future__ import annotations

from datetime import date

from actions import events, ledger, lifecycle, statutory_clocks
from actions.case_measures import REPAY
from database import session
from models import Agreement, CaseMeasure, Remittance, WriteDown
from rules import ladder
from rules.ladder import Destination, Step
from rules.ledger import Kind, Transfer
from rules.lifecycle import CaseMeasureState, RemittanceState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

TRANSFERS = {Step.RECOVER: (Kind.RECOVER, Kind.REFUND), Step.DAMAGES: (Kind.PAY_DAMAGES,)}


def record(
    row: CaseMeasure, *, amount: int, received_on: date, voucher: str, actor: Actor, on: date
) -> Remittance:
    """Enter money with its voucher; it counts when somebody else has confirmed it. `amount` in 分.

    Refused for a measure without money or not decided, for more than is open, and for a voucher entered before.
    """
    require(actor, Permission.RECORD_REMITTANCE, row)
    row = locked(row)
    running(row)
    if not voucher.strip():
        raise Refused("请填写凭证号。")
    if not (row.decided_on or on) <= received_on <= on:
        raise Refused("到账日期应在决定之后、今天之前（含当日）。")
    check_amount(row, amount)
    known = [one for one in row.remittances if one.state is not RemittanceState.REJECTED]
    if any(one.voucher == voucher.strip() for one in known):
        raise Refused(f"凭证 {voucher.strip()} 已经登记。")
    made = Remittance(
        institution=row.institution,
        measure=row,
        state=RemittanceState.RECORDED,
        received_on=received_on,
        amount=amount,
        voucher=voucher.strip()[:100],
        destination=Destination(ladder.destination(row.step, on).extra["destination"]),
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        made, "record", "登记到账", actor=actor, on=on, amount=amount, voucher=made.voucher
    )
    return made


def check_amount(row: CaseMeasure, amount: int) -> None:
    """Refused for nothing, and for more than is open beside what waits to be counted. In 分."""
    waiting = sum(one.amount for one in row.remittances if one.waits)
    if not 0 < amount <= row.balance - waiting:
        raise Refused(
            f"登记金额应当大于零，不超过未结金额 {ladder.yuan(row.balance - waiting)} 元"
            + (f"（另有 {ladder.yuan(waiting)} 元等待核对或者抵扣）。" if waiting else "。"),
            cure="多缴的，请先办理退还，按应收金额登记。",
        )


def confirm(made: Remittance, *, actor: Actor, on: date) -> None:
    """The second person has compared it with the voucher. The last one executes the measure.

    What was recovered goes on to the fund's own treasury account, damages to theirs; what was only not paid out is
    entered with the statement it is kept back from.
    """
    ledger.lock(made.institution_id, agreement_id=made.measure.violation.agreement_id)
    row = locked(made.measure)
    running(row)
    if made.amount > row.balance:
        raise Refused(
            f"未结金额只有 {ladder.yuan(row.balance)} 元。", cure="请退回这笔登记，核对后重新登记。"
        )
    basis = ladder.destination(row.step, on).basis
    lifecycle.move(
        made, "confirm", actor=actor, on=on, basis=basis,
        confirmed_by_id=actor.id, confirmed_on=on,
    )  # fmt: skip
    session.flush()
    if row.step in TRANSFERS:
        ledger.post(
            [Transfer(kind, made.amount, basis[:200]) for kind in TRANSFERS[row.step]],
            institution=row.institution, agreement=_agreement(row), cause=made, actor=actor, on=on,
        )  # fmt: skip
    settle(row, actor=actor, on=on)


def reject(made: Remittance, *, reason: str, actor: Actor, on: date) -> None:
    """The entry does not agree with its voucher: it stays, counts for nothing, and another one is made."""
    if not reason.strip():
        raise Refused("请写明退回的理由。")
    lifecycle.move(made, "reject", actor=actor, on=on, reason=reason.strip()[:300])


def write_down(row: CaseMeasure, *, amount: int, reason: str, actor: Actor, on: date) -> WriteDown:
    """The leader gives up part of the claim, or all that is left. `amount` in 分. Refused for more than is open."""
    require(actor, Permission.WRITE_DOWN, row)
    row = locked(row)
    running(row)
    if any(one.waits for one in row.remittances):
        raise Refused("有到账登记等待核对或者抵扣。", cure="请先核对到账登记，再核减。")
    if not 0 < amount <= row.balance:
        raise Refused(f"核减金额应当大于零，不超过未结金额 {ladder.yuan(row.balance)} 元。")
    if not reason.strip():
        raise Refused("请写明核减的理由和依据。")
    made = WriteDown(
        measure=row,
        amount=amount,
        reason=reason.strip()[:500],
        written_on=on,
        approved_by_id=actor.id,
    )
    session.add(made)
    session.flush()
    events.record(
        row, "write_down", "核减应收金额", actor=actor, on=on, text=made.reason, amount=amount
    )
    settle(row, actor=actor, on=on)
    return made


def _agreement(row: CaseMeasure) -> Agreement:
    return session.get_one(Agreement, row.violation.agreement_id)


def locked(row: CaseMeasure) -> CaseMeasure:
    """Two who enter or confirm at once wait for one another, so that the balance never goes below nothing."""
    return session.get_one(CaseMeasure, row.id, with_for_update=True, populate_existing=True)


def running(row: CaseMeasure) -> None:
    if row.step not in ladder.MONEY:
        raise Refused(f"{row.step.label}没有金额。")
    if row.state != CaseMeasureState.DECIDED:
        raise Refused("该措施还没有决定，或者已经执行完毕，不能登记款项。")


def settle(row: CaseMeasure, *, actor: Actor, on: date) -> None:
    """Nothing is open any more: the measure is carried out."""
    if row.balance:
        return
    statutory_clocks.finish(row, statutory_clocks.running(row, REPAY), on=on)
    text = f"已收 {ladder.yuan(row.received)} 元，核减 {ladder.yuan(row.written_down)} 元"
    lifecycle.move(row, "settle", actor=actor, on=on, basis=row.basis, executed_on=on, proof=text)
