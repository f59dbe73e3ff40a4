"""Asking the law from a shell: when a period ends and why, whether a day is a working day."""

from __future__ import annotations

from datetime import date, datetime

import click

from commands.output import fail, json_option, refusals, say
from queries import calendar_days
from regulations import UnknownKey
from rules import clocks
from rules.clocks import Pause

DAY = click.DateTime(["%Y-%m-%d"])
KINDS = click.Choice(["hospital", "clinic", "pharmacy"])


@click.command("clock")
@click.argument("rule")
@click.option("--start", type=DAY, required=True, help="Day of the event; it is not counted.")
@click.option("--kind", type=KINDS, help="Which order governs.")
@click.option(
    "--pause", "pauses", multiple=True, metavar="FROM..TO", help="Days that do not count."
)
@json_option
@refusals
def clock_command(
    rule: str, start: datetime, kind: str | None, pauses: tuple[str, ...], as_json: bool
) -> None:
    """When the period RULE (a parameter key such as eval.max) that starts on a day ends, and why."""
    closed = [_pause(text) for text in pauses]
    try:
        deadline = clocks.due(rule, start.date(), kind, closed, workdays=calendar_days.workdays())
    except UnknownKey:
        fail(f"没有名为 {rule} 的期限规则。", cure="全部规则见“参数依据”页面。", as_json=as_json)
    except ValueError:
        fail(f"{rule} 不是期限规则。", as_json=as_json)
    say(clocks.describe(deadline), as_json=as_json)


def _pause(text: str) -> Pause:
    first, _, last = text.partition("..")
    try:
        begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise click.BadParameter(f"{text}: write FROM..TO, e.g. 2026-11-04..2026-11-20") from error
    if ended < begun:
        raise click.BadParameter(f"{text}: ends before it begins")
    return Pause(begun, ended, "停钟")


@click.command("calendar")
@click.argument("day", type=DAY)
@json_option
@refusals
def calendar_command(day: datetime, as_json: bool) -> None:
    """Whether DAY is a working day, and why. Refused for a year that is not loaded."""
    found = calendar_days.workdays().is_working(day.date())
    say(
        {"date": day.date().isoformat(), "working_day": found.working, "reason": found.reason},
        as_json=as_json,
    )


COMMANDS = [clock_command, calendar_command]
