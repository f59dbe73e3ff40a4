"""拒付明细: what is not paid of a line, found by the machine or an auditor, given up with a reason, cured by a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import regulations
from actions import events
from database import session
from models import AuditFinding, Claim, Statement
from queries import practitioners, statement_stops
from queries import statements as ask
from rules import codes
from rules import statements as rule
from rules.ladder import yuan
from rules.lifecycle import StatementState as S
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.statements import Fate, Line, Post

AUDITING = {
    S.RECEIVED: (Permission.AUDIT_STATEMENT, Post.FIRST_AUDIT),
    S.SAMPLED: (Permission.REAUDIT_STATEMENT, Post.SECOND_AUDIT),
}


def found_by_machine(row: Statement, lines: Sequence[Any], *, on: date) -> None:
    """What the system itself finds: another month, claimed before, a service day that is not paid."""
    known = ask.claimed_before(row, lines)
    stops = statement_stops.of_lines(row.institution, lines, on=on)
    claims = {claim.line: claim for claim in ask.claims(row.id)}
    seen: set[tuple[str, date, int]] = set()
    for line, stop in zip(lines, stops, strict=True):
        code = _machine_reason(line, row.month, line.twin in known or line.twin in seen)
        seen.add(line.twin)
        if code:
            _add(row, claims[line.line].id, code, line.amount, actor=SYSTEM, on=on)
        elif stop.fate is Fate.DENY:
            add_stop(row, claims[line.line], line.amount, stop, on=on)
    session.flush()


def _machine_reason(line: Line, month: date, again: bool) -> str:
    if rule.outside(line, month):
        return "outside_month"
    return "duplicate_line" if again else ""


def _add(
    row: Statement,
    claim_id: int,
    code: str,
    amount: int,
    *,
    actor: Actor,
    on: date,
    remark: str = "",
) -> AuditFinding:
    why = rule.reason(code, on, row.institution.kind.family)
    return _finding(
        row, claim_id, amount, reason=code, reason_text=why.label, basis=why.basis, remark=remark, actor=actor, on=on
    )  # fmt: skip


def add_stop(row: Statement, claim: Claim, amount: int, stop: rule.Found, *, on: date) -> None:
    """Deny so much of a line for the first reason that stops its day."""
    first = stop.because[0]
    claim.stopped = stop.codes[:300]
    _finding(
        row, claim.id, amount, reason=rule.STOPPED, reason_text=rule.stop_label(first.code, on),
        basis=first.article, remark=_misspelt(first.code, claim, on), actor=SYSTEM, on=on,
    )  # fmt: skip


def _misspelt(code: str, claim: Claim, on: date) -> str:
    """What is wrong with the way a code is written that nobody bears."""
    if code != "unknown_practitioner":
        return ""
    law = regulations.at(on)
    return codes.practitioner_code_fault(codes.tidy(claim.practitioner_code), law, "") or ""


def _finding(
    row: Statement, claim_id: int, amount: int, *, actor: Actor, on: date, **words: str
) -> AuditFinding:
    made = AuditFinding(
        statement_id=row.id, claim_id=claim_id, amount=amount, recorded_by_id=actor.id, recorded_on=on, **words
    )  # fmt: skip
    session.add(made)
    return made


def find(
    row: Statement, line: int, *, reason: str, amount: int, remark: str, actor: Actor, on: date
) -> AuditFinding:
    """Deny part or all of a line, for a reason of the catalogue. Refused for more than is left of it. In 分."""
    _auditing(row, actor)
    claim = ask.claim(row.id, line)
    if claim is None:
        raise Refused(f"没有第 {line} 行。", cure="请核对行号。")
    rule.check_finding(amount, claim.left)
    made = _add(row, claim.id, reason, amount, actor=actor, on=on, remark=remark.strip()[:300])
    session.flush()
    session.expire(claim, ["findings"])
    events.record(
        row, "find", "登记拒付", actor=actor, on=on, basis=made.basis,
        line=line, text=f"第 {line} 行，{yuan(amount)} 元：{made.reason_text}", amount=amount,
    )  # fmt: skip
    return made


def strike(found: AuditFinding, *, reason: str, actor: Actor, on: date, code: str = "") -> None:
    """Give a finding up while the audit runs, with the reason; it stays in sight. `code`: who served, named later."""
    row = found.statement
    _auditing(row, actor)
    if code.strip():
        supply(found, code)
    give_up(found, reason, actor=actor, on=on)


def supply(found: AuditFinding, code: str) -> None:
    """Keep who served as it was named later. Refused where that changes nothing, and for whom was never filed here.

    A code that nobody bears and one of another institution are answered alike: nobody learns whose codes there are.
    """
    code = codes.tidy(code)
    if not found.curable:
        raise Refused(f"第 {found.line} 行的拒付与人员编码无关，不能补报。", basis=found.basis)
    if not practitioners.once_filed(code, found.statement.institution_id):
        raise Refused(
            f"编码 {code[:32]} 不是在本机构登记备案的人员。",
            basis=found.basis,
            cure="请核对编码；尚未登记备案的人员，先办理登记备案。",
        )
    found.claim.supplied_code = code


def give_up(found: AuditFinding, reason: str, *, actor: Actor, on: date) -> None:
    """Strike it; the caller has asked who may. Refused for a line that still may not be paid because of its person."""
    if not reason.strip():
        raise Refused("请写明撤销拒付的理由。")
    if found.struck_on is not None:
        raise Refused("该项拒付已经撤销。")
    if found.curable:
        _check_person(found, on)
    found.struck_on, found.struck_by_id, found.struck_reason = on, actor.id, reason.strip()[:300]
    events.record(
        found.statement, "strike", "撤销拒付", actor=actor, on=on,
        line=found.claim.line, amount=found.amount, text=found.struck_reason,
    )  # fmt: skip


def _check_person(found: AuditFinding, on: date) -> None:
    stop = statement_stops.of_lines(found.statement.institution, [found.claim], on=on)[0]
    if stop.fate is not Fate.PAY:
        first = stop.because[0]
        raise Refused(
            f"第 {found.line} 行仍然不能支付：{rule.stop_label(first.code, on)}。",
            basis=first.article,
            cure="请机构补报实际提供服务人员的编码；补报以后仍不能支付的，维持拒付。",
        )


def _auditing(row: Statement, actor: Actor) -> None:
    """Refused outside an audit, and to whoever does not audit now; others are noted as taking part in it."""
    if row.state not in AUDITING:
        raise Refused("只有在初审、复审期间可以登记或者撤销拒付。")
    permission, post = AUDITING[S(row.state)]
    require(actor, permission, row)
    row.note(post, actor.id)
