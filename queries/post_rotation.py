"""岗位轮换: who has held a post of auditing or paying since when, from the log of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Event, User
from queries import calendar_days
from rules import clocks
from rules import post_rotation as rule
from rules.clocks import Light

UNKNOWN = Light("na", "没有任职记录")


@dataclass(frozen=True)
class Holder:
    """`months`: whole ones in the post; without a record of its beginning there is no day and no light."""

    name: str
    username: str
    post: str
    since: date | None
    months: int | None
    due_on: date | None
    light: Light


def holders(region: str, *, on: date) -> list[Holder]:
    """Everybody in a rotated post of the region, whoever has held one longest first."""
    posts = rule.posts(on)
    query = select(User).where(
        User.role.in_(posts), User.pooling_region == region, User.disabled_on.is_(None)
    )
    users = session.scalars(query.order_by(User.id)).all()
    began = _began(user.id for user in users)
    rows = [_holder(user, posts[user.role], began.get(user.id), on) for user in users]
    return sorted(rows, key=lambda row: (row.since is None, row.since or on, row.name))


def _holder(user: User, post: str, since: date | None, on: date) -> Holder:
    if since is None:
        return Holder(user.name, user.username, post, None, None, None, UNKNOWN)
    workdays = calendar_days.workdays()
    due_on = clocks.due(rule.RULE, since, workdays=workdays, strict=False).due
    light = clocks.light(due_on, on, workdays)
    return Holder(user.name, user.username, post, since, rule.months(since, on), due_on, light)


def _began(keys: Iterable[int]) -> dict[int, date]:
    """Account → the day it was opened, or its role last changed."""
    query = select(Event.subject_id, Event.day).where(
        Event.subject == User.__tablename__,
        Event.subject_id.in_(list(keys)),
        Event.verb.in_(("create_user", "change_role")),
    )
    return {key: day for key, day in session.execute(query.order_by(Event.seq)) if key}
