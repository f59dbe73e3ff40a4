"""统筹区条款: entered by one person with source and reason, approved by another before it enters agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import events
from database import session
from models import LocalClause
from models.local_clause import LocalState
from queries import local_clauses as ask
from rules import clause_library
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


@dataclass(frozen=True)
class Wording:
    """What is typed in. Without a key it is a new clause; with one it is the next wording of that clause."""

    chapter: str
    text: str
    basis: str
    reason: str
    since: date
    until: date | None = None
    family: str = ""
    key: str = ""


def propose(given: Wording, *, actor: Actor, on: date) -> LocalClause:
    """Enter a wording of the region.

    Refused for a clause that carries out a national rule, for days that have passed, and without source and reason.
    """
    require(actor, Permission.ADD_LOCAL_CLAUSE)
    text, basis, reason = given.text.strip(), given.basis.strip(), given.reason.strip()
    if not text or not basis or not reason:
        raise Refused("统筹区条款须写明内容、依据文件和理由。")
    if given.since < on or (given.until is not None and given.until < given.since):
        raise Refused(
            "统筹区条款的起用日期不能早于今天，停用日期不能早于起用日期。",
            cure="已经签订的协议不受新条款影响，请填写今天或者以后的日期。",
        )
    clause_library.require_local(given.key, given.chapter)
    row = LocalClause(
        pooling_region=actor.pooling_region,
        key=given.key or _next_key(actor.pooling_region),
        chapter=given.chapter,
        family=given.family,
        text=text,
        basis=basis,
        reason=reason,
        since=given.since,
        until=given.until,
        recorded_by_id=actor.id,
        recorded_on=on,
        state=LocalState.PROPOSED,
    )
    session.add(row)
    session.flush()
    events.record(
        row, "propose", "拟定统筹区条款", actor=actor, on=on, clause=row.key, since=row.since
    )
    return row


def _next_key(region: str) -> str:
    return f"L{len(ask.keys_of(region)) + 1:03d}"


def review(row: LocalClause, *, approved: bool, answer: str, actor: Actor, on: date) -> None:
    """Approve or not, by somebody else than who entered it. Refused twice, without words, and after its first day."""
    require(actor, Permission.APPROVE_LOCAL_CLAUSE, row)
    if row.state is not LocalState.PROPOSED:
        raise Refused(f"该条款{row.state.label}，不能再次审批。")
    if not answer.strip():
        raise Refused("审批统筹区条款须写明意见。")
    if approved and row.since < on:
        raise Refused(
            f"起用日期 {row.since} 已过，不能批准。",
            cure="请不予批准，由经办人重新拟定起用日期。",
        )
    row.state = LocalState.APPROVED if approved else LocalState.REFUSED
    row.reviewed_by_id, row.reviewed_on, row.answer = actor.id, on, answer.strip()
    verb, title = ("approve", "批准") if approved else ("refuse", "不批准")
    events.record(row, verb, f"{title}统筹区条款", actor=actor, on=on, clause=row.key)
