"""月结算: the statement settled, the payment approved by another, made by a third; what was held released."""

from __future__ import annotations

from datetime import date

from actions import (
    collective_decisions,
    ledger,
    lifecycle,
    offsets,
    statement_letters,
    statements,
    statutory_clocks,
)
from actions.statements import PAY
from database import session
from models import Claim, Disbursement, Statement
from queries import ledger as balances
from queries import statement_stops
from queries import statements as ask
from rules import retention
from rules import statements as rule
from rules.ladder import yuan
from rules.ledger import Account, Kind, Transfer
from rules.lifecycle import StatementState as S
from rules.permissions import SYSTEM, Actor
from rules.refusal import Refused
from rules.statements import Fate
from rules.timetable import Outcome

HOLDING = (S.SETTLED, S.APPROVED, S.PAID)


def settle(row: Statement, *, actor: Actor, on: date) -> None:
    """Divide what was claimed into denied, held and payable; the retention is kept back; the sheet is issued.

    Every service day is asked for again: what is stopped and was not denied is held until somebody decides.
    """
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    _check_year(row)
    if row.disbursements:
        _settle_held(row, actor=actor, on=on)
        return
    lifecycle.move(row, "settle", actor=actor, on=on, settled_by_id=actor.id, settled_on=on)
    claims, denied = ask.claims(row.id), ask.standing_findings(row.id)
    stops = statement_stops.of_lines(row.institution, claims, on=on)
    sums = dict.fromkeys(Fate, 0)
    for claim, stop in zip(claims, stops, strict=True):
        off = denied.get(claim.id, 0)
        left = claim.amount - off
        claim.fate, claim.stopped = _fate(left, stop), stop.codes[:300]
        sums[Fate.DENY] += off
        sums[claim.fate] += left
    parts = [(Kind.DENY, Fate.DENY), (Kind.HOLD, Fate.HOLD), (Kind.ADMIT, Fate.PAY)]
    _post(row, [Transfer(kind, sums[word]) for kind, word in parts], actor=actor, on=on)
    _retain(row, sums[Fate.PAY], actor=actor, on=on)
    statement_letters.sheet(row, actor=actor, on=on)


def _settle_held(row: Statement, *, actor: Actor, on: date) -> None:
    """A part was paid before: of what was held, what the latest notice denied is denied, what is free is released."""
    held = [one for one in ask.unpaid(row.id) if one.fate is Fate.HOLD]
    before, denied = ask.standing_findings(row.id, but=row.notices), ask.standing_findings(row.id)
    stops = statement_stops.of_lines(row.institution, held, on=on)
    off = free = 0
    for claim, stop in zip(held, stops, strict=True):
        off += denied.get(claim.id, 0) - before.get(claim.id, 0)
        left = claim.amount - denied.get(claim.id, 0)
        claim.fate, claim.stopped = _fate(left, stop), stop.codes[:300]
        free += left if claim.fate is Fate.PAY else 0
    lifecycle.move(
        row, "settle_held" if free else "close_held", actor=actor, on=on, approved_by_id=None,
        former_settlers=[*row.former_settlers, row.settled_by_id], settled_by_id=actor.id, settled_on=on,
    )  # fmt: skip
    _post(row, [Transfer(Kind.DENY_HELD, off), Transfer(Kind.RELEASE, free)], actor=actor, on=on)
    _retain(row, free, actor=actor, on=on)
    if free and statutory_clocks.running(row, PAY) is None:
        statutory_clocks.start(row, PAY, on=on)
    statement_letters.sheet(row, actor=actor, on=on)


def _fate(left: int, stop: rule.Found) -> Fate:
    if left == 0:
        return Fate.DENY
    return Fate.PAY if stop.fate is Fate.PAY else Fate.HOLD


def _retain(row: Statement, payable: int, *, actor: Actor, on: date) -> None:
    """质量保证金 by the rate of the agreement."""
    family = row.institution.kind.family
    rate = retention.rate(row.agreement.institution_signed_on or on, family)
    kept = retention.withheld(payable, rate.value)
    _post(row, [Transfer(Kind.RETAIN, kept)], actor=actor, on=on)


def _post(row: Statement, transfers: list[Transfer], *, actor: Actor, on: date) -> None:
    ledger.post(
        transfers,
        institution=row.institution, agreement=row.agreement, statement=row, cause=row, actor=actor, on=on,
    )  # fmt: skip


def send_back(row: Statement, *, reason: str, actor: Actor, on: date) -> None:
    """Undo what was settled since the last payment, with the reason: entries are reversed, lines are open again."""
    if not reason.strip():
        raise Refused("请写明退回的理由。")
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    settlers = [*row.former_settlers, row.settled_by_id]
    verb = "hold_again" if row.disbursements else "send_back"
    lifecycle.move(
        row, verb, actor=actor, on=on, note=reason.strip()[:500], former_settlers=settlers, approved_by_id=None
    )  # fmt: skip
    for entry in ask.open_entries(row.id):
        if entry.kind is not Kind.CLAIM:
            ledger.reverse(entry, cause=row, actor=actor, on=on)
    for claim in ask.unpaid(row.id):
        claim.fate = Fate.HOLD if row.disbursements else None


