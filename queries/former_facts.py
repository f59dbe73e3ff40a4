"""What was on record for an institution before: by period, by field, by a former name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select

from database import session
from models import FormerFact, Institution
from queries.paging import like
from rules import names

LATEST = 3  # former names shown beside a name


def of_institution(institution_id: int) -> list[FormerFact]:
    """Everything that was changed, the newest change first."""
    query = select(FormerFact).where(FormerFact.institution_id == institution_id)
    return list(session.scalars(query.order_by(FormerFact.to_on.desc(), FormerFact.id.desc())))


def since(institution_id: int, field: str) -> date | None:
    """Since when the present value stands: the last change of this field, if there was one."""
    query = select(FormerFact.to_on).where(
        FormerFact.institution_id == institution_id, FormerFact.field == field
    )
    return session.scalar(query.order_by(FormerFact.to_on.desc(), FormerFact.id.desc()).limit(1))


def account_on(institution: Institution, day: date) -> str | None:
    """The account that payments of this day go to: a new one counts from its effective day."""
    query = select(FormerFact).where(
        FormerFact.institution_id == institution.id,
        FormerFact.field == "bank_account",
        FormerFact.to_on > day,
    )
    former = session.scalar(query.order_by(FormerFact.to_on, FormerFact.id).limit(1))
    return institution.bank_account if former is None else former.secret


def names_of(ids: Collection[int]) -> dict[int, list[str]]:
    """Former names of these institutions, the latest first."""
    query = select(FormerFact.institution_id, FormerFact.text).where(
        FormerFact.field == "name", FormerFact.institution_id.in_(ids)
    )
    found: dict[int, list[str]] = {}
    for row in session.execute(query.order_by(FormerFact.to_on.desc(), FormerFact.id.desc())):
        known = found.setdefault(row.institution_id, [])
        if row.text not in known and len(known) < LATEST:
            known.append(row.text)
    return found


def named_before(text: str, institution: type[Institution] = Institution) -> ColumnElement[bool]:
    """The condition that an institution once had a name that contains the text, in any spelling or by initials."""
    found = [
        FormerFact.text.like(like(text.strip()), escape="\\"),
        FormerFact.pinyin.like(like(text.strip().casefold()), escape="\\"),
    ]
    if key := names.name_key(text):
        found.append(FormerFact.name_key.like(like(key), escape="\\"))
    return exists().where(
        FormerFact.institution_id == institution.id, FormerFact.field == "name", or_(*found)
    )
