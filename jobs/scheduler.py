"""The process that ticks. Several may run on several hosts; the one that holds the lease in the database leads."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

import clock
from actions import job_runs
from database import session
from jobs import nightly
from rules import timetable

LEASE = "scheduler"
BEAT = 20  # seconds between two renewals
HELD = timedelta(seconds=70)  # three missed beats, and another process leads
log = logging.getLogger(__name__)


class Ticker:
    """One scheduler process: leads or stands by, and stops between two cases when told to."""

    def __init__(self, holder: str = "") -> None:
        self.holder = holder or f"{socket.gethostname()}:{os.getpid()}"
        self.epoch: int | None = None
        self.stopping = threading.Event()

    def beat(self) -> bool:
        """Renew or take the lead. True when the lead is new: then what was missed is to be made up."""
        before, now = self.epoch, clock.now()
        self.epoch = job_runs.take_lead(LEASE, self.holder, now=now, until=now + HELD)
        session.commit()
        session.remove()
        fresh = self.epoch is not None and self.epoch != before
        if fresh:
            log.info("leading as %s, epoch %s", self.holder, self.epoch)
        return fresh

    def halted(self) -> bool:
        """Asked between two cases: told to stop, or no longer leading."""
        return self.stopping.is_set() or self.epoch is None

    def catch_up(self) -> None:
        for job in timetable.JOBS:
            self.tick(job.name)

    def tick(self, name: str) -> list[nightly.Report]:
        """Run a job when leading, with everything it missed."""
        if self.halted():
            return []
        now = clock.now().astimezone(clock.SHANGHAI)
        try:
            return nightly.make_up(name, now, stopping=self.halted)
        except Exception:
            session.rollback()
            log.exception("%s failed as a whole and is tried again at the next tick", name)
            return []
        finally:
            session.remove()

    def stop(self) -> None:
        """Finish the case in hand, then let another process lead at once."""
        self.stopping.set()

    def leave(self) -> None:
        job_runs.give_up_lead(LEASE, self.holder, now=clock.now())
        session.commit()
        session.remove()


def serve(ticker: Ticker | None = None) -> None:
    """Tick until SIGTERM or SIGINT."""
    ticker = ticker or Ticker()
    scheduler = _scheduler(ticker)

    def halt(_signal: int, _frame: Any) -> None:
        ticker.stop()
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    scheduler.start()
    ticker.leave()


def _scheduler(ticker: Ticker) -> BlockingScheduler:
    """One thread for the work, one for the lease: a long walk must not lose the lead."""
    scheduler = BlockingScheduler(
        timezone=clock.SHANGHAI,
        executors={"default": ThreadPoolExecutor(1), "lease": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )

    def pulse() -> None:
        if ticker.beat():
            scheduler.add_job(ticker.catch_up)

    scheduler.add_job(pulse, "interval", seconds=BEAT, executor="lease", next_run_time=clock.now())
    for job in timetable.JOBS:
        trigger = CronTrigger.from_crontab(job.cron, timezone=clock.SHANGHAI)
        scheduler.add_job(ticker.tick, trigger, args=[job.name], id=job.name)
    return scheduler
