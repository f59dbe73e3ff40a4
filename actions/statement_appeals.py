"""拒付申诉: denials told and served, objected to or accepted, judged by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions import (
    ledger,
    letters,
    lifecycle,
    statement_findings,
    statement_letters,
    statutory_clocks,
)
from actions.statements import APPEAL
from database import session
from models import Document, Statement
from rules.lifecycle import StatementState as S
from rules.permissions import SYSTEM, Actor, Role
from rules.refusal import Refused
from rules.statements import Post
from rules.timetable import Outcome


def told(document: Document, *, on: date) -> None:
    """The denials were served: from now the time for objecting runs."""
    row = session.get_one(Statement, document.subject_id)
    latest = letters.of(row, document.kind)[0].id == document.id
    if row.state == S.NOTIFIED and latest and statutory_clocks.running(row, APPEAL) is None:
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
    clock = statutory_clocks.running(row, APPEAL)
    if clock is not None and on > clock.due_on:
        raise Refused(
            f"申诉期限已于 {clock.due_on} 届满。",
            basis=clock.basis,
            cure="可以依法通过其他途径提出。",
        )
    chosen = [one for one in row.findings if one.open and one.id in contested]
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
        clock = statutory_clocks.running(row, APPEAL)
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
    contested = [one for one in row.findings if one.open and one.contested]
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


def end_appeals(statement_id: int, day: date) -> Outcome:
    """The nightly rule: the time for objecting is over and nobody did, so the denials stand."""
    known = session.get_one(Statement, statement_id)
    ledger.lock(known.institution_id, agreement_id=known.agreement_id, statement_id=known.id)
    clock = statutory_clocks.running(known, APPEAL)
    if known.state != S.NOTIFIED or clock is None or day <= clock.due_on:
        return Outcome()
    accept(known, actor=SYSTEM, on=day)
    return Outcome(done=True)
