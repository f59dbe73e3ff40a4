"""Who holds the three offices of an institution on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from database import session
from models import Office


def on_day(day: date) -> ColumnElement[bool]:
    return and_(Office.from_on <= day, or_(Office.to_on.is_(None), Office.to_on >= day))


def in_office(institution_id: int, day: date) -> list[Office]:
    """Legal representative, principal and controller of the institution on the day, in this order of entry."""
    query = (
        select(Office)
        .where(Office.institution_id == institution_id, on_day(day))
        .order_by(Office.id)
    )
    return list(session.scalars(query))


def held_by(id_indexes: Collection[str], day: date) -> list[Office]:
    """Every office these persons hold anywhere on the day."""
    query = select(Office).where(Office.id_index.in_(id_indexes), on_day(day)).order_by(Office.id)
    return list(session.scalars(query))
