"""Registered penalties: which are not performed, of whom, and all of them as a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from database import session
from models import Ban, Institution, Office, Penalty
from queries import calendar_days, offices
from queries.paging import Asked, Page, count, cut, like
from rules import clocks
from rules.clock_words import UNITS
from rules.permissions import Actor

STATES = [("open", "履行期限内"), ("over", "逾期未履行"), ("done", "已履行")]


def unperformed(institution_id: int, day: date) -> list[Penalty]:
    """Penalties of the institution whose last day for performing them was before the day, and that were not performed.

    On the due day itself it is not yet in default.
    """
    query = select(Penalty).where(Penalty.institution_id == institution_id, _in_default(day))
    return list(session.scalars(query.order_by(Penalty.due_on, Penalty.id)))


def unperformed_of_persons(id_indexes: Collection[str], day: date) -> list[Penalty]:
    """The same of persons, by the index of their ID numbers, wherever they were penalised."""
    query = select(Penalty).where(Penalty.person_index.in_(list(id_indexes)), _in_default(day))
    return list(session.scalars(query.order_by(Penalty.due_on, Penalty.id)))


def of_institution(institution_id: int) -> list[Penalty]:
    """Every penalty of an institution, newest first."""
    query = select(Penalty).where(Penalty.institution_id == institution_id)
    return list(session.scalars(query.order_by(Penalty.decided_on.desc(), Penalty.id.desc())))


@dataclass(frozen=True)
class Limit:
    """One time limit of the administrative side's own track, for information: from when, until when, met when."""

    label: str
    length: str
    basis: str
    confidence: str
    start: date | None = None
    due: date | None = None
    met: date | None = None


def limits(row: Penalty) -> list[Limit]:
    """The periods of the penalty procedure as far as their days are on record; the others by their length alone."""
    day = row.decided_on
    dated = (
        ("case.decide", row.filed_on, row.decided_on),
        ("case.hearing_request", row.told_on, None),
        ("case.deliver", row.decided_on, row.served_on),
        ("case.pay_fine", row.served_on, row.performed_on),
    )
    lengths = ("case.ext1", "case.ext2", "case.hearing_notice")
    found = [_limit(key, day, start, met) for key, start, met in dated]
    return found + [_limit(key, day, None, None) for key in lengths]


def _limit(key: str, day: date, start: date | None, met: date | None) -> Limit:
    value = clocks.period(key, day)
    due = (
        clocks.due(key, start, workdays=calendar_days.workdays(), strict=False).due
        if start
        else None
    )
    length = f"{value.value} {UNITS[value.unit]}" + (f"（{value.note}）" if value.note else "")
    return Limit(value.label, length, value.basis, value.confidence, start, due, met)


def bars(row: Penalty) -> list[Ban]:
    """The bars this penalty started."""
    return list(session.scalars(select(Ban).where(Ban.penalty_id == row.id).order_by(Ban.id)))


def offices_of(row: Penalty, day: date) -> list[Office]:
    """Which offices a penalised person holds on the day: each of these institutions needs another holder."""
    return offices.held_by([row.person_index], day) if row.person_index else []


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[Penalty], Page]:
    """Penalties in the actor's region by text and by whether they were performed."""
    query = _filtered(actor, ask, on)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Penalty.decided_on.desc(), Penalty.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query = select(Penalty).outerjoin(Institution, Penalty.institution_id == Institution.id)
    query = query.where(Penalty.pooling_region == actor.pooling_region)
    if ask.q:
        pattern = like(ask.q)
        columns = (Penalty.number, Penalty.person_name, Institution.name)
        query = query.where(or_(*(column.like(pattern, escape="\\") for column in columns)))
    conditions = {
        "open": and_(_not_performed(on), Penalty.due_on >= on),
        "over": _in_default(on),
        "done": ~_not_performed(on),
    }
    if ask.word("state") in conditions:
        query = query.where(conditions[ask.word("state")])
    return query


def _not_performed(day: date) -> ColumnElement[bool]:
    return or_(Penalty.performed_on.is_(None), Penalty.performed_on > day)


def _in_default(day: date) -> ColumnElement[bool]:
    return and_(Penalty.due_on < day, _not_performed(day))
