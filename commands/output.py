"""How commands answer: JSON or lines, and refusals as exit code 1."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

import click

from database import session
from rules.refusal import Refused

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def say(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a result, as JSON or as `name: value` lines."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        if isinstance(value, list | tuple):
            click.echo(f"{name}:")
            for part in value:
                click.echo(f"  - {part}")
        else:
            click.echo(f"{name}: {value}")


def fail(why: str, *, as_json: bool, basis: str = "", cure: str = "") -> NoReturn:
    """Say why not, on standard error (and as JSON where asked), and exit 1."""
    session.rollback()
    if as_json:
        click.echo(json.dumps({"error": why, "basis": basis, "cure": cure}, ensure_ascii=False))
    click.echo(" ".join(part for part in (why, basis, cure) if part), err=True)
    sys.exit(1)


def refusals(command: Callable[..., None]) -> Callable[..., None]:
    """A refused action ends the command with its sentence and exit code 1."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refused as refused:
            as_json = bool(kwargs.get("as_json"))
            fail(refused.why, as_json=as_json, basis=refused.basis, cure=refused.cure)

    return guarded
