"""The list of the untrustworthy, and one entry with what it means here: never with a whole ID number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from database import session
from models import Application, Office, Untrustworthy
from queries import offices
from queries.applications import ENDED
from queries.paging import Asked, Page, count, cut, like
from rules import grounds
from rules.permissions import Actor

STATES = [("on", "在名单内"), ("off", "已移出")]


def page(ask: Asked, *, on: date) -> tuple[list[Untrustworthy], Page]:
    """Entries by text and by whether the person is on the list today."""
    query = select(Untrustworthy)
    if ask.q:
        columns = (Untrustworthy.person_name, Untrustworthy.number, Untrustworthy.authority)
        query = query.where(or_(*(one.like(like(ask.q), escape="\\") for one in columns)))
    gone = Untrustworthy.removed_on <= on
    if ask.word("state") == "off":
        query = query.where(gone)
    elif ask.word("state") == "on":
        query = query.where(or_(Untrustworthy.removed_on.is_(None), ~gone))
    total = count(query)
    order = (Untrustworthy.listed_on.desc(), Untrustworthy.id.desc())
    rows = session.scalars(cut(query.order_by(*order), ask))
    return list(rows), Page(ask.page, ask.size, total)


@dataclass(frozen=True)
class Upon:
    """An office the person holds, the application of the institution that is not decided, and the case of the law."""

    office: Office
    application: Application | None
    article: str


def find(key: int) -> Untrustworthy | None:
    return session.get(Untrustworthy, key)


def on_list(row: Untrustworthy, day: date) -> bool:
    return row.listed_on <= day and (row.removed_on is None or row.removed_on > day)


def upon(row: Untrustworthy, actor: Actor, day: date) -> list[Upon]:
    """Institutions of the actor's region in which the person is in office, each with what the entry means there."""
    held = offices.held_by([row.person_index], day)
    here = [one for one in held if one.institution.pooling_region == actor.pooling_region]
    found = []
    for office in here:
        place = office.institution
        article = grounds.basis("untrustworthy", family=place.kind.family, on=day)
        found.append(Upon(office, _undecided(place.id), article))
    return found


def _undecided(institution_id: int) -> Application | None:
    query = select(Application).where(
        Application.institution_id == institution_id,
        Application.state.not_in(ENDED),
    )
    return session.scalars(query.order_by(Application.id.desc()).limit(1)).first()
