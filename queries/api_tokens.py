"""Tokens of other systems."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import Row, String, bindparam, select

from database import session
from models import ApiToken
from queries.scope import may_exist
from rules.api_scopes import Scope

OPEN = "可用"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


KEYED = select(
    ApiToken.name,
    ApiToken.scopes,
    ApiToken.pooling_region,
    ApiToken.institution_id,
    ApiToken.for_agency,
    ApiToken.approved_on,
    ApiToken.expires_on,
    ApiToken.revoked_on,
).where(ApiToken.digest == bindparam("digest", type_=String))


def opening(
    token: str, scope: Scope, on: date
) -> Row[str, str, str, int | None, bool, date | None, date, date | None] | None:
    """Whose token it is and for which region, if it is known, open and has the scope.

    One answer for whatever is wrong. Asked before every answer of the interface, so it is no object.
    """
    row = session.connection().execute(KEYED, {"digest": digest(token)}).one_or_none()
    if row is None or stands(row, on) != OPEN:
        return None
    return row if str(scope) in row.scopes.split(";") else None


def stands(row: Any, on: date) -> str:
    """How a key stands on a day, in a word; only one of them opens anything."""
    if row.revoked_on is not None:
        return "已停用"
    if row.expires_on < on:
        return "已过期"
    return "待核准" if row.approved_on is None else OPEN


def find(key: int, *, lock: bool = False) -> ApiToken | None:
    if not may_exist(key):
        return None
    return session.get(ApiToken, key, with_for_update=lock or None, populate_existing=lock)


def by_name(name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name))


def listed(region: str = "") -> list[ApiToken]:
    """All of them, or those of a region."""
    query = select(ApiToken).order_by(ApiToken.id)
    if region:
        query = query.where(ApiToken.pooling_region == region)
    return list(session.scalars(query))
