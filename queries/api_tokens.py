"""Tokens of other systems."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import Row, String, bindparam, select

from database import look_up, session
from models import ApiToken
from queries.scope import may_exist
from rules.api_scopes import Scope

OPEN = "可用"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


STANDING = (
    ApiToken.scopes,
    ApiToken.pooling_region,
    ApiToken.approved_on,
    ApiToken.expires_on,
    ApiToken.revoked_on,
)
KEYED = select(ApiToken.name, ApiToken.institution_id, ApiToken.for_agency, *STANDING).where(
    ApiToken.digest == bindparam("digest", type_=String)
)


def opening(token: str, scope: Scope, on: date) -> Row[Any] | None:
    """Whose token it is and for which region, if it is known, open and has the scope.

    One answer for whatever is wrong. Asked before every answer of the interface, so it is no object.
    """
    row = next(iter(look_up(KEYED, {"digest": digest(token)})), None)
    return row if row is not None and opens(row, scope, on) else None


def opens(row: Any, scope: Scope, on: date) -> bool:
    """Is what was read of a key open on the day, and for this use?"""
    return stands(row, on) == OPEN and str(scope) in row.scopes.split(";")


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
