"""The points ledger: what counts on a day, and the list of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from database import session
from models import Deduction, Institution, Practitioner
from queries import scope
from queries.paging import Asked, Page, count, cut, like
from rules.lifecycle import DEDUCTION
from rules.permissions import Actor
from scoring import points
from scoring.points import Entry, PointsLaw, Revoke, Suspend

SORTS = {"number": Deduction.number, "decided_on": Deduction.decided_on, "points": Deduction.points}


@dataclass(frozen=True)
class Outlook:
    total: int
    change: Suspend | Revoke | None


def total(practitioner_id: int, day: date) -> int:
    """Points of the calendar year of the day, as far as they were confirmed by then."""
    return sum(entry.points for entry in entries(practitioner_id, day))


def entries(practitioner_id: int, day: date) -> list[Deduction]:
    """The confirmed entries of the calendar year of the day, as far as they were confirmed by then, oldest first."""
    return list(
        session.scalars(
            select(Deduction)
            .where(
                Deduction.practitioner_id == practitioner_id,
                Deduction.year == day.year,
                Deduction.state == "confirmed",
                Deduction.confirmed_on <= day,
            )
            .order_by(Deduction.confirmed_on, Deduction.id)
        )
    )


def account(practitioner_id: int, year: int) -> list[Entry]:
    """What counts in a year's account so far, in the order in which it was confirmed, as the arithmetic wants it."""
    query = (
        select(Deduction)
        .where(
            Deduction.practitioner_id == practitioner_id,
            Deduction.year == year,
            Deduction.state == "confirmed",
        )
        .order_by(Deduction.confirmed_on, Deduction.id)
    )
    return [entry_of(row) for row in session.scalars(query)]


def entry_of(deduction: Deduction) -> Entry:
    """Each decision stands alone: what one gives counts as given at once."""
    return Entry(deduction.points, deduction.decided_on, deduction.number)


def outlook(deduction: Deduction) -> Outlook:
    """What confirming it now would bring, before it is confirmed."""
    before, entry = account(deduction.practitioner_id, deduction.year), entry_of(deduction)
    change = points.crossing(before, entry, PointsLaw.on(deduction.decided_on))
    return Outlook(sum(each.points for each in (*before, entry)), change)


def of(practitioner_id: int) -> list[Deduction]:
    """Every decision on a person, newest first: the ledger, with what was not confirmed."""
    return list(
        session.scalars(
            select(Deduction)
            .where(Deduction.practitioner_id == practitioner_id)
            .order_by(Deduction.decided_on.desc(), Deduction.id.desc())
        )
    )


def page(actor: Actor, ask: Asked) -> tuple[list[Deduction], Page]:
    """Decisions in the actor's scope by text, state, days and person, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    sort = ask.word("sort") or "-number"
    column = SORTS.get(sort.removeprefix("-"), Deduction.number)
    order = column.desc() if sort.startswith("-") else column.asc()
    loaded = cut(query.order_by(order, Deduction.id.desc()), ask).options(
        contains_eager(Deduction.practitioner), contains_eager(Deduction.institution)
    )
    return list(session.scalars(loaded)), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Deduction).join(Deduction.practitioner).join(Deduction.institution)
    query = scope.visible(query, actor, Institution.pooling_region, Deduction.institution_id)
    if ask.q:
        names = (Deduction.number, Practitioner.name, Practitioner.code, Institution.name)
        query = query.where(or_(*(column.ilike(like(ask.q), escape="\\") for column in names)))
    if ask.word("state") in DEDUCTION.states:
        query = query.where(Deduction.state == ask.word("state"))
    if ask.word("practitioner").isdecimal():
        query = query.where(Deduction.practitioner_id == int(ask.word("practitioner")[:9]))
    if first := ask.day("from_on"):
        query = query.where(Deduction.decided_on >= first)
    if last := ask.day("to_on"):
        query = query.where(Deduction.decided_on <= last)
    return query
