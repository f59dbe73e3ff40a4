"""`flask demo`: a county of 25 hospitals and 79 pharmacies that has lived one year through real actions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import func, select

import clock
import config
from actions import events
from commands.demo_agenda import Agenda
from commands.demo_county import REGION
from commands.demo_people import OPENER, Cast
from commands.demo_year import YEAR, Size, Year
from commands.output import fail, refusals
from database import session
from models import CalendarYear, Event, Institution, User

ACCOUNTS = config.ROOT / "var" / "demo-accounts.json"
MARK = "play_demo"  # the event that says the demo county is complete
AHEAD = timedelta(days=30)  # limits that begin on the last day end within this time
RESET = "要重建演示数据，请运行 script/demo --reset。"


@click.command("demo")
@click.option(
    "--accounts",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ACCOUNTS,
    help="File for the accounts.",
)
@click.option("--medical", type=click.IntRange(1, 25), default=Size.medical, show_default=True)
@click.option(
    "--pharmacies", type=click.IntRange(1, 79), default=Size.pharmacies, show_default=True
)
@click.option("--newcomers", type=click.IntRange(0), default=Size.newcomers, show_default=True)
@click.option("--port", default=5000, show_default=True, help="Only for the address shown.")
@refusals
def demo(accounts: Path, medical: int, pharmacies: int, newcomers: int, port: int) -> None:
    """Build the demo county in an empty database and write its accounts; leave any other data alone."""
    _check_settings()
    if _built():
        _already(accounts)
        _show(accounts, port)
        return
    _check_empty()
    size = Size(medical, pharmacies, min(newcomers, Size.newcomers))
    cast = build(size, last_day(), lambda day, done: click.echo(f"{day:%Y-%m}  {done:>5} 项业务"))
    _write(accounts, cast)
    click.echo(f"演示县已建成：医疗机构 {size.medical} 家，零售药店 {size.pharmacies} 家。")
    _show(accounts, port)


def build(size: Size, end: date, tell: Callable[[date, int], None]) -> Cast:
    """Play the year that ends on this day. Every step is committed as a door would."""
    agenda, cast = Agenda(end - YEAR, end), Cast()
    Year(agenda, cast, size).write()
    agenda.play(tell)
    with agenda.door():
        events.record(
            None, MARK, "演示县建成", actor=OPENER, on=end,
            medical=size.medical, pharmacies=size.pharmacies, newcomers=size.newcomers,
        )  # fmt: skip
    return cast


def last_day() -> date:
    """Today, or the last day whose limits still fall into a year with an official calendar."""
    year = session.scalar(select(func.max(CalendarYear.year)))
    if year is None:
        fail("还没有载入工作日历。", as_json=False, cure="请先运行 flask migrate。")
    return min(clock.today(), date(int(year or 0), 12, 31) - AHEAD)


def _check_settings() -> None:
    settings: config.Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        fail(
            "演示数据只在演示环境建立：设置 DEMO 没有打开，文书不会带“样章”字样。",
            as_json=False,
            cure="请运行 script/demo，或者设置 DEMO=1 后再试。",
        )
    if settings.division != REGION:
        fail(
            f"演示数据只属于虚构的区划 {REGION}，而设置 DIVISION={settings.division}。",
            as_json=False,
            cure="请在没有设置 DIVISION 的环境中建立演示数据。",
        )


def _built() -> bool:
    return session.scalar(select(Event.seq).where(Event.verb == MARK).limit(1)) is not None


def _check_empty() -> None:
    """Nothing of anybody is touched. What an interrupted run left behind is told apart by its first name."""
    names = list(session.scalars(select(Institution.name).order_by(Institution.id).limit(1)))
    used = session.scalar(select(User.id).limit(1)) or session.scalar(select(Event.seq).limit(1))
    session.rollback()
    if names == ["示例县人民医院"]:
        fail("上一次建立演示数据没有完成，现有数据不完整。", as_json=False, cure=RESET)
    if names or used:
        fail(
            "数据库里已有数据，而且不是演示数据，没有作任何改动。",
            as_json=False,
            cure="请用 DATABASE_URL 指定一个空数据库。",
        )


def _already(accounts: Path) -> None:
    session.rollback()
    if not accounts.is_file():
        fail(
            f"演示数据已经存在，但账号文件 {accounts} 不见了，密码无法再读出。",
            as_json=False,
            cure=RESET,
        )
    click.echo("演示数据已经存在，没有作任何改动。")


def _write(accounts: Path, cast: Cast) -> None:
    """Readable by its owner alone."""
    rows = {
        key: {"username": username, "password": password}
        for key, (username, password) in cast.accounts.items()
    }
    accounts.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(accounts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=2)
        file.write("\n")


def _show(accounts: Path, port: int) -> None:
    rows = json.loads(accounts.read_text("utf-8"))
    click.echo(f"\n  http://127.0.0.1:{port}/\n")
    for key, row in rows.items():
        click.echo(f"  {key:<16}{row['username']:<16}{row['password']}")
    click.echo(f"\n  （保存在 {accounts}）\n")


COMMANDS = [demo]
