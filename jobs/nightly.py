"""The walkers: every case alone, in its own transaction. The work is state-based, so walking twice changes nothing.

The claim of (job, day) is the record that the day was walked and keeps a second host from walking it for nothing; that
each case is acted on once is the lock and the second question inside its transaction, not the claim.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import clock
from actions import job_runs, letters
from database import reading, session
from jobs.timetable import WALKS, Walk
from queries import jobs as ask
from rules import timetable
from rules.refusal import Refused
from rules.timetable import Job

ONE_DAY = timedelta(days=1)
MANY = 8  # cases; for fewer letters another press costs more than it saves
Made = Callable[[], list[Any]]  # gives what a case needs made, or raises why it could not be


@dataclass
class Report:
    """What a run did. `waiting` and `failed`: [{subject, id, why}]."""

    job: str
    day: date
    done: list[int] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False


def never() -> bool:
    return False


def run(
    name: str, day: date, *, dry_run: bool = False, stopping: Callable[[], bool] = never
) -> Report:
    """Walk the cases due on the day. A dry run does everything and takes it back. KeyError for an unknown job.

    `stopping` is asked between two cases; a run that is stopped stays open and is taken up again.
    """
    walk, report = WALKS[name], Report(name, day)
    if not dry_run:
        job_runs.claim(name, day, at=clock.now())
    keys = walk.due(day)
    _close(keep=not dry_run)
    with closing(_with_made(walk, keys)) as cases:
        for key, made in cases:
            if stopping():
                report.stopped = True
                return report
            _one(walk, key, made, report, dry_run=dry_run)
    if not dry_run:
        job_runs.finish(
            name,
            day,
            done=len(report.done),
            waiting=report.waiting,
            failed=report.failed,
            at=clock.now(),
        )
        _close(keep=True)
    return report


def _one(walk: Walk, key: int, made: Made, report: Report, *, dry_run: bool) -> None:
    """One case: done, waiting, or failed and taken back. Nothing that happens to it stops the night."""
    try:
        outcome = walk.act(key, report.day, *made())
        _close(keep=not dry_run)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others have a right to theirs
        _close(keep=False)
        report.failed.append({"subject": walk.subject, "id": key, "why": _why(error)})
        return
    if outcome.waiting:
        report.waiting.append({"subject": walk.subject, "id": key, "why": outcome.waiting})
    elif outcome.done:
        report.done.append(key)


def _with_made(walk: Walk, keys: list[int]) -> Generator[tuple[int, Made], None, None]:
    """The cases in their order, each with how to get what it needs made.

    Of many, the next ones are being made by other threads while one is acted on, as many at once as there are presses.
    """
    if walk.make is None or len(keys) < MANY:
        yield from ((key, partial(_made, walk, key)) for key in keys)
        return
    with letters.many_presses() as at_once, ThreadPoolExecutor(at_once) as threads:
        rest, begun = iter(keys), deque[tuple[int, Future[list[Any]]]]()
        try:
            while True:
                for key in islice(rest, 2 * at_once - len(begun)):
                    begun.append((key, threads.submit(copy_context().run, _made_apart, walk, key)))
                if not begun:
                    return
                key, made = begun.popleft()
                yield key, made.result
        finally:
            threads.shutdown(cancel_futures=True)


def _made(walk: Walk, key: int) -> list[Any]:
    """What the case needs made, in a transaction of its own that only reads."""
    if walk.make is None:
        return []
    with reading():
        made = walk.make(key)
        _close(keep=False)
    return [made]


def _made_apart(walk: Walk, key: int) -> list[Any]:
    """Likewise in a thread of its own, with a session of its own."""
    try:
        return _made(walk, key)
    finally:
        session.remove()


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"[:500]


def _close(*, keep: bool) -> None:
    """End the transaction; what the session remembers is read anew by the next case."""
    if keep:
        session.commit()
    else:
        session.rollback()
    session.expire_all()


def make_up(name: str, now: datetime, *, stopping: Callable[[], bool] = never) -> list[Report]:
    """Run what is due by now: each day since the last finished run, so that every effect bears its own day.

    A job that repeats within the day has nothing to make up. `now` in the zone of the timetable.
    """
    job = timetable.job(name)
    reports = []
    for day in _days(job, now):
        if stopping():
            break
        if not job.daily or _claimed(name, day):
            reports.append(run(name, day, stopping=stopping))
    return reports


def _claimed(name: str, day: date) -> bool:
    fresh = job_runs.claim(name, day, at=clock.now())
    _close(keep=True)
    return fresh


def _days(job: Job, now: datetime) -> list[date]:
    today = now.date()
    if not job.daily:
        return [today]
    started = now >= now.replace(hour=job.hour, minute=job.minute, second=0, microsecond=0)
    latest = today if started else today - ONE_DAY
    finished = ask.last_finished_day(job.name)
    session.rollback()
    if finished is None:
        return [latest] if started else []
    return [finished + ONE_DAY * step for step in range(1, (latest - finished).days + 1)]
