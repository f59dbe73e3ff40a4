"""Accounts from the server itself: the first administrators, and an administrator's forgotten password."""

from __future__ import annotations

from dataclasses import replace

import click
from flask import current_app
from sqlalchemy import select

import clock
import config
from actions import users as act
from commands.output import json_option, refusals, say
from database import session
from models import User
from rules.permissions import ADMINISTRATORS, SYSTEM, Actor, Role
from rules.refusal import Refused


@click.group("users")
def users() -> None:
    """Accounts of the three administrators."""


def _system() -> Actor:
    settings: config.Settings = current_app.config["SETTINGS"]
    return replace(SYSTEM, pooling_region=settings.division)


@users.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option(
    "--role", type=click.Choice(sorted(str(role) for role in ADMINISTRATORS)), required=True
)
@json_option
@refusals
def create(username: str, name: str, role: str, as_json: bool) -> None:
    """Open the account of an administrator; the initial password is shown once and changed at first use."""
    user, initial = act.create(
        username=username,
        name=name,
        role=Role(role),
        institution=None,
        actor=_system(),
        on=clock.today(),
    )
    session.commit()
    say({"username": user.username, "role": role, "initial_password": initial}, as_json=as_json)


@users.command("password")
@click.argument("username")
@json_option
@refusals
def password(username: str, as_json: bool) -> None:
    """Issue a new initial password; every session of the user ends."""
    user = session.scalar(select(User).where(User.username == username))
    if user is None:
        raise Refused(f"没有用户 {username}。", cure="请核对用户名。")
    initial = act.reissue_password(user, actor=_system(), on=clock.today())
    session.commit()
    say({"username": username, "initial_password": initial}, as_json=as_json)


COMMANDS = [users]
