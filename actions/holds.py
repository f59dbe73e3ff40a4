"""Holds on settlement by service day, written in the transaction of the measure that causes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from database import session
from models import Hold, Institution

ONE_DAY = timedelta(days=1)


def lock(*institution_ids: int) -> None:
    """Keep settlement and every other measure on these institutions waiting until this transaction ends.

    Always in the order of their numbers, so that two who lock several never wait for one another.
    """
    for key in sorted(set(institution_ids)):
        session.get(Institution, key, with_for_update=True)


def place(source: Any, *, from_on: date, to_on: date | None, basis: str) -> Hold:
    """Stop settling service days of the source's institution."""
    hold = Hold(
        institution_id=source.institution.id,
        source=source.__tablename__,
        source_id=source.id,
        from_on=from_on,
        to_on=to_on,
        basis=basis,
    )
    session.add(hold)
    return hold


def release(source: Any, *, last_on: date) -> None:
    """End the source's hold with this service day; a hold that would never have begun is taken away."""
    rows = session.scalars(
        select(Hold).where(
            Hold.source == source.__tablename__,
            Hold.source_id == source.id,
            or_(Hold.to_on.is_(None), Hold.to_on > last_on),
        )
    ).all()
    for hold in rows:
        if hold.from_on > last_on:
            session.delete(hold)
        else:
            hold.to_on = last_on
