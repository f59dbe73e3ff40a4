"""月结算: denials contested or accepted, the statement settled, the payment approved by another, made by a third."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions import (
    collective_decisions,
    ledger,
    lifecycle,
    statement_findings,
    statement_letters,
    statements,
    statutory_clocks,
)
from actions.statements import APPEAL, PAY
from database import session
from models import Claim, Disbursement, Document, Statement
from queries import ledger as balances
from queries import statement_stops
from queries import statements as ask
from rules import retention
from rules import statements as rule
from rules.ladder import yuan
from rules.ledger import Account, Kind, Transfer
from rules.lifecycle import StatementState as S
from rules.permissions import SYSTEM, Actor, Role
from rules.refusal import Refused
from rules.statements import Fate, Post
from rules.timetable import Outcome

HOLDING = (S.SETTLED, S.APPROVED, S.PAID)


def told(document: Document, *, on: date) -> None:
    """The denials were served: from now the time for objecting runs."""
    row = session.get_one(Statement, document.subject_id)
    if row.state == S.NOTIFIED and statutory_clocks.latest(row, APPEAL) is None:
        statutory_clocks.start(row, APPEAL, on=on)


def appeal(
    row: Statement,
    contested: Mapping[int, str],
    *,
    text: str,
    actor: Actor,
    on: date,
    supplied: Mapping[int, str] | None = None,
) -> None:
    """Object to denials (finding → why). Refused without a reason for each, for none, and after the time is over.

    `supplied` (finding → code): who served, where the line did not say so.
    """
    clock = statutory_clocks.latest(row, APPEAL)
    if clock is not None and on > clock.due_on:
        raise Refused(
            f"申诉期限已于 {clock.due_on} 届满。",
            basis=clock.basis,
            cure="可以依法通过其他途径提出。",
        )
    chosen = [one for one in row.findings if one.stands and one.id in contested]
    if not chosen:
        raise Refused("没有选择要申诉的拒付项目。", cure="请选择项目并写明理由。")
    if not all(contested[one.id].strip() for one in chosen):
        raise Refused("请逐项写明申诉理由。")
    for one in chosen:
        one.contested = contested[one.id].strip()[:500]
        if code := (supplied or {}).get(one.id):
            statement_findings.supply(one, code)
    _stop_appeal_clock(row, on=on)
    row.note(Post.APPEAL, actor.id)
    lifecycle.move(
        row, "appeal", actor=actor, on=on, appealed_on=on, appeal_text=text.strip()[:2000]
    )


def accept(row: Statement, *, actor: Actor, on: date) -> None:
    """Nobody objects: the institution says so itself, or the time for it is over. Refused while the time still runs."""
    if actor.role is not Role.INSTITUTION:
        clock = statutory_clocks.latest(row, APPEAL)
        if clock is None:
            raise Refused(
                "拒付明细告知书还没有送达。", cure="请先登记送达，申诉期限自送达之日起计算。"
            )
        if on <= clock.due_on:
            raise Refused(
                f"申诉期限至 {clock.due_on} 届满。",
                basis=clock.basis,
                cure="期满后再办理，或者由机构在网上确认没有申诉。",
            )
    _stop_appeal_clock(row, on=on)
    lifecycle.move(row, "accept_findings", actor=actor, on=on)


def _stop_appeal_clock(row: Statement, *, on: date) -> None:
    statutory_clocks.finish(row, statutory_clocks.running(row, APPEAL), on=on)


def judge(
    row: Statement, answers: Mapping[int, tuple[bool, str]], *, actor: Actor, on: date
) -> None:
    """Answer every contested denial: (is it upheld, why). Refused while one is left open, or without a reason."""
    contested = [one for one in row.findings if one.stands and one.contested]
    for one in contested:
        if one.id not in answers or not answers[one.id][1].strip():
            raise Refused(
                f"第 {one.claim.line} 行的申诉还没有处理意见。", cure="请逐项写明处理意见。"
            )
    lifecycle.move(row, "judge", actor=actor, on=on, judged_by_id=actor.id, judged_on=on)
    row.note(Post.JUDGE, actor.id)
    for one in contested:
        upheld, why = answers[one.id]
        one.answer = why.strip()[:300]
        if not upheld:
            statement_findings.give_up(one, one.answer, actor=actor, on=on)
    statement_letters.appeal_answer(row, contested, actor=actor, on=on)


def settle(row: Statement, *, actor: Actor, on: date) -> None:
    """Divide what was claimed into denied, held and payable; the retention is kept back; the sheet is issued.

    Every service day is asked for again: what is stopped and was not denied is held until somebody decides.
    """
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    statements.check_year(row.agreement, row.month)
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
        statements.check_year(row.agreement, row.month)


def payable(row: Statement) -> int:
    """What is to be paid now, in 分."""
    return balances.balances(statement_id=row.id).get(Account.PAYABLE, 0)


def pay(row: Statement, *, voucher: str, actor: Actor, on: date) -> None:
    """Transfer what was approved. Every line is asked for once more, under the lock that measures take as well.

    Refused when the service day of one line was stopped since, and without voucher.
    """
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    claims = [one for one in ask.unpaid(row.id) if one.fate is Fate.PAY]
    _still_payable(row, claims, on=on)
    _check_year(row)
    amount = payable(row)
    lifecycle.move(row, "pay", actor=actor, on=on, paid_by_id=actor.id, paid_on=on)
    if amount:
        made = _disburse(row, amount, voucher, actor=actor, on=on)
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


def _disburse(row: Statement, amount: int, voucher: str, *, actor: Actor, on: date) -> Disbursement:
    if not voucher.strip():
        raise Refused("请填写拨付凭证号。")
    if any(one.voucher == voucher.strip() for one in row.disbursements):
        raise Refused(f"凭证 {voucher.strip()} 已经登记过拨付。")
    made = Disbursement(
        institution=row.institution, statement=row, amount=amount, paid_on=on, voucher=voucher.strip()[:100],
        paid_by_id=actor.id,
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


def end_appeals(statement_id: int, day: date) -> Outcome:
    """The nightly rule: the time for objecting is over and nobody did, so the denials stand."""
    known = session.get_one(Statement, statement_id)
    ledger.lock(known.institution_id, agreement_id=known.agreement_id, statement_id=known.id)
    clock = statutory_clocks.latest(known, APPEAL)
    if known.state != S.NOTIFIED or clock is None or day <= clock.due_on:
        return Outcome()
    accept(known, actor=SYSTEM, on=day)
    return Outcome(done=True)
