"""Practitioners of an institution whom a case may name, present and past."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Practitioner, Registration


def of(institution_id: int) -> list[Practitioner]:
    query = (
        select(Practitioner)
        .join(Registration, Registration.practitioner_id == Practitioner.id)
        .where(Registration.institution_id == institution_id)
        .distinct()
        .order_by(Practitioner.code)
    )
    return list(session.scalars(query))


def worked_at(practitioner_id: int, institution_id: int) -> bool:
    """Was this person ever on file at the institution?"""
    query = select(Registration.id).where(
        Registration.practitioner_id == practitioner_id,
        Registration.institution_id == institution_id,
    )
    return session.scalar(query.limit(1)) is not None
