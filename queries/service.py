"""Who agreed to be served electronically, and which public notices have run out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from database import session
from models import Document, ServiceConsent


def consent(institution_id: int | None, on: date) -> ServiceConsent | None:
    """The consent in force on a day; none of a person for whom no institution answers."""
    query = select(ServiceConsent).where(
        ServiceConsent.institution_id == institution_id,
        ServiceConsent.given_on <= on,
        or_(ServiceConsent.withdrawn_on.is_(None), ServiceConsent.withdrawn_on >= on),
    )
    return session.scalars(query.order_by(ServiceConsent.id.desc()).limit(1)).first()


def standing_consent(institution_id: int) -> ServiceConsent | None:
    """The one that was not withdrawn."""
    query = select(ServiceConsent).where(
        ServiceConsent.institution_id == institution_id, ServiceConsent.withdrawn_on.is_(None)
    )
    return session.scalar(query)


def consents(institution_id: int) -> list[ServiceConsent]:
    """The newest first."""
    query = select(ServiceConsent).where(ServiceConsent.institution_id == institution_id)
    return list(session.scalars(query.order_by(ServiceConsent.id.desc())))


def announced(day: date) -> list[int]:
    """Letters whose public notice has begun and that are not served yet."""
    query = select(Document.id).where(Document.announced_on < day, Document.served_on.is_(None))
    return list(session.scalars(query.order_by(Document.id)))
