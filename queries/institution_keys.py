"""Certificates by which institutions sign."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from database import session
from models import Document, Institution, InstitutionKey
from queries.official_seals import AWAITED, IN_USE, OVER, RETIRED
from queries.scope import may_exist


def in_use(institution_id: int, on: date) -> InstitutionKey | None:
    """The one that signs on this day; none when its certificate is not valid on it."""
    query = select(InstitutionKey).where(
        InstitutionKey.institution_id == institution_id,
        InstitutionKey.approved_on <= on,
        InstitutionKey.retired_on.is_(None),
        InstitutionKey.valid_from <= on,
        InstitutionKey.valid_to >= on,
    )
    return session.scalar(query)


def number_in_use(institution_id: int, on: date) -> str:
    """The number of its certificate; empty when none is in use."""
    row = in_use(institution_id, on)
    return row.certificate_number if row else ""


def signing(institution_id: int) -> InstitutionKey | None:
    """The one that is approved and not retired, valid or not: there is room for one."""
    query = select(InstitutionKey).where(
        InstitutionKey.institution_id == institution_id,
        InstitutionKey.approved_on.is_not(None),
        InstitutionKey.retired_on.is_(None),
    )
    return session.scalar(query)


def by_certificate(number: str) -> InstitutionKey | None:
    return session.scalar(select(InstitutionKey).where(InstitutionKey.certificate_number == number))


def find(key: int, region: str, *, lock: bool = False) -> InstitutionKey | None:
    """One of the region, for its administrators."""
    if not may_exist(key):
        return None
    query = (
        select(InstitutionKey)
        .join(Institution)
        .where(InstitutionKey.id == key, Institution.pooling_region == region)
    )
    return session.scalar(query.with_for_update(of=InstitutionKey) if lock else query)


def listed(region: str) -> list[InstitutionKey]:
    """Those of the region, the newest first."""
    query = select(InstitutionKey).join(Institution).where(Institution.pooling_region == region)
    return list(session.scalars(query.order_by(InstitutionKey.id.desc())))


def of_institution(institution_id: int) -> list[InstitutionKey]:
    """The newest first."""
    query = select(InstitutionKey).where(InstitutionKey.institution_id == institution_id)
    return list(session.scalars(query.order_by(InstitutionKey.id.desc())))


def certificates() -> list[str]:
    """Of every one that was ever approved, as PEM."""
    query = select(InstitutionKey.certificate).where(InstitutionKey.approved_on.is_not(None))
    return list(session.scalars(query))


def stands(row: InstitutionKey, on: date) -> str:
    """In one word, for a list."""
    if row.retired_on is not None:
        return RETIRED
    if row.valid_to < on:
        return OVER
    return IN_USE if row.approved_on is not None else AWAITED


def awaits_signature(letter: Document) -> bool:
    """Whether the letter has a place for the institution's signature and no signature there yet."""
    return bool(letter.facts.get("institution_sealed_by")) and letter.first_sha256 is None
