"""Registrations that a revocation ended, and their reopening when it falls away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from database import session
from models import Institution, Registration
from queries import practitioners


def end(practitioner_id: int, *, on: date) -> list[int]:
    """End every registration that runs, with this day; after the bar the person files anew. Returns which."""
    query = select(Registration).where(
        Registration.practitioner_id == practitioner_id,
        practitioners.registered_on(on),
        Registration.to_on.is_(None) | (Registration.to_on > on),
    )
    rows = session.scalars(query.order_by(Registration.id)).all()
    for row in rows:
        row.to_on = on
    session.flush()
    return [row.id for row in rows]


def reopen(keys: Collection[int], *, on: date) -> None:
    """Let them run again: as if never ended on the same day, otherwise from this day beside the gap."""
    for row in _rows(keys):
        if row.to_on is None or practitioners.is_registered(
            row.practitioner_id, row.institution_id, on
        ):
            row.to_on = None if row.to_on == on else row.to_on
            continue
        session.add(
            Registration(
                practitioner_id=row.practitioner_id,
                institution_id=row.institution_id,
                first_place=row.first_place,
                role=row.role,
                department=row.department,
                licence_id=row.licence_id,
                from_on=on,
            )
        )
    session.flush()


def places(keys: Collection[int]) -> list[Institution]:
    """Where they were: whoever was told of the first measure is told of the one that replaces it."""
    return sorted({row.institution for row in _rows(keys)}, key=lambda place: place.id)


def _rows(keys: Collection[int]) -> list[Registration]:
    query = select(Registration).where(Registration.id.in_(set(keys)))
    return list(session.scalars(query.order_by(Registration.id)))
