"""Letters issued: on a case, of an institution, all of them."""

from __future__ import annotations

from sqlalchemy import or_, select

from database import session
from models import Document, Institution
from queries import recusals, scope
from queries.paging import Asked, Page, count, cut, like
from rules.permissions import Actor


def of(subject: str, subject_id: int) -> list[Document]:
    """The letters of a case, newest first."""
    query = select(Document).where(Document.subject == subject, Document.subject_id == subject_id)
    return list(session.scalars(query.order_by(Document.id.desc())))


def of_institution(institution_id: int, actor: Actor) -> list[Document]:
    query = select(Document).where(
        Document.institution_id == institution_id, recusals.open_letters(actor)
    )
    return list(session.scalars(query.order_by(Document.id.desc())))


def is_open(document: Document, actor: Actor) -> bool:
    """Whether this person may read it: not after stepping aside in its case."""
    query = select(Document.id).where(Document.id == document.id, recusals.open_letters(actor))
    return session.scalar(query) is not None


def page(actor: Actor, ask: Asked) -> tuple[list[Document], Page]:
    """Letters in the actor's scope by text, kind and whether they were served."""
    query = select(Document).join(Institution, Document.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Document.institution_id)
    query = query.where(recusals.open_letters(actor))
    if ask.q:
        pattern = like(ask.q)
        query = query.where(
            or_(
                Document.number.like(pattern, escape="\\"),
                Document.title.like(pattern, escape="\\"),
                Institution.name.like(pattern, escape="\\"),
            )
        )
    if ask.word("kind"):
        query = query.where(Document.kind == ask.word("kind"))
    if ask.word("served") in ("yes", "no"):
        served = Document.served_on.is_not(None)
        query = query.where(served if ask.word("served") == "yes" else ~served)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Document.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def pending(limit: int = 200) -> list[int]:
    """Letters whose bytes have not been made yet, oldest first."""
    query = select(Document.id).where(Document.sha256.is_(None)).order_by(Document.id).limit(limit)
    return list(session.scalars(query))


def by_code(code: str) -> Document | None:
    """The letter of a verification code, for whoever holds the paper."""
    return session.scalar(select(Document).where(Document.verify_code == code.strip().upper()))


def by_sha256(sha256: str) -> Document | None:
    return session.scalar(select(Document).where(Document.sha256 == sha256))
