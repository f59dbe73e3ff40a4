"""暂缓结算 of an institution: its own, newest first."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Hold


def of_institution(institution_id: int) -> list[Hold]:
    query = select(Hold).where(Hold.institution_id == institution_id)
    return list(session.scalars(query.order_by(Hold.from_on.desc(), Hold.id.desc())))
