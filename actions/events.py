"""The event log: written with the effect, chained by hash, its hashes kept outside the database as well.

`record` only notes the event; the lines are written just before the commit, under one lock taken last, so that
chaining never holds up or deadlocks the work itself. If the log cannot be written, nothing is committed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event as hooks
from sqlalchemy import select, text
from sqlalchemy.orm import Session, SessionTransaction

import clock
import database
from database import session
from models import Event
from rules import chain
from rules.permissions import Actor
from rules.refusal import Refused

_CHAIN_LOCK = 735_2021  # any constant: the advisory lock of the chain
_anchor: dict[str, Path] = {}


def anchor_to(path: Path) -> None:
    """After each commit the hashes of its lines are appended to this file. Called once at start."""
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
    if not session().in_transaction():
        session.begin()  # so that a rollback takes the line along
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
    if not pending or work.in_nested_transaction():
        return
    work.flush()
    session.info["anchor"] = _open_anchor()
    if database.is_postgresql():
        work.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    head = work.execute(select(Event.seq, Event.hash).order_by(Event.seq.desc()).limit(1)).first()
    seq, previous = head or (0, chain.GENESIS)
    written = []
    for subject, line in pending:
        seq += 1
        line["seq"], line["previous"] = seq, previous
        line["subject_id"] = _identity(subject)
        previous = line["hash"] = chain.digest(line)
        work.add(Event(**line))
        written.append(f"{seq} {previous}\n")
    work.flush()
    session.info["events"] = []
    session.info["written"] = written


def _identity(subject: Any) -> int | None:
    identity = getattr(subject, "id", None)
    return identity if isinstance(identity, int) else None


def _open_anchor() -> Any:
    """Before the commit, so that a log that could not be anchored is not written and nothing happens at all."""
    path = _anchor.get("file")
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="ascii")
    except OSError as error:
        raise Refused(
            "操作日志的库外留存文件无法写入，操作没有执行。",
            cure=f"请系统管理员检查 {path} 的权限和磁盘空间。",
        ) from error


def _anchor_written(work: Session) -> None:
    if work.in_nested_transaction():
        return
    written, file = session.info.pop("written", []), session.info.pop("anchor", None)
    session.info.pop("marks", None)
    if file:
        with file:
            file.write("".join(written))


def _mark(_work: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        pending = session.info.get("events", [])
        session.info.setdefault("marks", {})[transaction] = len(pending)


def _forget(_work: Session, transaction: SessionTransaction | None) -> None:
    """What was rolled back did not happen: all of it, or what came since the savepoint."""
    while transaction is not None and not transaction.nested:
        transaction = transaction.parent
    if transaction is not None:
        since = session.info.get("marks", {}).get(transaction, 0)
        session.info["events"] = session.info.get("events", [])[:since]
        return
    for name in ("events", "written", "marks"):
        session.info.pop(name, None)
    file = session.info.pop("anchor", None)
    if file:
        file.close()


hooks.listen(session, "before_commit", _write_pending)
hooks.listen(session, "after_commit", _anchor_written)
hooks.listen(session, "after_transaction_create", _mark)
hooks.listen(session, "after_soft_rollback", _forget)
