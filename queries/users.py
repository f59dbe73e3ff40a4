"""Accounts, as the two administrators see them: never with business data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from database import session
from models import Institution, User
from queries.paging import Asked, Page, count, cut, like
from queries.scope import may_exist
from rules.permissions import Role

STATES = {"active": "正常", "locked": "锁定", "initial": "待改初始密码", "disabled": "已停用"}


def page(ask: Asked, *, now: datetime) -> tuple[list[User], Page]:
    """One page of the accounts that fit the query string."""
    query = _filtered(ask, now)
    found = session.scalars(cut(query.order_by(User.username), ask))
    return list(found), Page(ask.page, ask.size, count(query))


def find(key: int, *, lock: bool = False) -> User | None:
    if not may_exist(key):
        return None
    return session.get(User, key, with_for_update=lock or None, populate_existing=lock)


def state(user: User, now: datetime) -> str:
    """The word of STATES."""
    if user.disabled_on:
        return "disabled"
    if user.locked_until and user.locked_until > now:
        return "locked"
    return "initial" if user.must_change_password else "active"


def institution(code: str) -> Institution | None:
    """The institution a new account is for, by its code."""
    return session.scalar(select(Institution).where(Institution.code == code))


def _filtered(ask: Asked, now: datetime) -> Select[Any]:
    query = select(User)
    if ask.q:
        pattern = like(ask.q)
        query = query.where(
            or_(User.username.like(pattern, escape="\\"), User.name.like(pattern, escape="\\"))
        )
    if ask.word("role") in list(Role):
        query = query.where(User.role == Role(ask.word("role")))
    locked = and_(User.locked_until.is_not(None), User.locked_until > now)
    living = User.disabled_on.is_(None)
    conditions = {
        "disabled": User.disabled_on.is_not(None),
        "locked": and_(living, locked),
        "initial": and_(living, User.must_change_password.is_(True)),
        "active": and_(
            living,
            User.must_change_password.is_(False),
            or_(User.locked_until.is_(None), User.locked_until <= now),
        ),
    }
    word = ask.word("state")
    return query.where(conditions[word]) if word in conditions else query
