"""Which failed applications may be evaluated once more."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from database import session
from models import Application
from rules.lifecycle import ApplicationState as S


def opening(day: date) -> list[int]:
    """Failed applications whose months were over by the day and of which nothing was written down yet."""
    query = select(Application.id).where(
        Application.state == S.FAILED,
        Application.retry_on.is_not(None),
        Application.retry_on <= day,
        Application.retry_told_on.is_(None),
    )
    return list(session.scalars(query.order_by(Application.id)))
