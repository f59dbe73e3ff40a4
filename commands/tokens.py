"""Keys of other systems, from the server itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import click
from flask import current_app

import clock
import config
from actions import api_tokens as act
from commands.output import fail, json_option, refusals, say
from database import session
from queries import api_tokens as ask
from rules.api_scopes import AGENCY, Scope
from rules.permissions import SYSTEM, Actor

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("tokens")
def tokens() -> None:
    """Keys with which other systems use /api/v1."""


def _system() -> Actor:
    settings: config.Settings = current_app.config["SETTINGS"]
    return replace(SYSTEM, pooling_region=settings.division)


@tokens.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([str(scope) for scope in Scope]),
)
@click.option("--until", required=True, type=DAY, help="The last day it opens; a year at most.")
@click.option("--institution", default="", help="National code of whose statements it hands in.")
@click.option("--agency", is_flag=True, help="The agency's own system: statements of the region.")
@json_option
@refusals
def create(
    name: str,
    scopes: tuple[str, ...],
    until: datetime,
    institution: str,
    agency: bool,
    as_json: bool,
) -> None:
    """Issue a key; it is shown once and kept nowhere."""
    wanted = [Scope(scope) for scope in scopes]
    sender = AGENCY if agency and not institution else institution
    row, key = act.issue(
        name, wanted, until.date(), actor=_system(), on=clock.today(), sender=sender
    )
    session.commit()
    say(
        {"name": row.name, "scopes": row.scopes, "until": row.expires_on.isoformat(), "token": key},
        as_json=as_json,
    )


@tokens.command("list")
@json_option
def show(as_json: bool) -> None:
    """Name, scopes and term of every key."""
    for row in ask.listed():
        ended = row.revoked_on.isoformat() if row.revoked_on else ""
        say(
            {
                "name": row.name,
                "scopes": row.scopes,
                "sender": row.institution.code if row.institution else "",
                "until": row.expires_on.isoformat(),
                "revoked": ended,
            },
            as_json=as_json,
        )


@tokens.command("revoke")
@click.argument("name")
@json_option
@refusals
def revoke(name: str, as_json: bool) -> None:
    """Close the door for a key for good."""
    row = ask.by_name(name)
    if row is None:
        fail(f"没有名为 {name} 的接口令牌。", as_json=as_json)
    act.revoke(row, actor=_system(), on=clock.today())
    session.commit()
    say({"name": row.name, "revoked": clock.today().isoformat()}, as_json=as_json)


COMMANDS = [tokens]
