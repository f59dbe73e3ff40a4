"""整改台账: orders and their items as lists and pages show them, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

import models
from database import session
from models import Institution, Rectification, RectificationFile, RectificationItem
from queries import calendar_days, responsible_inspectors, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules import rectifications as rule
from rules.clocks import Light
from rules.lifecycle import RECTIFICATION
from rules.lifecycle import RectificationState as S
from rules.permissions import Actor
from rules.rectifications import ItemState

OPEN = (S.ORDERED, S.SUBMITTED, S.RETURNED)
TO_DO = (ItemState.OPEN, ItemState.RETURNED)
_TABLES = {getattr(models, name).__tablename__: getattr(models, name) for name in models.__all__}


@dataclass(frozen=True)
class ListRow:
    """One problem of the ledger, with the order it belongs to."""

    id: int
    number: str
    institution_id: int
    institution: str
    kind_label: str
    inspector: str
    source: str
    position: int
    problem: str
    measure: str
    unit: str
    person: str
    due_on: date
    state: Light
    due: Light
    before: int
    after: int
    closed_on: date | None


def source_row(source: tuple[str, int]) -> Any | None:
    """The row an order comes from; None when there is none of that id."""
    model = _TABLES.get(source[0])
    return session.get(model, source[1]) if model is not None else None


def of(source: tuple[str, int]) -> list[Rectification]:
    """Every order that comes from this row, newest first."""
    query = select(Rectification).where(
        Rectification.source == source[0], Rectification.source_id == source[1]
    )
    return list(session.scalars(query.order_by(Rectification.id.desc())))


def open_of(source: tuple[str, int]) -> list[Rectification]:
    """Those of them that are neither closed nor cancelled."""
    return [row for row in of(source) if row.state in OPEN]


def of_institution(institution_id: int) -> list[Rectification]:
    query = select(Rectification).where(Rectification.institution_id == institution_id)
    return list(session.scalars(query.order_by(Rectification.id.desc())))


def open_of_institution(institution_id: int) -> list[Rectification]:
    return [row for row in of_institution(institution_id) if row.state in OPEN]


def is_overdue(row: Rectification, day: date) -> bool:
    """Has the institution let the last day of an item pass without handing it in?"""
    return row.state in OPEN and any(
        rule.is_overdue(one.state, one.due_on, day) for one in row.items
    )


def overdue(day: date) -> list[int]:
    """Orders with an item past its last day that nobody was called about yet."""
    late = exists().where(RectificationItem.rectification_id == Rectification.id, _late(day))
    query = select(Rectification.id).where(
        Rectification.state.in_((S.ORDERED, S.RETURNED)), Rectification.called_on.is_(None), late
    )
    return list(session.scalars(query.order_by(Rectification.id)))


def file(row: Rectification, key: int) -> RectificationFile | None:
    """A proof of this order by its id."""
    return next((one for item in row.items for one in item.files if one.id == key), None)


def light(item: RectificationItem, on: date) -> Light:
    """How near the last day of an item is; what is closed shows nothing."""
    if item.state not in TO_DO:
        return Light("na", "—")
    return clocks.light(item.due_on, on, calendar_days.workdays())


def badge_of(row: Rectification) -> Light:
    shown = RECTIFICATION.states[row.state]
    return Light(shown.light, shown.label)


def badge(item: RectificationItem) -> Light:
    tones = {
        ItemState.OPEN: "due",
        ItemState.SUBMITTED: "review",
        ItemState.RETURNED: "over",
        ItemState.CLOSED: "ok",
    }
    return Light(tones[item.state], item.state.label)


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """The ledger in the actor's scope, one line a problem, the newest order first."""
    query = _filtered(actor, ask, on)
    total = count(query)
    found = session.execute(
        cut(query.order_by(Rectification.id.desc(), RectificationItem.position), ask)
    ).all()
    rows = [(row.RectificationItem, row.Rectification) for row in found]
    names = responsible_inspectors.names({order.institution_id for _, order in rows}, on)
    files = _files([item.id for item, _ in rows])
    return [_row(item, order, names, files, on) for item, order in rows], Page(
        ask.page, ask.size, total
    )


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query: Any = (
        select(RectificationItem, Rectification)
        .join(Rectification, RectificationItem.rectification_id == Rectification.id)
        .join(Institution, Rectification.institution_id == Institution.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Rectification.institution_id)
    query = query.where(
        *named(ask, Rectification.number, RectificationItem.problem, RectificationItem.person)
    )
    query = query.where(*of_family(ask), *_of_state(ask.word("state"), on))
    if ask.word("source") in rule.SOURCES:
        query = query.where(Rectification.source == ask.word("source"))
    if ask.word("institution").isdecimal():
        query = query.where(Rectification.institution_id == int(ask.word("institution")[:9]))
    return query


def _of_state(word: str, on: date) -> tuple[ColumnElement[bool], ...]:
    if word == "overdue":
        return (Rectification.state.in_(OPEN), _late(on))
    if word == "cancelled":
        return (Rectification.state == S.CANCELLED,)
    if word in set(ItemState):
        return (Rectification.state != S.CANCELLED, RectificationItem.state == ItemState(word))
    return ()


def _late(day: date) -> ColumnElement[bool]:
    return and_(RectificationItem.state.in_(TO_DO), RectificationItem.due_on < day)


def _files(item_ids: list[int]) -> dict[tuple[int, str], int]:
    query = select(RectificationFile.item_id, RectificationFile.stage, func.count())
    query = query.where(RectificationFile.item_id.in_(item_ids)).group_by(
        RectificationFile.item_id, RectificationFile.stage
    )
    return {(key, str(stage)): number for key, stage, number in session.execute(query)}


def _row(
    item: RectificationItem,
    order: Rectification,
    names: dict[int, str],
    files: dict[tuple[int, str], int],
    on: date,
) -> ListRow:
    institution = order.institution
    cancelled = order.state is S.CANCELLED
    shown = RECTIFICATION.states[order.state]
    return ListRow(
        order.id, order.number, institution.id, institution.name, institution.kind.label,
        names.get(institution.id, ""), order.source_text, item.position, item.problem, item.measure,
        item.unit, item.person, item.due_on,
        Light(shown.light, shown.label) if cancelled else badge(item),
        Light("na", "—") if cancelled else light(item, on),
        files.get((item.id, "before"), 0), files.get((item.id, "after"), 0), item.closed_on,
    )  # fmt: skip
