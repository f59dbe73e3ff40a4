"""Signing in and out. A signed-in browser is a row; the cookie is only its key."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import case, or_, select, update

import clock
from actions import events
from database import session
from models import User, WebSession
from rules.passwords import LONGEST
from rules.permissions import SYSTEM, Actor
from rules.refusal import Refused

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Limits:
    """Sign-in limits, from the settings."""

    attempts: int = 5
    lock_minutes: int = 15
    idle_minutes: int = 30
    hours: int = 8


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def count_attempt(username: str, limits: Limits) -> User | None:
    """Count one try before the password is looked at; None when locked, disabled or unknown.

    One UPDATE, so that many guesses at once cannot pass on the same count; the last one allowed locks at once, and
    `sign_in` unlocks when it was right. The caller commits before `sign_in`.
    """
    now = clock.now()
    fresh = User.locked_until <= now
    tries = case((fresh, 1), else_=User.failed_count + 1)
    until = now + timedelta(minutes=limits.lock_minutes)
    user_id = session.scalar(
        update(User)
        .where(
            User.username == username,
            User.disabled_on.is_(None),
            or_(User.locked_until.is_(None), fresh),
        )
        .values(
            failed_count=tries, locked_until=case((tries >= limits.attempts, until), else_=None)
        )
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    return session.get(User, user_id, populate_existing=True) if user_id else None


def sign_in(user: User | None, password: str, limits: Limits) -> str:
    """Check the password and open a session; returns the cookie's token.

    Refused with one and the same sentence for an unknown user, a wrong password and a locked account.
    """
    right = _fits(user.password_hash if user else _NOBODY, password)
    if user is None or not right:
        if user and user.locked_until:
            _note(user, "lock", "连续登录失败，账号锁定")
        raise Refused(
            "用户名或者密码不正确，或者账号已被锁定。",
            cure=f"连续 {limits.attempts} 次失败将锁定 {limits.lock_minutes} 分钟；忘记密码请联系系统管理员。",
        )
    _welcome(user)
    _note(user, "sign_in", "登录")
    return open_session(user)


def _welcome(user: User) -> None:
    """Past the version of the row: signing in twice at once, or while the account is edited, is no conflict."""
    session.execute(
        update(User)
        .where(User.id == user.id)
        .values(failed_count=0, locked_until=None, last_login_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def open_session(user: User) -> str:
    """A new browser session of this user; returns the cookie's token, of which only the digest is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(WebSession(digest=_digest(token), user_id=user.id, started_at=now, seen_at=now))
    return token


def current(token: str, limits: Limits) -> WebSession | None:
    """The living session of a cookie: not ended, not idle, not too old, its user not disabled."""
    found = session.get(WebSession, _digest(token))
    if found is None or found.ended_at or found.user.disabled_on:
        return None
    now = clock.now()
    idle = now - found.seen_at > timedelta(minutes=limits.idle_minutes)
    old = now - found.started_at > timedelta(hours=limits.hours)
    return None if idle or old else found


def is_stale(found: WebSession) -> bool:
    """Time to note that the user is still there (at most once a minute)."""
    return clock.now() - found.seen_at > timedelta(minutes=1)


def touch(digest: str) -> None:
    session.execute(
        update(WebSession)
        .where(WebSession.digest == digest, WebSession.ended_at.is_(None))
        .values(seen_at=clock.now())
    )


def sign_out(found: WebSession) -> None:
    """End this session at once, on every host."""
    found.ended_at = clock.now()
    _note(found.user, "sign_out", "退出")


def end_all(user_id: int) -> None:
    """After a change of password, role or scope: every session of the user ends at its next request."""
    living = select(WebSession).where(WebSession.user_id == user_id, WebSession.ended_at.is_(None))
    for found in session.scalars(living):
        found.ended_at = clock.now()


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.name, user.role, user.pooling_region, user.institution_id)


def fits(user: User, password: str) -> bool:
    """Is this the user's present password?"""
    return _fits(user.password_hash, password)


def _fits(stored: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(user: User, verb: str, title: str) -> None:
    actor = actor_of(user) if verb != "lock" else SYSTEM
    events.record(user, verb, title, actor=actor, on=clock.today())
