"""Statutory clocks as rows: started, paused while somebody else has to act, resumed, finished."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from actions import work_items
from database import session
from models import StatutoryClock
from queries import clock_views
from rules.clock_words import UNITS
from rules.clocks import Deadline


def start(subject: Any, rule: str, *, on: date) -> StatutoryClock:
    """Start a clock on the day of its event. Refused when the year needed is not in the calendar."""
    clock = StatutoryClock(
        subject=subject.__tablename__,
        subject_id=subject.id,
        rule=rule,
        kind=subject.institution.kind.family,
        started_on=on,
        pauses=[],
    )
    _compute(clock)
    session.add(clock)
    work_items.take_over_clock(subject, clock)
    return clock


def running(subject: Any, rule: str) -> StatutoryClock | None:
    """The subject's clock of this rule that is not finished."""
    return session.scalar(
        select(StatutoryClock).where(
            StatutoryClock.subject == subject.__tablename__,
            StatutoryClock.subject_id == subject.id,
            StatutoryClock.rule == rule,
            StatutoryClock.finished_on.is_(None),
        )
    )


def pause(subject: Any, clock: StatutoryClock, *, on: date, reason: str) -> None:
    """Stop the clock: the days until it is resumed do not count."""
    clock.paused_on, clock.pause_reason = on, reason
    work_items.take_over_clock(subject, clock)


def resume(subject: Any, clock: StatutoryClock, *, on: date) -> None:
    """Let the clock run on; the due day moves by the time it stood."""
    if clock.paused_on is None:
        return
    clock.pauses = [
        *clock.pauses,
        [clock.paused_on.isoformat(), on.isoformat(), clock.pause_reason],
    ]
    clock.paused_on, clock.pause_reason = None, ""
    _compute(clock)
    work_items.take_over_clock(subject, clock)


def finish(subject: Any, clock: StatutoryClock | None, *, on: date) -> None:
    """End the clock. From now on its light is judged at this day for ever."""
    if clock is None:
        return
    resume(subject, clock, on=on)
    clock.finished_on = on
    work_items.take_over_clock(subject, clock)


def recompute_provisional() -> int:
    """After a year's calendar is loaded: give unfinished provisional clocks their final due day. Returns how many."""
    open_ones = session.scalars(
        select(StatutoryClock).where(
            StatutoryClock.provisional.is_(True), StatutoryClock.finished_on.is_(None)
        )
    ).all()
    for clock in open_ones:
        _compute(clock)
    return sum(not clock.provisional for clock in open_ones)


def _compute(clock: StatutoryClock) -> None:
    deadline: Deadline = clock_views.deadline_of(clock)
    clock.due_on, clock.provisional = deadline.due, deadline.provisional
    clock.basis, clock.label = deadline.basis, deadline.label
    clock.length = f"{deadline.length} {UNITS[deadline.unit]}"
    clock.explain = list(deadline.explain)
