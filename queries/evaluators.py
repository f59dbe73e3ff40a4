"""The evaluation pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from database import session
from models import Application, Evaluation, Evaluator, Institution, Opinion
from models.user import User
from queries import scope, teams
from queries.paging import Asked, Page, count, cut, like
from rules.permissions import Actor, Permission, Role, may


@dataclass(frozen=True)
class PoolRow:
    """A member of the pool with how often this person sat, and how often it is this person's turn now."""

    evaluator: Evaluator
    sat: int
    open: int


def page(actor: Actor, ask: Asked) -> tuple[list[PoolRow], Page]:
    """The pool of the actor's region: active members by specialty, then those who left."""
    query = (
        select(Evaluator)
        .join(User, Evaluator.user_id == User.id)
        .where(User.pooling_region == actor.pooling_region)
    )
    if ask.q:
        pattern = like(ask.q)
        query = query.where(
            or_(
                User.name.like(pattern, escape="\\"),
                Evaluator.organisation.like(pattern, escape="\\"),
            )
        )
    if ask.word("specialty"):
        query = query.where(Evaluator.specialty == ask.word("specialty"))
    if ask.word("active") in ("yes", "no"):
        query = query.where(Evaluator.active.is_(ask.word("active") == "yes"))
    total = count(query)
    order = (Evaluator.active.desc(), Evaluator.specialty, Evaluator.id)
    rows = session.scalars(cut(query.order_by(*order), ask))
    return [_row(row) for row in rows], Page(ask.page, ask.size, total)


def _row(row: Evaluator) -> PoolRow:
    mine: Any = select(func.count(Opinion.id)).where(Opinion.evaluator_id == row.id)
    sat = session.scalar(mine) or 0
    return PoolRow(row, sat, session.scalar(mine.where(Opinion.signed_on.is_(None))) or 0)


def joinable(actor: Actor) -> list[User]:
    """Accounts of the region that can evaluate and are not in the pool now."""
    inside = select(Evaluator.user_id).where(Evaluator.active.is_(True))
    query = select(User).where(
        User.pooling_region == actor.pooling_region,
        User.disabled_on.is_(None),
        User.role.in_(_roles()),
        User.id.not_in(inside),
    )
    return list(session.scalars(query.order_by(User.name, User.id)))


def _roles() -> list[Role]:
    return [role for role in Role if may(Actor(0, "", role), Permission.EVALUATE)]


def one(key: int, actor: Actor, *, lock: bool = False) -> Evaluator | None:
    """A member of the pool of the actor's region."""
    if not scope.may_exist(key):
        return None
    row = session.get(
        Evaluator, key, with_for_update={"of": Evaluator} if lock else None, populate_existing=lock
    )
    return row if row is not None and row.pooling_region == actor.pooling_region else None


def institutions(actor: Actor, *, limit: int = 1000) -> list[Institution]:
    """Institutions of the region a tie can lead to."""
    query = select(Institution).where(Institution.pooling_region == actor.pooling_region)
    return list(session.scalars(query.order_by(Institution.name).limit(limit)))


def available(application: Application) -> list[Evaluator]:
    """Active members of the pool in this region who need not step aside."""
    return [found.evaluator for found in teams.candidates(application) if found.free]


def chosen(ids: list[int], application: Application) -> list[Evaluator]:
    """The active members of the pool among these ids, whether they must step aside or not."""
    return [one.evaluator for one in teams.candidates(application) if one.evaluator.id in ids]


def pool(application: Application) -> list[Evaluator]:
    """The active pool for an application, also those who must step aside."""
    return [one.evaluator for one in teams.candidates(application)]


def everybody(application: Application) -> list[Evaluator]:
    """Whoever is or was in the pool of the region: an old draw still knows its names."""
    query = (
        select(Evaluator)
        .join(User, Evaluator.user_id == User.id)
        .where(User.pooling_region == application.pooling_region)
    )
    return list(session.scalars(query))


def opinion_of(application: Application, user_id: int | None) -> Opinion | None:
    """This person's opinion in the latest round, signed or not."""
    if not application.evaluations:
        return None
    latest: Evaluation = application.evaluations[-1]
    return next((one for one in latest.opinions if one.evaluator.user_id == user_id), None)
