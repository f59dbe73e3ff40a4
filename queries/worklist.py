"""待办: what waits for a desk, what was done, how near its due day. One query a page, one a count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from database import session
from models import WorkItem
from queries import calendar_days
from rules import clocks
from rules.clocks import Light
from rules.kinds import InstitutionKind
from rules.permissions import Actor

SOON_WORKING_DAYS = 3  # the width of the amber light, not a legal period
SORTS = {"due": WorkItem.due_on, "received_on": WorkItem.opened_on, "number": WorkItem.number}
COLUMNS = (
    WorkItem.id,
    WorkItem.subject,
    WorkItem.subject_id,
    WorkItem.number,
    WorkItem.institution_name,
    WorkItem.institution_kind,
    WorkItem.matter,
    WorkItem.step,
    WorkItem.opened_on,
    WorkItem.due_on,
    WorkItem.paused,
    WorkItem.done,
    WorkItem.done_by_name,
    WorkItem.done_on,
)


@dataclass(frozen=True)
class Filters:
    """What the query string asks for. The same object feeds list, export and print."""

    tab: str = "mine"
    q: str = ""
    matter: str = ""
    step: str = ""
    light: str = ""
    from_on: date | None = None
    to_on: date | None = None
    sort: str = "due"
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Row:
    id: int
    subject: str
    subject_id: int
    number: str
    institution: str
    kind_label: str
    matter: str
    step: str
    clerk: str
    received_on: date
    due_on: date | None
    used_percent: int | None
    light: Light
    actions: list[dict[str, str]] = field(default_factory=list)


def desks(actor: Actor) -> list[str]:
    """The desks whose items this person sees: the role's, and what is assigned by name."""
    return [str(actor.role), f"user:{actor.id}"]


def waiting_count(actor: Actor) -> int:
    return _count(_of_tab(actor, "mine", date.min))


def tab_counts(actor: Actor, *, on: date) -> dict[str, int]:
    """Numbers on the tabs: mine, over, due; and what I did."""
    mine = _scope(actor, done=False)
    row = session.execute(
        select(
            func.count(),
            func.count().filter(and_(WorkItem.due_on < on, WorkItem.paused.is_(False))),
            func.count().filter(
                and_(WorkItem.due_on.between(on, on + timedelta(days=1)), WorkItem.paused.is_(False))
            ),
        ).where(mine)
    ).one()
    done = _count(_of_tab(actor, "done", on))
    started = _count(_of_tab(actor, "started", on))
    return {"mine": row[0], "over": row[1], "due": row[2], "done": done, "started": started}


def rows(actor: Actor, filters: Filters, *, on: date) -> list[Row]:
    """One page of the list."""
    query = _filtered(actor, filters, on).with_only_columns(*COLUMNS)
    query = _sorted(query, filters.sort).limit(filters.size).offset((filters.page - 1) * filters.size)
    return [_row(found, on) for found in session.execute(query)]


def count(actor: Actor, filters: Filters, *, on: date) -> int:
    return _count(_filtered(actor, filters, on))


def choices(actor: Actor) -> tuple[list[str], list[str]]:
    """Matters and steps that occur on this desk, for the filter line."""
    found = session.execute(
        select(WorkItem.matter, WorkItem.step).where(_scope(actor, done=False)).distinct()
    ).all()
    return sorted({row[0] for row in found}), sorted({row[1] for row in found})


def _scope(actor: Actor, *, done: bool) -> ColumnElement[bool]:
    return and_(
        WorkItem.done.is_(done),
        WorkItem.pooling_region == actor.pooling_region,
        WorkItem.desk.in_(desks(actor)),
    )


def _of_tab(actor: Actor, tab: str, on: date) -> Select[Any]:
    query = select(WorkItem)
    if tab == "done":
        return query.where(WorkItem.done_by == actor.id)
    if tab == "started":
        return query.where(WorkItem.started_by == actor.id, WorkItem.done.is_(False))
    query = query.where(_scope(actor, done=False))
    if tab == "over":
        return query.where(WorkItem.due_on < on, WorkItem.paused.is_(False))
    if tab == "due":
        tomorrow = on + timedelta(days=1)
        return query.where(WorkItem.due_on.between(on, tomorrow), WorkItem.paused.is_(False))
    return query


def _filtered(actor: Actor, filters: Filters, on: date) -> Select[Any]:
    query = _of_tab(actor, filters.tab, on)
    if filters.q:
        like = "%" + filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(
                WorkItem.institution_name.like(like, escape="\\"),
                WorkItem.number.like(like, escape="\\"),
                WorkItem.pinyin.like(like.lower(), escape="\\"),
            )
        )
    if filters.matter:
        query = query.where(WorkItem.matter == filters.matter)
    if filters.step:
        query = query.where(WorkItem.step == filters.step)
    if filters.from_on:
        query = query.where(WorkItem.opened_on >= filters.from_on)
    if filters.to_on:
        query = query.where(WorkItem.opened_on <= filters.to_on)
    return _lit(query, filters.light, on)


def _lit(query: Select[Any], light: str, on: date) -> Select[Any]:
    """The light as a condition on dates, so that the list and the filter agree."""
    if light == "paused":
        return query.where(WorkItem.paused.is_(True))
    if not light:
        return query
    query = query.where(WorkItem.paused.is_(False))
    tomorrow = on + timedelta(days=1)
    soon = calendar_days.workdays().add(on, SOON_WORKING_DAYS)
    bounds = {
        "over": WorkItem.due_on < on,
        "due": WorkItem.due_on.between(on, tomorrow),
        "soon": and_(WorkItem.due_on > tomorrow, WorkItem.due_on <= soon),
        "ok": WorkItem.due_on > soon,
        "na": WorkItem.due_on.is_(None),
    }
    return query.where(bounds[light]) if light in bounds else query


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"), WorkItem.due_on)
    order = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(order.nulls_last(), WorkItem.id)


def _count(query: Select[Any]) -> int:
    return session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _row(found: Any, on: date) -> Row:
    workdays = calendar_days.workdays()
    finished = found.done_on if found.done else None
    light = clocks.light(found.due_on, on, workdays, paused=found.paused, finished_on=finished)
    return Row(
        id=found.id,
        subject=found.subject,
        subject_id=found.subject_id,
        number=found.number,
        institution=found.institution_name,
        kind_label=InstitutionKind(found.institution_kind).label,
        matter=found.matter,
        step=found.step,
        clerk=found.done_by_name,
        received_on=found.opened_on,
        due_on=found.due_on,
        used_percent=_used(found.opened_on, found.due_on, finished or on),
        light=light,
    )


def _used(opened: date, due: date | None, on: date) -> int | None:
    if due is None:
        return None
    total = max(1, (due - opened).days)
    return max(0, min(100, (on - opened).days * 100 // total))


