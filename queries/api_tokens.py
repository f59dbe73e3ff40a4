"""Tokens of other systems."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import select

from database import session
from models import ApiToken
from rules.api_scopes import Scope


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def opening(token: str, scope: Scope, on: date) -> ApiToken | None:
    """The token, if it is known, not revoked, not over and has the scope; one answer for whatever is wrong."""
    row = session.scalar(select(ApiToken).where(ApiToken.digest == digest(token)))
    if row is None or row.revoked_on is not None or row.expires_on < on:
        return None
    return row if str(scope) in row.scopes.split(";") else None


def by_name(name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name))


def listed() -> list[ApiToken]:
    return list(session.scalars(select(ApiToken).order_by(ApiToken.id)))
