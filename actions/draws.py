"""抽取: the pool is frozen and hashed, then a seed is taken that nobody could know, then all is kept for good."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from actions import events
from database import session
from models import Draw
from rules import drawing
from rules.drawing import Entry
from rules.permissions import Actor
from rules.refusal import Refused


def draw(
    subject: Any,
    pool: Sequence[Entry],
    wanted: Mapping[str, int],
    *,
    excluded: Sequence[Mapping[str, str]],
    of_round: int,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
    title: str = "抽取评估组成员",
) -> Draw:
    """Draw and write down. Whoever must step aside is not in the pool any more: `excluded` says who and why.

    A second draw of the same round is refused without a reason; the first one stays. Nothing is drawn of nobody.
    """
    turn = 1 + int(session.scalar(_turns(subject, of_round)) or 0)
    _require_cause(turn, reason, wanted)
    result, seed = _drawn(pool, wanted)
    row = Draw(
        subject=subject.__tablename__,
        subject_id=subject.id,
        round=of_round,
        turn=turn,
        reason=reason.strip()[:500],
        excluded=[dict(one) for one in excluded],
        wanted=dict(wanted),
        drawn_at=at,
        drawn_by_id=actor.id,
        drawn_by=actor.name,
        **_record(pool, result, seed),
    )
    session.add(row)
    session.flush()
    events.record(subject, "draw", title, actor=actor, on=on, pool_hash=row.pool_hash, turn=turn)
    return row


def _require_cause(turn: int, reason: str, wanted: Mapping[str, int]) -> None:
    if turn > 1 and not reason.strip():
        raise Refused(
            "本轮已经抽取过，重新抽取须写明理由。", cure="原抽取记录保留，新旧记录并列显示。"
        )
    if not any(wanted.values()):
        raise Refused("没有要抽取的对象。")


def _drawn(pool: Sequence[Entry], wanted: Mapping[str, int]) -> tuple[drawing.Result, str]:
    """The pool is fixed by now; only then is there a seed."""
    seed = secrets.token_hex(drawing.SEED_BYTES)
    return drawing.draw(pool, wanted, seed), seed


def _record(pool: Sequence[Entry], result: drawing.Result, seed: str) -> dict[str, Any]:
    """What anybody needs to draw again and come to the same."""
    return {
        "pool": [[entry.key, entry.group] for entry in sorted(pool)],
        "pool_hash": result.pool_hash,
        "seed": seed,
        "tickets": [[one.key, one.group, one.ticket] for one in result.tickets],
        "drawn": list(result.drawn),
    }


def _turns(subject: Any, of_round: int) -> Any:
    return select(func.max(Draw.turn)).where(
        Draw.subject == subject.__tablename__,
        Draw.subject_id == subject.id,
        Draw.round == of_round,
    )


def holds(row: Draw) -> bool:
    """Does the record still say what its own pool and seed lead to?"""
    again = drawing.draw([Entry(*one) for one in row.pool], row.wanted, row.seed)
    return again.pool_hash == row.pool_hash and list(again.drawn) == row.drawn
