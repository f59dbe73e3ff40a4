"""Letters issued: on a case, of an institution, all of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from database import session
from models import Document, GradeChange, Institution, Rating, RatingObjection
from queries import calendar_days, rating_objections, recusals, scope
from queries.paging import Asked, Page, count, cut, like
from rules import service
from rules.permissions import Actor

TO_THE_PUBLIC = "rating_objection_answer"  # bears the name of whoever objected


def of(subject: str, subject_id: int) -> list[Document]:
    """The letters of a case, newest first."""
    query = select(Document).where(Document.subject == subject, Document.subject_id == subject_id)
    return list(session.scalars(query.order_by(Document.id.desc())))


def of_institution(institution_id: int, actor: Actor) -> list[Document]:
    query = select(Document).where(Document.institution_id == institution_id, open_to(actor))
    return list(session.scalars(query.order_by(Document.id.desc())))


def is_open(document: Document, actor: Actor) -> bool:
    """Whether this person may read it: not after stepping aside in its case, nor what names somebody of the public."""
    query = select(Document.id).where(Document.id == document.id, open_to(actor))
    return session.scalar(query) is not None


def open_to(actor: Actor) -> ColumnElement[bool]:
    """An answer to somebody of the public is read by those who may look into the objection, and by nobody else."""
    handled = Document.subject_id.in_(rating_objections.handled_by(actor))
    return and_(recusals.open_letters(actor), or_(Document.kind != TO_THE_PUBLIC, handled))


def page(
    actor: Actor, ask: Asked, narrowed: Collection[int] | None = None
) -> tuple[list[Document], Page]:
    """Letters in the actor's scope by text, kind and whether they were served; of a cycle only these."""
    query = select(Document).outerjoin(Institution, Document.institution_id == Institution.id)
    region = func.coalesce(Institution.pooling_region, Document.region)
    query = scope.visible(query, actor, region, Document.institution_id)
    query = query.where(open_to(actor))
    if ask.q:
        pattern = like(ask.q)
        query = query.where(
            or_(
                Document.number.like(pattern, escape="\\"),
                Document.title.like(pattern, escape="\\"),
                Institution.name.like(pattern, escape="\\"),
            )
        )
    if narrowed is not None:
        query = query.where(Document.id.in_(narrowed))
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
    """With the agency's signature alone, or with both."""
    either = or_(Document.sha256 == sha256, Document.first_sha256 == sha256)
    return session.scalar(select(Document).where(either))


def rating_of(document: Document) -> Rating:
    """The rating a letter to a person is about: its own subject, or that of the objection or the change it tells of."""
    if document.subject == "rating":
        return session.get_one(Rating, document.subject_id)
    model: Any = GradeChange if document.subject == "grade_change" else RatingObjection
    rating: Rating = session.get_one(model, document.subject_id).rating
    return rating


def announced_until(since: date) -> date:
    """The day on which a letter that is announced from a day on counts as served."""
    return service.announced_until(since, calendar_days.workdays())
