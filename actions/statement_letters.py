"""What a month's settlement tells the institution: each letter from the facts as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import regulations
from actions import letters
from documents.settlement_letters import Answer, DeniedLine, Part
from models import AuditFinding, Disbursement, Statement
from queries import ledger
from queries import statements as ask
from rules import ledger as rule
from rules.ledger import Account
from rules.permissions import Actor

MOST_LINES = 200  # lines printed in the letter; all of them stand in the portal
SHOWN = (
    Account.DENIED, Account.HELD, Account.RETAINED, Account.DISALLOWED, Account.LIQUIDATED_DAMAGES,
    Account.RECOVERED, Account.ADVANCES, Account.ADJUSTMENTS, Account.PAID, Account.PAYABLE,
)  # fmt: skip


def _month(row: Statement) -> dict[str, Any]:
    return {
        "institution": row.institution.name,
        "statement_number": row.number,
        "month": f"{row.month.year}年{row.month.month}月",
        "insurance": row.insurance.label,
        "claimed_on": row.claimed_on,
        "claimed_total": row.total,
        "line_count": row.line_count,
    }


def denials(row: Statement, *, basis: str, actor: Actor, on: date) -> None:
    """拒付明细告知书: what this notice tells, line by line with reason and article, and until when one may object."""
    found = ask.standing(row.id, notice=row.notices)
    period = regulations.at(on, row.institution.kind.family).audit.appeal
    letters.issue(
        "denial_detail", row, row.institution, actor=actor, on=on,
        denied=sum(one.amount for one in found),
        denied_lines=len(found),
        notice=row.notices,
        sampled=ask.sampled_count(row),
        basis=basis,
        days=period.value,
        days_basis=period.basis,
        lines=tuple(_line(one) for one in found[:MOST_LINES]),
        **_month(row),
    )  # fmt: skip


def _line(one: AuditFinding) -> DeniedLine:
    return DeniedLine(
        line=one.claim.line,
        voucher=one.claim.voucher,
        service_date=one.claim.service_date,
        claimed=one.claim.amount,
        denied=one.amount,
        reason=one.reason_told,
        basis=one.basis,
    )


def appeal_answer(
    row: Statement, contested: Iterable[AuditFinding], *, actor: Actor, on: date
) -> None:
    """拒付申诉处理结果告知书: each contested denial with the answer, and what is denied after it."""
    letters.issue(
        "denial_appeal", row, row.institution, actor=actor, on=on,
        appealed_on=row.appealed_on,
        denied=sum(one.amount for one in ask.standing(row.id)),
        basis=regulations.at(on, row.institution.kind.family).audit.deny_basis.basis,
        answers=tuple(_answer(one) for one in contested),
        **_month(row),
    )  # fmt: skip


def _answer(one: AuditFinding) -> Answer:
    return Answer(
        line=one.claim.line,
        denied=one.amount,
        reason=one.reason_text,
        contested=one.contested,
        upheld=one.stands,
        answer=one.answer,
    )


def sheet(row: Statement, *, actor: Actor, on: date) -> None:
    """结算单: what was claimed, divided; the parts add up."""
    found = ledger.balances(statement_id=row.id)
    labels = rule.accounts(on)
    letters.issue(
        "settlement_sheet", row, row.institution, actor=actor, on=on,
        payable=found.get(Account.PAYABLE, 0),
        basis=regulations.at(on, row.institution.kind.family).pay.deadline.basis,
        parts=tuple(
            Part(label=labels[one].label, amount=found[one], note=labels[one].extra["destination"])
            for one in SHOWN
            if found.get(one)
        ),
        **_month(row),
    )  # fmt: skip


def disbursed(row: Statement, made: Disbursement, *, actor: Actor, on: date) -> None:
    """拨付通知书."""
    letters.issue(
        "disbursement_notice", row, row.institution, actor=actor, on=on,
        amount=made.amount,
        offset=made.offset,
        paid_on=made.paid_on,
        voucher=made.voucher,
        approved_on=row.approved_on,
        basis=regulations.at(on, row.institution.kind.family).pay.deadline.basis,
        **_month(row),
    )  # fmt: skip
