"""Points and status of a practitioner on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

import clock
import database
from commands.output import fail, json_option, refusals, say
from models import Deduction
from queries import deductions, points_ledger, practitioners


@click.command("points")
@click.argument("practitioner_code", metavar="PRACTITIONER")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@json_option
@refusals
def points(practitioner_code: str, day: datetime | None, as_json: bool) -> None:
    """Say the total of the calendar year, the status and the entries of a person, as they stood on a day."""
    on = day.date() if day else clock.today()
    with database.reading():
        practitioner = practitioners.by_code(practitioner_code)
        if practitioner is None:
            fail(f"没有编码为 {practitioner_code} 的人员。", as_json=as_json)
        standing = practitioners.status(practitioner, on)
        answer = {
            "total": deductions.total(practitioner.id, on),
            "status": standing.status.value,
            "until": standing.until.isoformat() if standing.until else None,
            "basis": standing.basis,
            "replayed": _replayed(practitioner.id, on),
            "entries": [_plain(entry) for entry in deductions.entries(practitioner.id, on)],
        }
    say(answer, as_json=as_json)


def _replayed(practitioner_id: int, on: date) -> dict[str, Any]:
    """The same from the ledger and the rules of each line's day alone, whatever else is on record."""
    again = points_ledger.replay(practitioner_id, on)
    until = again.standing.until
    return {
        "total": again.total,
        "status": again.standing.status.value,
        "until": until.isoformat() if until else None,
    }


def _plain(entry: Deduction) -> dict[str, Any]:
    return {
        "number": entry.number,
        "points": entry.points,
        "item": entry.item,
        "responsibility": entry.responsibility,
        "institution": entry.institution.code,
        "conduct_on": entry.conduct_on.isoformat(),
        "decided_on": entry.decided_on.isoformat(),
        "confirmed_on": entry.confirmed_on.isoformat() if entry.confirmed_on else None,
        "total_after": entry.total_after,
        "basis": entry.basis,
    }


COMMANDS = [points]
