"""Statutory clocks as rows: started, paused while somebody else has to act, resumed, finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, true

from actions import work_items
from database import session
from models import StatutoryClock
from queries import clock_views
from rules.clock_words import UNITS
from rules.clocks import Deadline
from rules.kinds import MEDICAL


def start(subject: Any, rule: str, *, on: date) -> StatutoryClock:
    """Start a clock on the day of its event. Refused when the year needed is not in the calendar."""
    clock = StatutoryClock(
        subject=subject.__tablename__,
        subject_id=subject.id,
        rule=rule,
        kind=subject.institution.kind.family if subject.institution else MEDICAL,
        started_on=on,
        pauses=[],
    )
    _compute(clock)
    session.add(clock)
    work_items.take_over_clock(subject, clock)
    return clock


def discard(subject: Any, clock: StatutoryClock | None) -> None:
    """Take a clock away whose event turned out to be none of the agency's business."""
    if clock is None:
        return
    session.delete(clock)
    work_items.forget_clock(subject)


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


def latest(subject: Any, rule: str) -> StatutoryClock | None:
    """The subject's newest clock of this rule, running or finished."""
    return session.scalar(
        select(StatutoryClock)
        .where(
            StatutoryClock.subject == subject.__tablename__,
            StatutoryClock.subject_id == subject.id,
            StatutoryClock.rule == rule,
        )
        .order_by(StatutoryClock.id.desc())
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


@dataclass(frozen=True)
class Moved:
    """A running clock whose due day changed, or became final."""

    label: str
    subject: str
    subject_id: int
    was: date
    now: date


def recompute_provisional() -> int:
    """Give unfinished provisional clocks their final due day where the calendar allows it now. Returns how many."""
    return len(_recompute(StatutoryClock.provisional.is_(True)))


def recompute_running() -> list[Moved]:
    """After a calendar year was loaded or replaced: count every unfinished clock anew."""
    return _recompute(true())


def _recompute(which: ColumnElement[bool]) -> list[Moved]:
    unfinished = select(StatutoryClock).where(which, StatutoryClock.finished_on.is_(None))
    moved = []
    for clock in session.scalars(unfinished.order_by(StatutoryClock.id)).all():
        was, provisional = clock.due_on, clock.provisional
        _compute(clock)
        if (was, provisional) != (clock.due_on, clock.provisional):
            work_items.take_over_moved(clock)
            moved.append(Moved(clock.label, clock.subject, clock.subject_id, was, clock.due_on))
    return moved


def _compute(clock: StatutoryClock) -> None:
    deadline: Deadline = clock_views.deadline_of(clock)
    clock.due_on, clock.provisional = deadline.due, deadline.provisional
    clock.basis, clock.label = deadline.basis, deadline.label
    clock.length = f"{deadline.length} {UNITS[deadline.unit]}"
    clock.explain = list(deadline.explain)
