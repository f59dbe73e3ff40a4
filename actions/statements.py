"""费用申报: received against its head, audited line by line, a drawn sample audited again, the result told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert

from actions import (
    draws,
    ledger,
    lifecycle,
    numbering,
    statement_findings,
    statement_letters,
    statutory_clocks,
)
from database import session
from models import Agreement, Claim, Statement
from queries import annual_settlements, statement_stops
from queries import statements as ask
from rules import statements as rule
from rules.drawing import Entry
from rules.insurance import InsuranceKind
from rules.ladder import yuan
from rules.ledger import Kind, Transfer
from rules.lifecycle import StatementState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.statements import INPATIENT, OTHER, Declared, Line, Post

PAY = "pay.deadline"
APPEAL = "audit.appeal"


def receive(agreement: Agreement, given: Declared, *, actor: Actor, on: date) -> Statement:
    """Take a statement up: its lines, what a machine finds wrong with them, the ledger, and the time for paying.

    Refused when head and lines do not agree, while another statement of the same month and insurance counts, and once
    the year is settled.
    """
    require(actor, Permission.IMPORT_STATEMENTS)
    ledger.lock(agreement.institution_id, agreement_id=agreement.id)
    rule.check_declared(given, on)
    check_year(agreement, given.month, given.insurance)
    found = ask.living(agreement.id, given.insurance, given.month)
    if found is not None:
        raise Refused(
            f"{given.month:%Y年%m月}的{given.insurance.label}已有申报 {found.number}。",
            cure="内容有误的，请先退回或者撤回原申报，再重新申报。",
        )
    row = _begin(agreement, given, actor=actor, on=on)
    _keep_lines(row, given.lines)
    statement_findings.found_by_machine(row, given.lines, on=on)
    ledger.post(
        [Transfer(Kind.CLAIM, row.total)],
        institution=agreement.institution, agreement=agreement, statement=row, cause=row, actor=actor, on=on,
    )  # fmt: skip
    statutory_clocks.start(row, PAY, on=given.claimed_on)
    return row


def check_year(agreement: Agreement, month: date, insurance: InsuranceKind) -> None:
    """Refused once the year of the month went into an annual settlement of the fund."""
    family = agreement.institution.kind.family
    annual_settlements.check_open(agreement.id, month.year, insurance, family=family)


def _begin(agreement: Agreement, given: Declared, *, actor: Actor, on: date) -> Statement:
    row = Statement(
        number=numbering.case_number("FY", on.year),
        institution=agreement.institution,
        agreement=agreement,
        state=S.RECEIVED,
        insurance=given.insurance,
        month=given.month,
        claimed_on=given.claimed_on,
        total=given.total,
        line_count=given.line_count,
        source=given.source[:200],
        sha256=given.digest,
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        row, "receive", "收到费用申报", actor=actor, on=on,
        total=row.total, lines=row.line_count, sha256=row.sha256,
    )  # fmt: skip
    session.flush()
    return row


def _keep_lines(row: Statement, lines: Sequence[Line]) -> None:
    of_row = {"statement_id": row.id, "institution_id": row.institution.id}
    session.execute(
        insert(Claim), [of_row | vars(line) | {"voucher_key": line.voucher_key} for line in lines]
    )


def send_back(row: Statement, *, reason: str, actor: Actor, on: date) -> None:
    """退回申报: before the first audit is done; it counts no longer, and the month may be claimed again."""
    if not reason.strip():
        raise Refused("请写明退回的理由。", cure="写明哪里不符、如何改正。")
    lifecycle.move(row, "return", actor=actor, on=on, reason=reason.strip()[:500])
    _undo_claim(row, actor=actor, on=on)


def withdraw(row: Statement, *, actor: Actor, on: date) -> None:
    """The institution takes its claim back before it is audited."""
    lifecycle.move(row, "withdraw", actor=actor, on=on)
    _undo_claim(row, actor=actor, on=on)


def _undo_claim(row: Statement, *, actor: Actor, on: date) -> None:
    for entry in ask.open_entries(row.id):
        ledger.reverse(entry, cause=row, actor=actor, on=on)
    statutory_clocks.finish(row, statutory_clocks.running(row, PAY), on=on)


def first_audit(row: Statement, *, actor: Actor, on: date) -> None:
    """The first audit of every line is done. Whoever did it takes no further part in paying."""
    seen = rule.first_audit_size(row.line_count, on)
    lifecycle.move(
        row, "first_audit", actor=actor, on=on, note=f"初审 {seen} 笔，{_found(row)}",
        first_auditor_id=actor.id, first_audited_on=on,
    )  # fmt: skip
    row.note(Post.FIRST_AUDIT, actor.id)


def sample(row: Statement, *, actor: Actor, on: date, at: datetime, reason: str = "") -> None:
    """Draw the lines that are audited again; a further draw, with its reason, leaves the first in sight."""
    again = row.state == S.SAMPLED
    if again:
        require(actor, Permission.REAUDIT_STATEMENT, row)
    else:
        lifecycle.move(row, "sample", actor=actor, on=on, second_auditor_id=actor.id)
    row.note(Post.SECOND_AUDIT, actor.id)
    pool = [
        Entry(f"{claim.line:06d}", INPATIENT if claim.inpatient else OTHER)
        for claim in ask.claims(row.id)
    ]
    wanted = rule.wanted(ask.groups(row.id), on)
    draws.draw(
        row, pool, wanted, excluded=(), of_round=1, reason=reason, actor=actor, on=on, at=at,
        title=f"随机抽取 {sum(wanted.values())} 笔",
    )  # fmt: skip


def re_audit(row: Statement, *, opinion: str, actor: Actor, on: date) -> None:
    """The sample is audited again. Refused without an opinion on what it showed."""
    if not opinion.strip():
        raise Refused("请写明复审意见。", cure="写明复审的笔数、发现的问题和结论。")
    lifecycle.move(
        row, "re_audit", actor=actor, on=on, note=f"{opinion.strip()[:500]}（{_found(row)}）",
        second_auditor_id=actor.id, second_audited_on=on,
    )  # fmt: skip
    row.note(Post.SECOND_AUDIT, actor.id)


def _found(row: Statement) -> str:
    denied = ask.standing_findings(row.id)
    return f"拒付 {len(denied)} 笔 {yuan(sum(denied.values()))} 元"


def tell(row: Statement, *, actor: Actor, on: date) -> None:
    """Tell the institution which lines are not paid, why, and until when it may object; without any, go on at once."""
    if not ask.standing_findings(row.id):
        lifecycle.move(row, "clear", actor=actor, on=on)
        return
    _notify(row, "notify", actor=actor, on=on)


def tell_more(row: Statement, *, actor: Actor, on: date) -> None:
    """补充告知: lines stopped after the institution was told, or held since, are denied with a notice of their own.

    That has its own time for objecting. Refused when there are none.
    """
    ledger.lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.id)
    require(actor, Permission.REAUDIT_STATEMENT, row)
    found = statement_stops.untold(row, on=on)
    if not found:
        raise Refused(
            "没有在告知以后停止支付、应当拒付的费用。",
            cure="暂停结算的费用暂缓，措施结束以后支付。",
        )
    denied = ask.standing_findings(row.id)
    for claim, stop in found:
        left = claim.amount - denied.get(claim.id, 0)
        statement_findings.add_stop(row, claim, left, stop, on=on)
    session.flush()
    row.note(Post.SECOND_AUDIT, actor.id)
    _notify(row, "notify_more", actor=actor, on=on)


def _notify(row: Statement, verb: str, *, actor: Actor, on: date) -> None:
    basis = rule.denial_basis(on, row.institution.kind.family)
    lifecycle.move(
        row, verb, actor=actor, on=on, basis=basis, notified_on=on, notices=row.notices + 1
    )
    for one in ask.standing(row.id, notice=0):
        one.notice = row.notices
    statement_letters.denials(row, basis=basis, actor=actor, on=on)
