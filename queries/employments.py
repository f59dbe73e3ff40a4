"""People and their contracts at an institution."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Employment


def of_institution(institution_id: int) -> list[Employment]:
    """Everybody ever stated, those still there first."""
    query = select(Employment).where(Employment.institution_id == institution_id)
    order = (Employment.left_on.is_not(None), Employment.role, Employment.name, Employment.id)
    return list(session.scalars(query.order_by(*order)))
