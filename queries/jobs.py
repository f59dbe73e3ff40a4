"""The timetable with what happened: last run, next run, what waits for a person, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from database import session
from models import JobRun, Lease, StatutoryClock
from queries import documents
from rules import timetable


@dataclass(frozen=True)
class JobLine:
    """`waiting`: [{subject, id, number, why}] that a person has to decide; `failed` likewise."""

    name: str
    label: str
    cron: str
    last_day: date | None
    last_finished_at: datetime | None
    next_at: datetime
    done: int = 0
    waiting: list[Mapping[str, Any]] = field(default_factory=list)
    failed: list[Mapping[str, Any]] = field(default_factory=list)


def timetable_lines(now: datetime) -> list[JobLine]:
    """Every job of the timetable. `now` in the zone the timetable is meant in."""
    return [_line(job, last(job.name), now) for job in timetable.JOBS]


def last(job: str) -> JobRun | None:
    """The run of the latest day, finished or not."""
    return session.scalar(
        select(JobRun).where(JobRun.job == job).order_by(JobRun.day.desc()).limit(1)
    )


def last_finished_day(job: str) -> date | None:
    return session.scalar(
        select(func.max(JobRun.day)).where(JobRun.job == job, JobRun.finished_at.is_not(None))
    )


def leader(name: str) -> Lease | None:
    return session.get(Lease, name)


def _line(job: timetable.Job, run: JobRun | None, now: datetime) -> JobLine:
    if run is None:
        return JobLine(job.name, job.label, job.cron, None, None, job.next(now))
    return JobLine(
        job.name,
        job.label,
        job.cron,
        run.day,
        run.finished_at,
        job.next(now),
        run.done,
        list(run.waiting),
        list(run.failed),
    )


def provisional_clocks(_day: date) -> list[int]:
    """One piece of work when any running clock still waits for the calendar of its year, else none."""
    found = session.scalar(
        select(StatutoryClock.id)
        .where(StatutoryClock.provisional.is_(True), StatutoryClock.finished_on.is_(None))
        .limit(1)
    )
    return [] if found is None else [0]


def pending_letters(_day: date) -> list[int]:
    return documents.pending()