def approve(row: Statement, *, actor: Actor, on: date) -> None:
    """支付审批 of what is payable; a large sum only after a group has decided (令3 第二十八条)."""
    _check_year(row)
    amount = payable(row)
    if rule.needs_group(amount, on, row.institution.kind.family):
        collective_decisions.check_payment(row, on)
    lifecycle.move(
        row, "approve", actor=actor, on=on, note=f"应付 {yuan(amount)} 元",
        approved_by_id=actor.id, approved_on=on,
    )  # fmt: skip


def _check_year(row: Statement) -> None:
    """What a hold kept back is no part of what the annual settlement paid: it is paid whenever the hold ends."""
    if row.paid_on is None:
        statements.check_year(row.agreement, row.month, row.insurance)


def payable(row: Statement) -> int:
    """What is to be paid now, in 分."""
    return balances.balances(statement_id=row.id).get(Account.PAYABLE, 0)


def pay(row: Statement, *, voucher: str, actor: Actor, on: date) -> None:
    """Transfer what was approved. Every line is asked for once more, under the lock that measures take as well.

    Refused when the service day of one line was stopped since, and without voucher. What was entered to be taken out
    (`offsets`) is taken out; nothing may be left to transfer.
    """
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    claims = [one for one in ask.unpaid(row.id) if one.fate is Fate.PAY]
    _still_payable(row, claims, on=on)
    _check_year(row)
    kept = offsets.carry_out(row, actor=actor, on=on)
    amount = payable(row)
    lifecycle.move(row, "pay", actor=actor, on=on, paid_by_id=actor.id, paid_on=on)
    if amount or kept:
        made = _disburse(row, amount, kept, voucher, actor=actor, on=on)
        for claim in claims:
            claim.disbursement_id = made.id
    statutory_clocks.finish(row, statutory_clocks.running(row, PAY), on=on)


def _still_payable(row: Statement, claims: list[Claim], *, on: date) -> None:
    stops = statement_stops.of_lines(row.institution, claims, on=on)
    stopped = [
        (claim, stop)
        for claim, stop in zip(claims, stops, strict=True)
        if stop.fate is not Fate.PAY
    ]
    if stopped:
        claim, stop = stopped[0]
        why = rule.stop_label(stop.because[0].code, on)
        raise Refused(
            f"有 {len(stopped)} 行费用的服务日期已经停止支付（第 {claim.line} 行：{why}），不能拨付。",
            basis=stop.because[0].article,
            cure="请退回重新结算。",
        )


def _disburse(
    row: Statement, amount: int, kept: int, voucher: str, *, actor: Actor, on: date
) -> Disbursement:
    if not voucher.strip():
        raise Refused("请填写拨付凭证号。")
    if any(one.voucher == voucher.strip() for one in row.disbursements):
        raise Refused(f"凭证 {voucher.strip()} 已经登记过拨付。")
    made = Disbursement(
        institution=row.institution, statement=row, amount=amount, offset=kept, paid_on=on,
        voucher=voucher.strip()[:100], paid_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _post(row, [Transfer(Kind.PAY, amount)], actor=actor, on=on)
    statement_letters.disbursed(row, made, actor=actor, on=on)
    return made


def release(row: Statement, *, actor: Actor, on: date) -> int:
    """Lines whose hold is over become payable and wait for approval again. Returns how much (分), or nothing."""
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    held = [one for one in ask.unpaid(row.id) if one.fate is Fate.HOLD]
    stops = statement_stops.of_lines(row.institution, held, on=on)
    free = [claim for claim, stop in zip(held, stops, strict=True) if stop.fate is Fate.PAY]
    if not free:
        return 0
    denied = ask.standing_findings(row.id)
    amount = sum(claim.amount - denied.get(claim.id, 0) for claim in free)
    settlers = [*row.former_settlers, row.settled_by_id]
    lifecycle.move(
        row, "release", actor=actor, on=on, approved_by_id=None, former_settlers=settlers, settled_by_id=actor.id
    )  # fmt: skip
    for claim in free:
        claim.fate = Fate.PAY
    if statutory_clocks.running(row, PAY) is None:
        statutory_clocks.start(row, PAY, on=on)
    _post(row, [Transfer(Kind.RELEASE, amount)], actor=actor, on=on)
    _retain(row, amount, actor=actor, on=on)
    return amount


def release_held(statement_id: int, day: date) -> Outcome:
    """The nightly rule: what a hold kept back becomes payable once the hold is over; a person approves and pays it."""
    row = session.get_one(Statement, statement_id)
    if row.state not in HOLDING:
        return Outcome()
    return Outcome(done=release(row, actor=SYSTEM, on=day) > 0)
