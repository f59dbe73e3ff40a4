"""One-time forms: the same form sent twice has one effect and one answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from database import session
from models import Document, Operation
from rules.refusal import Refused


def begin(
    key: str, user_id: int | None, endpoint: str, body_hash: str, *, at: datetime
) -> Operation | None:
    """Claim the form's id in this transaction. Returns the earlier operation when it was carried out already.

    Refused when the same id comes with another body. A second sender waits here until the first has committed.
    """
    earlier = session.get(Operation, key)
    if earlier is None:
        claim = Operation(
            id=key, user_id=user_id, endpoint=endpoint, body_hash=body_hash, done_at=at
        )
        session.add(claim)
        try:
            session.flush()
        except IntegrityError:
            session.rollback()
            earlier = session.get(Operation, key)
    if earlier is None:
        session.info["operation"] = key
        session.info.pop("issued", None)  # of a form that was refused
        return None
    if (earlier.user_id, earlier.endpoint, earlier.body_hash) != (user_id, endpoint, body_hash):
        raise Refused(
            "这张表单已经提交过，内容与上次不同，没有执行。", cure="请返回原页面刷新后重新填写。"
        )
    return earlier


def issued(letter: Document) -> Document:
    """Remember a letter that the form in hand issues."""
    if "operation" in session.info:
        session.info.setdefault("issued", []).append(letter)
    return letter


def issued_so_far() -> int:
    """How many letters it has issued."""
    return len(session.info.get("issued", []))


def take_issued() -> list[Document]:
    """The letters it has issued so far; forgotten by being asked for."""
    found: list[Document] = session.info.pop("issued", [])
    return found


def answer(location: str, message: str) -> None:
    """Keep where the operation's answer lies, in the same transaction."""
    key = session.info.pop("operation", None)
    session.info.pop("issued", None)
    claim = session.get(Operation, key) if key else None
    if claim:
        claim.location, claim.message = location, message
