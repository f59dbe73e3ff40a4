"""约谈: of a case or another source, of an institution or a person, the list, what a page shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from database import session
from models import Institution, Practitioner, Talk
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut, like
from rules.clocks import Light
from rules.lifecycle import TALK, TalkState
from rules.permissions import Actor
from rules.talks import Host

OPEN = (TalkState.CALLED, TalkState.MISSED, TalkState.HELD)


def of(source: tuple[str, int]) -> list[Talk]:
    """The talks that came from a row (table, id), newest first."""
    noun, key = source
    query = select(Talk).where(Talk.source == noun, Talk.source_id == key)
    return list(session.scalars(query.order_by(Talk.id.desc())))


def open_of(source: tuple[str, int]) -> list[Talk]:
    """Those of them that are neither filed nor cancelled."""
    return [talk for talk in of(source) if talk.state in OPEN]


def of_institution(institution_id: int) -> list[Talk]:
    query = select(Talk).where(Talk.institution_id == institution_id)
    return list(session.scalars(query.order_by(Talk.id.desc())))


def of_practitioner(practitioner_id: int) -> list[Talk]:
    query = select(Talk).where(Talk.practitioner_id == practitioner_id)
    return list(session.scalars(query.order_by(Talk.id.desc())))


def page(actor: Actor, ask: Asked) -> tuple[list[Talk], Page]:
    """In the actor's region, the next planned day last known first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Talk.planned_on.desc(), Talk.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = (
        select(Talk)
        .join(Institution, Talk.institution_id == Institution.id)
        .outerjoin(Practitioner, Talk.practitioner_id == Practitioner.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Talk.institution_id)
    person = (Practitioner.name.like(like(ask.q), escape="\\"),) if ask.q else ()
    query = query.where(*named(ask, Talk.number, more=person), *of_family(ask))
    if ask.word("state") in TALK.states:
        query = query.where(Talk.state == ask.word("state"))
    if ask.word("host") in list(Host):
        query = query.where(Talk.host == ask.word("host"))
    if first := ask.day("from_on"):
        query = query.where(Talk.planned_on >= first)
    if last := ask.day("to_on"):
        query = query.where(Talk.planned_on <= last)
    return query


def badge(row: Talk) -> Light:
    shown = TALK.states[row.state]
    return Light(shown.light, shown.label)
