"""Appeals, corrections and restorations: what is open, what was decided, and their lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from database import session
from models import Appeal, Deduction, Institution, Practitioner, Restoration, Reversal
from queries import scope
from queries.paging import Asked, Page, count, cut, like
from rules.lifecycle import APPEAL, RESTORATION, REVERSAL
from rules.permissions import Actor

OPEN = ("lodged", "examined")
DECIDED = ("upheld", "corrected")


def of(deduction_id: int) -> list[Appeal]:
    """Every appeal against a deduction, newest first."""
    query = select(Appeal).where(Appeal.deduction_id == deduction_id)
    return list(session.scalars(query.order_by(Appeal.id.desc())))


def open_of(deduction_id: int) -> Appeal | None:
    query = select(Appeal).where(Appeal.deduction_id == deduction_id, Appeal.state.in_(OPEN))
    return session.scalar(query)


def reversals_of(deduction_id: int) -> list[Reversal]:
    """Every correction of a deduction, newest first."""
    query = select(Reversal).where(Reversal.deduction_id == deduction_id)
    return list(session.scalars(query.order_by(Reversal.id.desc())))


def open_reversal(deduction_id: int) -> Reversal | None:
    query = select(Reversal).where(
        Reversal.deduction_id == deduction_id, Reversal.state == "recorded"
    )
    return session.scalar(query.limit(1))


def replacing(deduction_id: int) -> Deduction | None:
    """What was given in the place of a deduction."""
    return session.scalar(select(Deduction).where(Deduction.replaces_id == deduction_id))


def restorations_of(practitioner_id: int) -> list[Restoration]:
    """Every restoration of a person, newest first."""
    query = select(Restoration).where(Restoration.practitioner_id == practitioner_id)
    return list(session.scalars(query.order_by(Restoration.id.desc())))


def restoration_points_waiting(practitioner_id: int, year: int) -> int:
    """Points asked for and not decided yet."""
    query = select(func.coalesce(func.sum(Restoration.points), 0)).where(
        Restoration.practitioner_id == practitioner_id,
        Restoration.year == year,
        Restoration.state == "requested",
    )
    return int(session.scalar(query) or 0)


def first_points_on(practitioner_id: int, year: int) -> date | None:
    """The day of the first decision whose points were counted in a year."""
    query = select(func.min(Deduction.decided_on)).where(
        Deduction.practitioner_id == practitioner_id,
        Deduction.year == year,
        Deduction.state == "confirmed",
    )
    return session.scalar(query)


def appeals_page(actor: Actor, ask: Asked) -> tuple[list[Appeal], Page]:
    """Appeals in the actor's scope by text and state, newest first."""
    query = select(Appeal).join(Appeal.deduction).join(Deduction.practitioner)
    query = query.join(Institution, Institution.id == Appeal.institution_id)
    return _page(query, Appeal, APPEAL.states, actor, ask)


def reversals_page(actor: Actor, ask: Asked) -> tuple[list[Reversal], Page]:
    """Corrections in the actor's scope by text and state, newest first."""
    query = select(Reversal).join(Reversal.deduction).join(Deduction.practitioner)
    query = query.join(Institution, Institution.id == Reversal.institution_id)
    return _page(query, Reversal, REVERSAL.states, actor, ask)


def restorations_page(actor: Actor, ask: Asked) -> tuple[list[Restoration], Page]:
    """Restorations in the actor's scope by text and state, newest first."""
    query = select(Restoration).join(Restoration.practitioner)
    query = query.join(Institution, Institution.id == Restoration.institution_id)
    query = query.options(contains_eager(Restoration.practitioner))
    return _page(query, Restoration, RESTORATION.states, actor, ask)


def _page(
    query: Select[Any], model: Any, states: Any, actor: Actor, ask: Asked
) -> tuple[list[Any], Page]:
    query = scope.visible(query, actor, Institution.pooling_region, model.institution_id)
    if ask.q:
        names = (model.number, Practitioner.name, Practitioner.code, Institution.name)
        query = query.where(or_(*(column.ilike(like(ask.q), escape="\\") for column in names)))
    if ask.word("state") in states:
        query = query.where(model.state == ask.word("state"))
    total = count(query)
    rows = session.scalars(cut(query.order_by(model.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)
