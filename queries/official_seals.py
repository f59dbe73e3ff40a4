"""Electronic seals of the agency."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from database import session
from models import OfficialSeal
from queries.scope import may_exist

AWAITED, IN_USE, RETIRED, OVER = "待核准", "使用中", "已停用", "证书已过期"


def in_use(region: str, on: date) -> OfficialSeal | None:
    """The seal that seals letters of this day; none when its certificate is not valid on it."""
    query = select(OfficialSeal).where(
        OfficialSeal.pooling_region == region,
        OfficialSeal.approved_on <= on,
        OfficialSeal.retired_on.is_(None),
        OfficialSeal.valid_from <= on,
        OfficialSeal.valid_to >= on,
    )
    return session.scalar(query)


def sealing(region: str) -> OfficialSeal | None:
    """The one that is approved and not retired, valid or not: there is room for one."""
    query = select(OfficialSeal).where(
        OfficialSeal.pooling_region == region,
        OfficialSeal.approved_on.is_not(None),
        OfficialSeal.retired_on.is_(None),
    )
    return session.scalar(query)


def number_in_use(region: str, on: date) -> str:
    """The number of its certificate; empty when none is in use."""
    row = in_use(region, on)
    return row.certificate_number if row else ""


def by_certificate(number: str) -> OfficialSeal | None:
    return session.scalar(select(OfficialSeal).where(OfficialSeal.certificate_number == number))


def find(key: int, region: str, *, lock: bool = False) -> OfficialSeal | None:
    if not may_exist(key):
        return None
    query = select(OfficialSeal).where(
        OfficialSeal.id == key, OfficialSeal.pooling_region == region
    )
    return session.scalar(query.with_for_update() if lock else query)


def listed(region: str) -> list[OfficialSeal]:
    """The newest first."""
    query = select(OfficialSeal).where(OfficialSeal.pooling_region == region)
    return list(session.scalars(query.order_by(OfficialSeal.id.desc())))


def certificates() -> list[str]:
    """Of every seal that was ever approved, as PEM: what a signature in one of our letters leads to."""
    query = select(OfficialSeal.certificate).where(OfficialSeal.approved_on.is_not(None))
    return list(session.scalars(query))


def stands(row: OfficialSeal, on: date) -> str:
    """In one word, for the list."""
    if row.retired_on is not None:
        return RETIRED
    if row.valid_to < on:
        return OVER
    return IN_USE if row.approved_on is not None else AWAITED
