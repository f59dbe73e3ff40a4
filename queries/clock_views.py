"""A statutory clock as pages show it: ring, dates, light and the sentences behind the due day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import StatutoryClock
from queries import calendar_days
from rules import clocks
from rules.clocks import Deadline, Light, Pause


@dataclass(frozen=True)
class ClockView:
    rule_label: str
    length_text: str
    started_on: date
    paused_text: str
    due_on: date
    remaining: int | None
    unit_label: str
    used_percent: int
    light: Light
    explain: tuple[str, ...]
    provisional: bool
    basis: str


def deadline_of(clock: StatutoryClock) -> Deadline:
    """Compute the deadline of a clock row anew from its facts. Refused when its year is not loaded."""
    pauses = [
        Pause(date.fromisoformat(a), date.fromisoformat(b), why) for a, b, why in clock.pauses
    ]
    if clock.paused_on:
        pauses.append(Pause(clock.paused_on, None, clock.pause_reason))
    return clocks.due(
        rule=clock.rule,
        start=clock.started_on,
        kind=clock.kind,
        pauses=pauses,
        workdays=calendar_days.workdays(),
        strict=False,
    )


def of(subject: str, subject_id: int, *, on: date) -> list[ClockView]:
    """The clocks of a subject, running ones first."""
    rows = session.scalars(
        select(StatutoryClock)
        .where(StatutoryClock.subject == subject, StatutoryClock.subject_id == subject_id)
        .order_by(StatutoryClock.finished_on.is_not(None), StatutoryClock.id.desc())
    )
    return [view(row, on=on) for row in rows]


def of_rule(subject: str, subject_id: int, rule: str, *, on: date) -> list[ClockView]:
    """The clocks of one rule of a subject, running ones first."""
    rows = session.scalars(
        select(StatutoryClock)
        .where(
            StatutoryClock.subject == subject,
            StatutoryClock.subject_id == subject_id,
            StatutoryClock.rule == rule,
        )
        .order_by(StatutoryClock.finished_on.is_not(None), StatutoryClock.id.desc())
    )
    return [view(row, on=on) for row in rows]


def of_all(rows: Iterable[Any], *, on: date) -> list[ClockView]:
    """The clocks of several subjects of a case, such as its decisions."""
    return [view for row in rows for view in of(row.__tablename__, row.id, on=on)]


def view(clock: StatutoryClock, *, on: date) -> ClockView:
    deadline = deadline_of(clock)
    workdays = calendar_days.workdays()
    judged = clock.finished_on or on
    stopped = clock.finished_on is not None or clock.paused_on is not None
    remaining = clocks.remaining(deadline, judged, workdays)
    late = remaining < 0 and workdays.loaded(*range(deadline.due.year, judged.year + 1))
    if late:  # in working days, as its light and every list count it
        remaining = -workdays.between(deadline.due, judged)
    return ClockView(
        rule_label=clock.label,
        length_text=clock.length,
        started_on=clock.started_on,
        paused_text=_paused(clock),
        due_on=clock.due_on,
        remaining=None if stopped else remaining,
        unit_label="工作日" if late or deadline.unit == "working_day" else "天",
        used_percent=clocks.used_percent(deadline, judged, workdays),
        light=clocks.light(
            clock.due_on,
            on,
            workdays,
            paused=clock.paused_on is not None,
            finished_on=clock.finished_on,
        ),
        explain=tuple(clock.explain),
        provisional=clock.provisional,
        basis=clock.basis,
    )


def _paused(clock: StatutoryClock) -> str:
    parts = [f"{a} 至 {b}" for a, b, _why in clock.pauses]
    if clock.paused_on:
        parts.append(f"{clock.paused_on} 起（{clock.pause_reason}）")
    return "；".join(parts)
