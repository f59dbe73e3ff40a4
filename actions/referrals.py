"""移送: drafted from a case, sent on approval with its letter, receipt and result recorded. It never ends the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions import events, letters, lifecycle, numbering, statutory_clocks
from database import session
from models import Referral, Violation
from rules import referrals as rule
from rules.lifecycle import ReferralState as S
from rules.permissions import Actor, Permission, require
from rules.referrals import Paper
from rules.refusal import Refused


@dataclass(frozen=True)
class Draft:
    """What is referred, to whom. `authority` is a key of the table; `name` the authority's own name."""

    authority: str
    name: str
    facts_text: str
    materials: Sequence[Paper]
    institution: bool = True
    persons: int = 0


def draft(case: Violation, given: Draft, *, actor: Actor, on: date) -> Referral:
    """Put a referral before the leader. Refused without facts, subject or materials; the case goes on."""
    require(actor, Permission.DRAFT_REFERRAL, case)
    rule.check(
        given.name, given.facts_text, given.materials, institution=given.institution, persons=given.persons
    )  # fmt: skip
    authority = rule.authority(given.authority, on)
    row = Referral(
        number=numbering.case_number("YS", on.year), institution=case.institution, violation_id=case.id,
        violation=case, state=S.DRAFTED, authority=authority.key, authority_name=given.name.strip(),
        facts_text=given.facts_text.strip(), about_institution=given.institution, persons=given.persons,
        materials=[{"name": one.name.strip(), "copies": one.copies} for one in given.materials],
        basis=authority.basis, drafted_on=on, recorded_by_id=actor.id,
    )  # fmt: skip
    text = f"{case.number}：{row.authority_name}"
    lifecycle.begin(row, "draft", "拟移送", actor=actor, on=on, basis=row.basis, text=text)
    return row


def approve(row: Referral, *, actor: Actor, on: date) -> None:
    """Send it: the letter 移送函 goes out and the receipt is waited for. Never by whoever drafted it."""
    lifecycle.move(
        row, "approve", actor=actor, on=on, basis=row.basis, approved_by_id=actor.id, sent_on=on
    )
    clock = statutory_clocks.start(row, rule.RULE, on=on)
    session.flush()
    letters.issue(
        "referral", row, row.institution, actor=actor, on=on, addressee=row.authority_name,
        institution=row.institution.name, institution_code=row.institution.code or "未赋码",
        referral_number=row.number, case_number=row.violation.number, facts_text=row.facts_text,
        about_institution=row.about_institution, persons=row.persons, materials=row.materials,
        receipt_due_on=clock.due_on, basis=row.basis,
    )  # fmt: skip


def cancel(row: Referral, *, reason: str, actor: Actor, on: date) -> None:
    """Not referred after all: said by the leader, with the reason."""
    lifecycle.move(row, "cancel", actor=actor, on=on, reason=_said(reason, "不予移送"))


def receive(row: Referral, *, receipt_on: date, number: str, actor: Actor, on: date) -> None:
    """The receipt (回执) with its day and number. Refused without a number and for a day that cannot be."""
    if not number.strip():
        raise Refused("登记回执须填写回执编号或者签收文号。", cure="请核对对方回执。")
    _check_day(row, receipt_on, on)
    lifecycle.move(
        row, "receive", actor=actor, on=on, basis=row.basis, receipt_on=receipt_on, receipt_number=number.strip()
    )  # fmt: skip
    statutory_clocks.finish(row, statutory_clocks.running(row, rule.RULE), on=on)


def decline(row: Referral, *, reason: str, actor: Actor, on: date) -> None:
    """The other authority does not take it: its reason is kept; whether to go elsewhere is for a person to decide."""
    lifecycle.move(row, "decline", actor=actor, on=on, reason=_said(reason, "对方不予接收"))
    statutory_clocks.finish(row, statutory_clocks.running(row, rule.RULE), on=on)


def answer(
    row: Referral, *, result_on: date, number: str, text: str, actor: Actor, on: date
) -> None:
    """What became of it there."""
    if not text.strip():
        raise Refused("请写明处理结果。", cure="例如立案、处罚、不予处罚及其文号。")
    _check_day(row, result_on, on)
    lifecycle.move(
        row, "answer", actor=actor, on=on, basis=row.basis, result_on=result_on,
        result_number=number.strip(), result=text.strip(), note=text.strip(),
    )  # fmt: skip


def chase(row: Referral, *, text: str, actor: Actor, on: date) -> None:
    """Ask again for a receipt or for the result; how is written down."""
    require(actor, Permission.FOLLOW_REFERRAL, row)
    if row.state not in (S.SENT, S.RECEIVED):
        raise Refused("移送已经办结或者还没有发出，不需要催办。")
    if not text.strip():
        raise Refused("请写明催办的方式和联系人。")
    row.chased_on, row.chases = on, row.chases + 1
    events.record(row, "chase", "催办移送", actor=actor, on=on, text=text.strip())


def _check_day(row: Referral, day: date, on: date) -> None:
    if row.sent_on is None or not row.sent_on <= day <= on:
        raise Refused("日期应在发出之后、今天之前（含当日）。", cure="请核对对方文书上的日期。")


def _said(reason: str, what: str) -> str:
    if not reason.strip():
        raise Refused(f"{what}须写明理由。")
    return reason.strip()
