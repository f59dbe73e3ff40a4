"""The points ledger: what counts on a day, and the list of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from database import session
from models import Deduction, Institution, PointsEntry, Practitioner
from queries import points_ledger, scope
from queries.paging import Asked, Page, count, cut, like
from rules.lifecycle import DEDUCTION
from rules.permissions import Actor
from scoring import points
from scoring.points import PointsLaw, Revoke, Suspend
from scoring.points_ledger import EntryKind, counted, held_points
from scoring.points_ledger import entries as as_entries

SORTS = {"number": Deduction.number, "decided_on": Deduction.decided_on, "points": Deduction.points}


@dataclass(frozen=True)
class Outlook:
    """`held`: points of the year under appeal, which are in the total and bring nothing for now."""

    total: int
    change: Suspend | Revoke | None
    held: int = 0


def total(practitioner_id: int, day: date) -> int:
    """Points of the calendar year of the day, as far as they were booked by then."""
    return points_ledger.total(practitioner_id, day)


def entries(practitioner_id: int, day: date) -> list[Deduction]:
    """The deductions that counted in the calendar year of the day, as the ledger stood then, oldest first."""
    return list(
        session.scalars(
            select(Deduction)
            .join(PointsEntry, PointsEntry.deduction_id == Deduction.id)
            .where(
                Deduction.practitioner_id == practitioner_id,
                Deduction.year == day.year,
                PointsEntry.kind == EntryKind.DEDUCT,
                PointsEntry.booked_on <= day,
                points_ledger.not_taken_back(day),
            )
            .order_by(PointsEntry.id)
        )
    )


def outlook(deduction: Deduction, on: date) -> Outlook:
    """What confirming it now would bring, before it is confirmed; points under appeal bring nothing meanwhile."""
    known = points_ledger.lines(deduction.practitioner_id)
    before = counted(known)
    [entry] = as_entries([points_ledger.prospective(deduction, on)])
    change = points.crossing(as_entries(before), entry, PointsLaw.on(deduction.decided_on))
    total_ = points_ledger.balance(deduction.practitioner_id, deduction.year) + deduction.points
    return Outlook(total_, change, held_points(known, deduction.year))


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
