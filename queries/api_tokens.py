"""Tokens of other systems."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import Row, String, bindparam, select

from database import session
from models import ApiToken
from rules.api_scopes import Scope


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


KEYED = select(
    ApiToken.name,
    ApiToken.scopes,
    ApiToken.pooling_region,
    ApiToken.expires_on,
    ApiToken.revoked_on,
).where(ApiToken.digest == bindparam("digest", type_=String))


def opening(token: str, scope: Scope, on: date) -> Row[str, str, str, date, date | None] | None:
    """Whose token it is and for which region, if it is known, not revoked, not over and has the scope.

    One answer for whatever is wrong. Asked before every answer of the interface, so it is no object.
    """
    row = session.connection().execute(KEYED, {"digest": digest(token)}).one_or_none()
    if row is None or row.revoked_on is not None or row.expires_on < on:
        return None
    return row if str(scope) in row.scopes.split(";") else None


def by_name(name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name))


def listed() -> list[ApiToken]:
    return list(session.scalars(select(ApiToken).order_by(ApiToken.id)))
