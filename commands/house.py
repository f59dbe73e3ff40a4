"""Keeping the house: the schema, the settings."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import fields

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from sqlalchemy import text

import config
import documents
from actions import calendar_days
from commands.output import json_option, say
from database import CannotMigrate, session
from documents import fonts


@click.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema and load the official working calendars that ship with the product."""
    alembic = Config(config.ROOT / "alembic.ini")
    url = current_app.config["SETTINGS"].database_url
    alembic.cmd_opts = Namespace(x=[f"url={url}"])
    try:
        command.upgrade(alembic, "head")
    except CannotMigrate as stopped:
        raise click.ClickException(str(stopped)) from stopped
    loaded = calendar_days.load_shipped()
    session.commit()
    click.echo(f"schema: head; calendar years loaded: {loaded}")


@click.command("doctor")
@json_option
def doctor(as_json: bool) -> None:
    """List every setting (secrets only as present), and test the database and the printing of letters."""
    settings: config.Settings = current_app.config["SETTINGS"]
    shown = {
        field.name.upper(): _shown(field.name, getattr(settings, field.name))
        for field in fields(settings)
    }
    session.execute(text("SELECT 1"))
    found = {"events_anchor_file": str(settings.anchor_file), "database": "ok", "letters": _press()}
    say(
        {**shown, **found},
        as_json=as_json,
    )


def _press() -> str:
    """Whether letters can be printed: the fonts are there and draw rare names and the signs of forms."""
    try:
        documents.press().check()
    except documents.RenderFailed as failed:
        return str(failed)
    return (
        "ok" if fonts.reduced() else "可以排版；没有精简字体，耗时和内存加倍，请运行 script/setup。"
    )


def _shown(name: str, value: object) -> object:
    if name in config.HIDDEN:
        return "present" if value else "absent"
    return value


COMMANDS = [migrate, doctor]
