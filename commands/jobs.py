"""The clockwork by hand: the timetable, one job for a day, the process itself."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import click
from flask import current_app

import clock
import formatting
from commands.output import fail, json_option, say
from jobs import nightly, scheduler
from queries import jobs as ask
from rules import timetable

NAMES = [job.name for job in timetable.JOBS]


@click.group("jobs")
def jobs() -> None:
    """List and run the jobs of the timetable."""


@jobs.command("list")
@json_option
def list_jobs(as_json: bool) -> None:
    """Show every job with its time, its last and its next run."""
    lines = ask.timetable_lines(clock.now().astimezone(clock.SHANGHAI))
    if as_json:
        say({"jobs": [_line(line) for line in lines]}, as_json=True)
        return
    for line in lines:
        last = f"{line.last_day} done {line.done}" if line.last_day else "never"
        click.echo(
            f"{line.name:32} {line.cron:14} last {last}, next {formatting.instant(line.next_at)}"
        )


def _line(line: ask.JobLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "label": line.label,
        "cron": line.cron,
        "last_day": line.last_day,
        "next": line.next_at.isoformat(),
        "done": line.done,
        "waiting": line.waiting,
        "failed": line.failed,
    }


@jobs.command("run")
@click.argument("name", type=click.Choice(NAMES))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The legal day; default: today.")
@click.option("--dry-run", is_flag=True, help="Do everything and take it back.")
@json_option
def run_job(name: str, day: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Run one job for a day. Exit 1 when a case failed; what waits for a person is listed."""
    on = day.date() if day else clock.today()
    if on > clock.today() and not dry_run and not current_app.config["SETTINGS"].demo:
        fail(f"{on} 还没有到，不能提前办理。", as_json=as_json, cure="可以加 --dry-run 试算。")
    report = nightly.run(name, on, dry_run=dry_run)
    result = {
        "job": name,
        "day": on.isoformat(),
        "dry_run": dry_run,
        "done": report.done,
        "waiting": report.waiting,
        "failed": report.failed,
    }
    say(result, as_json=as_json)
    if report.failed:
        raise SystemExit(1)


@click.command("scheduler")
def run_scheduler() -> None:
    """Tick by the timetable until stopped. Several may run; one of them leads."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler.serve()


COMMANDS = [jobs, run_scheduler]
