"""跨区通报, received, as the list and the page show it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from database import session
from models import Institution, RegionNotice
from queries import scope
from queries.paging import Asked, Page, count, cut, like
from rules.clocks import Light
from rules.lifecycle import REGION_NOTICE
from rules.permissions import Actor


def known(agreement_id: int, letter_number: str) -> bool:
    """Was this letter put on record for the agreement?"""
    query = select(RegionNotice.id).where(
        RegionNotice.agreement_id == agreement_id,
        RegionNotice.letter_number == letter_number.strip(),
    )
    return session.scalar(query) is not None


def page(actor: Actor, ask: Asked) -> tuple[list[RegionNotice], Page]:
    """In the actor's region, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(RegionNotice.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(RegionNotice).join(Institution, RegionNotice.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, RegionNotice.institution_id)
    if ask.q:
        pattern = like(ask.q)
        columns = (Institution.name, RegionNotice.number, RegionNotice.letter_number)
        query = query.where(or_(*(column.like(pattern, escape="\\") for column in columns)))
    if ask.word("state") in REGION_NOTICE.states:
        query = query.where(RegionNotice.state == ask.word("state"))
    return query


def badge(row: RegionNotice) -> Light:
    shown = REGION_NOTICE.states[row.state]
    return Light(shown.light, shown.label)
