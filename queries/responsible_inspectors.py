"""分片包干: who answers for which institution on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from database import session
from models import Institution, ResponsibleInspector, User
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.permissions import Actor, Role

NOBODY = "none"


@dataclass(frozen=True)
class ListRow:
    id: int
    name: str
    code: str
    kind_label: str
    division: str
    inspector: str
    since: date | None


@dataclass(frozen=True)
class Share:
    """How much one inspector answers for."""

    user_id: int
    name: str
    medical: int
    pharmacies: int

    @property
    def total(self) -> int:
        return self.medical + self.pharmacies


def now(institution_id: int) -> ResponsibleInspector | None:
    """The assignment without an end."""
    return session.scalar(
        select(ResponsibleInspector).where(
            ResponsibleInspector.institution_id == institution_id,
            ResponsibleInspector.to_on.is_(None),
        )
    )


def on_day(institution_id: int, day: date) -> User | None:
    """Who answered for the institution on the day."""
    query = select(User).join(ResponsibleInspector, ResponsibleInspector.user_id == User.id)
    return session.scalar(
        query.where(ResponsibleInspector.institution_id == institution_id, _holds(day))
    )


def owner(institution_id: int, day: date) -> Actor | None:
    """The same as an actor; nobody when the account is off or no inspector's any more."""
    user = on_day(institution_id, day)
    if user is None or user.disabled_on is not None or user.role is not Role.INSPECTOR:
        return None
    return Actor(user.id, user.name, user.role, user.pooling_region)


def names(institution_ids: Collection[int], day: date) -> dict[int, str]:
    """Names by institution, for lists."""
    query = select(ResponsibleInspector.institution_id, User.name).join(
        User, ResponsibleInspector.user_id == User.id
    )
    query = query.where(ResponsibleInspector.institution_id.in_(institution_ids), _holds(day))
    return {row.institution_id: row.name for row in session.execute(query)}


def history(institution_id: int) -> list[ResponsibleInspector]:
    query = select(ResponsibleInspector).where(
        ResponsibleInspector.institution_id == institution_id
    )
    return list(session.scalars(query.order_by(ResponsibleInspector.id.desc())))


def inspectors(actor: Actor) -> list[User]:
    """Who may be named: the inspectors of the region whose accounts are on."""
    query = select(User).where(
        User.role == Role.INSPECTOR,
        User.pooling_region == actor.pooling_region,
        User.disabled_on.is_(None),
    )
    return list(session.scalars(query.order_by(User.name, User.id)))


def inspector(user_id: int, actor: Actor) -> User | None:
    return next((one for one in inspectors(actor) if one.id == user_id), None)


def shares(actor: Actor, day: date) -> list[Share]:
    """Every inspector with the number of institutions, those who have none too."""
    query = (
        select(ResponsibleInspector.user_id, Institution.kind, func.count())
        .join(Institution, ResponsibleInspector.institution_id == Institution.id)
        .where(Institution.pooling_region == actor.pooling_region, _holds(day))
        .group_by(ResponsibleInspector.user_id, Institution.kind)
    )
    counted: dict[tuple[int, str], int] = {}
    for user_id, kind, number in session.execute(query):
        key = (user_id, kind.family)
        counted[key] = counted.get(key, 0) + number
    return [
        Share(one.id, one.name, counted.get((one.id, "medical"), 0), counted.get((one.id, "pharmacy"), 0))
        for one in inspectors(actor)
    ]  # fmt: skip


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """Institutions in scope with whoever answers for them, those of nobody first."""
    query = _filtered(actor, ask, on)
    total = count(query)
    found = session.execute(
        cut(query.order_by(User.name.nulls_first(), Institution.name, Institution.id), ask)
    )
    rows = [
        ListRow(
            row.Institution.id, row.Institution.name, row.Institution.code or "",
            row.Institution.kind.label, row.Institution.division, row.inspector or "", row.from_on,
        )
        for row in found
    ]  # fmt: skip
    return rows, Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query: Any = (
        select(Institution, User.name.label("inspector"), ResponsibleInspector.from_on)
        .outerjoin(
            ResponsibleInspector,
            and_(ResponsibleInspector.institution_id == Institution.id, _holds(on)),
        )
        .outerjoin(User, ResponsibleInspector.user_id == User.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Institution.id)
    query = query.where(*named(ask, Institution.code, Institution.division), *of_family(ask))
    who = ask.word("inspector")
    if who == NOBODY:
        return query.where(User.id.is_(None))
    return query.where(User.id == int(who)) if who.isdecimal() else query


def _holds(day: date) -> Any:
    return and_(
        ResponsibleInspector.from_on <= day,
        or_(ResponsibleInspector.to_on.is_(None), ResponsibleInspector.to_on >= day),
    )
