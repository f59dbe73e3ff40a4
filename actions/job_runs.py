"""Runs of the clockwork: a job's day is claimed once in the database, whichever host is first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import case, or_, update
from sqlalchemy.dialects import postgresql, sqlite

import database
from database import session
from models import JobRun, Lease


def claim(job: str, day: date, *, at: datetime) -> bool:
    """Begin the job's run for the day. False when it was finished already.

    A run that was begun and not finished is taken up again: its cases are asked one by one whether they still are due.
    """
    insert = postgresql.insert if database.is_postgresql() else sqlite.insert
    session.execute(
        insert(JobRun)
        .values(job=job, day=day, started_at=at, done=0, waiting=[], failed=[])
        .on_conflict_do_nothing()
    )
    return session.get_one(JobRun, (job, day), populate_existing=True).finished_at is None


def finish(
    job: str, day: date, *, done: int, waiting: list[Any], failed: list[Any], at: datetime
) -> None:
    """Write down what the run did. A run by hand after it adds to what was done and renews the lists."""
    session.execute(
        update(JobRun)
        .where(JobRun.job == job, JobRun.day == day)
        .values(done=JobRun.done + done, waiting=waiting, failed=failed, finished_at=at)
        .execution_options(synchronize_session=False)
    )


def take_lead(name: str, holder: str, *, now: datetime, until: datetime) -> int | None:
    """Lead, or go on leading, until then. Returns the epoch of the lead; None while another process leads."""
    insert = postgresql.insert if database.is_postgresql() else sqlite.insert
    session.execute(
        insert(Lease).values(name=name, holder="", until=now, epoch=0).on_conflict_do_nothing()
    )
    return session.scalar(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.until <= now))
        .values(
            holder=holder,
            until=until,
            epoch=Lease.epoch + case((Lease.holder == holder, 0), else_=1),
        )
        .returning(Lease.epoch)
        .execution_options(synchronize_session=False)
    )


def give_up_lead(name: str, holder: str, *, now: datetime) -> None:
    """On a clean stop the next process need not wait for the lease to run out."""
    session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.holder == holder)
        .values(until=now)
        .execution_options(synchronize_session=False)
    )
