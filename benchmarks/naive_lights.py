"""Lights of the naive page: the calendar read as entities, once a page, and a light for every row."""

from __future__ import annotations

from datetime import date, timedelta

from flask import g
from sqlalchemy.orm import Query

from database import session
from models import CalendarDay, CalendarYear, WorkItem
from rules import clocks
from rules.clocks import Light
from rules.workdays import Workdays, from_rows


def workdays() -> Workdays:
    if "naive_workdays" not in g:
        years = {year.year: year.source for year in session.query(CalendarYear)}
        days = [(day.day, day.working, day.name) for day in session.query(CalendarDay)]
        g.naive_workdays = from_rows(days, years)
    found: Workdays = g.naive_workdays
    return found


def filtered(query: Query[WorkItem], light: str, on: date) -> Query[WorkItem]:
    if light == "paused":
        return query.filter(WorkItem.paused.is_(True))
    if not light:
        return query
    tomorrow, soon = on + timedelta(days=1), workdays().add(on, 3)
    bounds = {
        "over": WorkItem.due_on < on,
        "due": WorkItem.due_on.between(on, tomorrow),
        "soon": (WorkItem.due_on > tomorrow) & (WorkItem.due_on <= soon),
        "ok": WorkItem.due_on > soon,
        "na": WorkItem.due_on.is_(None),
    }
    return query.filter(WorkItem.paused.is_(False), bounds[light])


def light(item: WorkItem, on: date) -> Light:
    finished = item.done_on if item.done else None
    return clocks.light(item.due_on, on, workdays(), paused=item.paused, finished_on=finished)


def used(item: WorkItem, on: date) -> int | None:
    if item.due_on is None:
        return None
    gone = ((item.done_on or on) - item.opened_on).days * 100
    return max(0, min(100, gone // max(1, (item.due_on - item.opened_on).days)))
