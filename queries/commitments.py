"""服务承诺书: who signed which text, and for which registrations one is missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from database import session
from models import Commitment, Registration


def signed(registration_id: int, text_key: str) -> Commitment | None:
    query = select(Commitment).where(
        Commitment.registration_id == registration_id, Commitment.text_key == text_key
    )
    return session.scalar(query)


def of_registrations(ids: Collection[int]) -> dict[int, list[Commitment]]:
    """Every commitment of these registrations, newest first."""
    found: dict[int, list[Commitment]] = {key: [] for key in ids}
    query = select(Commitment).where(Commitment.registration_id.in_(ids))
    for row in session.scalars(query.order_by(Commitment.signed_on.desc(), Commitment.id.desc())):
        found[row.registration_id].append(row)
    return found


def last_signed(ids: Collection[int]) -> dict[int, date]:
    """The day of the latest commitment of each of these registrations that has one."""
    found: dict[int, date] = {}
    query = select(Commitment.registration_id, Commitment.signed_on)
    for key, day in session.execute(query.where(Commitment.registration_id.in_(ids))):
        found[key] = max(day, found.get(key, day))
    return found


def missing() -> ColumnElement[bool]:
    """Registrations without any commitment."""
    return ~exists().where(Commitment.registration_id == Registration.id)
