"""待办: what waits for a desk, what was done, how near its due day. One query a page; counts are remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true

from database import session
from models import WorkItem
from queries import calendar_days, recusals
from queries.paging import like as pattern
from queries.remembered import remembered
from rules import clocks
from rules.clocks import Light
from rules.kinds import InstitutionKind
from rules.permissions import Actor
from rules.workdays import Workdays

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


class Row(NamedTuple):
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
    href: str = ""  # the door knows the page on which it is done


def desks(actor: Actor) -> list[str]:
    """The desks whose items this person sees: the role's, and what is assigned by name."""
    return [str(actor.role), f"user:{actor.id}"]


def waiting_count(actor: Actor) -> int:
    """The red number on every page."""
    query = _of_tab(actor, "mine", date.min)
    return remembered(("waiting", *_whose(actor)), lambda: _count(query))


def tab_counts(actor: Actor, *, on: date) -> dict[str, int]:
    """Numbers on the tabs: mine, over, due; and what I did."""
    groups = _groups(actor, on)
    done, started = remembered(("own", actor.id), lambda: _own(actor, on))
    return {
        "mine": sum(group.waiting for group in groups),
        "over": sum(group.over for group in groups),
        "due": sum(group.due for group in groups),
        "done": done,
        "started": started,
    }


def rows(actor: Actor, filters: Filters, *, on: date) -> list[Row]:
    """One page of the list."""
    query = _sorted(_filtered(actor, filters, on), filters.sort).with_only_columns(*COLUMNS)
    lights = Lights(on)
    page = query.limit(filters.size).offset((filters.page - 1) * filters.size)
    return [_row(found, lights) for found in session.execute(page)]


def count(actor: Actor, filters: Filters, *, on: date) -> int:
    """How many rows the filters leave, on all pages."""
    plain = replace(filters, sort="", page=1, size=0)
    query = _filtered(actor, filters, on)
    return remembered(("count", *_whose(actor), plain, on), lambda: _count(query))


def choices(actor: Actor, *, on: date) -> tuple[list[str], list[str]]:
    """Matters and steps that occur on this desk, for the filter line."""
    groups = _groups(actor, on)
    return sorted({group.matter for group in groups}), sorted({group.step for group in groups})


def _whose(actor: Actor) -> tuple[Any, ...]:
    return actor.id, actor.role, actor.pooling_region


class Group(NamedTuple):
    """What waits on a desk, by matter and step."""

    matter: str
    step: str
    waiting: int
    over: int
    due: int


def _groups(actor: Actor, on: date) -> list[Group]:
    """One statement for three tabs and two filters."""
    return remembered(("groups", *_whose(actor), on), lambda: _grouped(actor, on))


def _grouped(actor: Actor, on: date) -> list[Group]:
    running = WorkItem.paused.is_(False)
    over = func.count().filter(and_(WorkItem.due_on < on, running))
    due = func.count().filter(and_(WorkItem.due_on.between(on, on + timedelta(days=1)), running))
    query = select(WorkItem.matter, WorkItem.step, func.count(), over, due)
    found = session.execute(query.where(_scope(actor)).group_by(WorkItem.matter, WorkItem.step))
    return [Group(*row) for row in found]


def _own(actor: Actor, on: date) -> tuple[int, int]:
    """What I finished, and what I started that still waits for somebody."""
    done, started = (
        _counting(_of_tab(actor, tab, on)).scalar_subquery() for tab in ("done", "started")
    )
    row = session.execute(select(done, started)).one()
    return row[0], row[1]


def _scope(actor: Actor) -> ColumnElement[bool]:
    return and_(
        WorkItem.done.is_(False),
        WorkItem.pooling_region == actor.pooling_region,
        WorkItem.desk.in_(desks(actor)),
        not_(recusals.closed_items(actor)),
    )


def _of_tab(actor: Actor, tab: str, on: date) -> Select[Any]:
    query = select(WorkItem)
    if tab in ("done", "started"):
        query = query.where(not_(recusals.closed_items(actor)))
    if tab == "done":
        return query.where(WorkItem.done_by == actor.id)
    if tab == "started":
        return query.where(WorkItem.started_by == actor.id, WorkItem.done.is_(False))
    query = query.where(_scope(actor))
    if tab == "over":
        return query.where(WorkItem.due_on < on, WorkItem.paused.is_(False))
    if tab == "due":
        tomorrow = on + timedelta(days=1)
        return query.where(WorkItem.due_on.between(on, tomorrow), WorkItem.paused.is_(False))
    return query


def _filtered(actor: Actor, filters: Filters, on: date) -> Select[Any]:
    query = _of_tab(actor, filters.tab, on)
    if filters.q:
        like = pattern(filters.q)
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
    return _lit(query, filters, on)


def _lit(query: Select[Any], filters: Filters, on: date) -> Select[Any]:
    """The light as a condition on dates, so that the list and the filter agree."""
    light = filters.light
    if not light:
        return query
    if light == "na":
        return query.where(WorkItem.due_on.is_(None))
    if filters.tab == "done":
        return query.where(_finished(light))
    if light == "paused":
        return query.where(WorkItem.paused.is_(True), WorkItem.due_on.is_not(None))
    tomorrow, soon = on + timedelta(days=1), clocks.last_amber(on, _calendar())
    bounds = {
        "over": WorkItem.due_on < on,
        "due": WorkItem.due_on.between(on, tomorrow),
        "soon": and_(WorkItem.due_on > tomorrow, WorkItem.due_on <= soon),
        "ok": and_(WorkItem.due_on > tomorrow, WorkItem.due_on > soon),
    }
    return query.where(WorkItem.paused.is_(False), bounds.get(light, true()))


def _finished(light: str) -> ColumnElement[bool]:
    """A finished item was in time or late, for good."""
    bounds = {"over": WorkItem.done_on > WorkItem.due_on, "ok": WorkItem.done_on <= WorkItem.due_on}
    return bounds.get(light, false())


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"), WorkItem.due_on)
    order = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(order.nulls_last(), WorkItem.id)


def _counting(query: Select[Any]) -> Select[Any]:
    return query.with_only_columns(func.count(), maintain_column_froms=True)


def _count(query: Select[Any]) -> int:
    return session.scalar(_counting(query)) or 0


class Lights:
    """The lights of one page; rows with the same days share one."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._known: dict[tuple[Any, ...], Light] = {}

    def of(self, due: date | None, paused: bool, finished: date | None) -> Light:
        key = (due, paused, finished)
        if key not in self._known:
            workdays = _calendar()
            self._known[key] = clocks.light(
                due, self.on, workdays, paused=paused, finished_on=finished
            )
        return self._known[key]


def _calendar() -> Workdays:
    """For lights, which are shown and decide nothing, the calendar this process read before will do."""
    return remembered("calendar", calendar_days.workdays)


def _row(found: Any, lights: Lights) -> Row:
    finished = found.done_on if found.done else None
    return Row(
        id=found.id,
        subject=found.subject,
        subject_id=found.subject_id,
        number=found.number,
        institution=found.institution_name,
        kind_label=InstitutionKind(found.institution_kind).label if found.institution_kind else "",
        matter=found.matter,
        step=found.step,
        clerk=found.done_by_name,
        received_on=found.opened_on,
        due_on=found.due_on,
        used_percent=_used(found.opened_on, found.due_on, finished or lights.on),
        light=lights.of(found.due_on, found.paused, finished),
    )


def _used(opened: date, due: date | None, on: date) -> int | None:
    if due is None:
        return None
    total = max(1, (due - opened).days)
    return max(0, min(100, (on - opened).days * 100 // total))
