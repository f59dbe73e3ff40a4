"""The event log from outside: is it whole?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import click
from flask import current_app

import config
import database
from commands.output import json_option
from queries import events as ask
from queries.events import NAMES, Line, Verdict


@click.group("events")
def events() -> None:
    """The event log."""


@events.command("verify")
@click.option("--export", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@json_option
def verify(export: Path | None, as_json: bool) -> None:
    """Check the chain and the hashes kept outside the database. Exit 1 when something was tampered with.

    --export writes every line as JSON, for tools/verify_events.py on another machine.
    """
    settings: config.Settings = current_app.config["SETTINGS"]
    with database.reading():
        if export is None:
            found = ask.check(settings.anchor_file)
        else:
            with export.open("w", encoding="utf-8", errors="surrogatepass") as file:
                found = ask.check(settings.anchor_file, each=_writer(file))
    _tell(found, as_json=as_json)
    sys.exit(0 if found.whole else 1)


def _writer(file: TextIO) -> Callable[[Line], None]:
    encode = json.JSONEncoder(ensure_ascii=False).encode

    def write(line: Line) -> None:
        file.write(encode(dict(zip(NAMES, line, strict=True))) + "\n")

    return write


def _tell(found: Verdict, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(as_words(found), ensure_ascii=False))
        return
    for fault in found.faults:
        click.echo(fault.what)
    state = (
        "完整" if found.whole else f"有 {found.fault_count} 处问题，第一处在第 {found.first_bad} 条"
    )
    click.echo(f"共 {found.rows} 条，{state}。")
    if found.unanchored and found.whole:
        click.echo(f"其中 {found.unanchored} 条没有库外留存。")


def as_words(found: Verdict) -> dict[str, Any]:
    return {
        "whole": found.whole,
        "rows": found.rows,
        "head": found.head,
        "first_bad": found.first_bad,
        "fault_count": found.fault_count,
        "faults": [{"seq": fault.seq, "what": fault.what} for fault in found.faults],
        "unanchored": found.unanchored,
    }


COMMANDS = [events]
