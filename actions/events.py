"""The event log: written with the effect, chained by hash, its head anchored outside the database.

`record` only notes the event; the lines are written just before the commit, under one lock taken last, so that
chaining never holds up or deadlocks the work itself. If the log cannot be written, nothing is committed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event as hooks
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import clock
import database
from database import session
from models import Event
from rules import chain
from rules.permissions import Actor

_CHAIN_LOCK = 735_2021  # any constant: the advisory lock of the chain
_anchor: dict[str, Path] = {}


def anchor_to(path: Path) -> None:
    """After each commit the head of the chain is appended to this file. Called once at start."""
    _anchor["file"] = path


def record(
    subject: Any,
    verb: str,
    title: str,
    *,
    actor: Actor,
    on: date,
    basis: str = "",
    states: tuple[str, str] = ("", ""),
    **facts: Any,
) -> None:
    """Note one event of this transaction. `facts` must be JSON; personal numbers do not belong in it."""
    institution_id = getattr(subject, "institution_id", None)
    session.info.setdefault("events", []).append(
        (
            subject,
            {
                "at": clock.now(),
                "day": on,
                "actor_id": actor.id,
                "actor": actor.name,
                "role": str(actor.role),
                "verb": verb,
                "title": title,
                "subject": subject.__tablename__ if subject is not None else "",
                "institution_id": institution_id,
                "pooling_region": getattr(subject, "pooling_region", actor.pooling_region),
                "from_state": str(states[0]),
                "to_state": str(states[1]),
                "basis": basis,
                "facts": _plain(facts),
            },
        )
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _write_pending(work: Session) -> None:
    pending = session.info.get("events")
    if not pending:
        return
    work.flush()
    if database.is_postgresql():
        work.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    head = work.execute(select(Event.seq, Event.hash).order_by(Event.seq.desc()).limit(1)).first()
    seq, previous = head or (0, chain.GENESIS)
    for subject, line in pending:
        seq += 1
        line["seq"], line["previous"] = seq, previous
        line["subject_id"] = _identity(subject)
        previous = line["hash"] = chain.digest(line)
        work.add(Event(**line))
    work.flush()
    session.info["events"] = []
    session.info["head"] = (seq, previous)


def _identity(subject: Any) -> int | None:
    identity = getattr(subject, "id", None)
    return identity if isinstance(identity, int) else None


def _anchor_head(_work: Session) -> None:
    head = session.info.pop("head", None)
    if head and "file" in _anchor:
        _anchor["file"].parent.mkdir(parents=True, exist_ok=True)
        with _anchor["file"].open("a", encoding="ascii") as file:
            file.write(f"{head[0]} {head[1]}\n")


def _forget(_work: Session) -> None:
    session.info["events"] = []
    session.info.pop("head", None)


hooks.listen(session, "before_commit", _write_pending)
hooks.listen(session, "after_commit", _anchor_head)
hooks.listen(session, "after_rollback", _forget)
