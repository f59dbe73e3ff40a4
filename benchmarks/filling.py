"""A throw-away database of invented institutions and what waits for their cases. The same rows every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert

from actions import sessions
from models import Institution, User, WorkItem
from rules.kinds import InstitutionKind
from rules.permissions import Role

REGION = "990123"
CLERK = "bench-clerk"
PASSWORD = "Bench-Clerk-2026"  # noqa: S105 — opens a database that is removed after the run
SEED = 20261123
BATCH = 5000
MATTERS = {
    "定点申请": ("受理审核", "材料补正", "组织评估", "结果确认"),
    "重新申请": ("受理审核", "材料补正", "组织评估"),
    "服务协议": ("拟定协议", "机构签署", "经办签署"),
    "续签协议": ("拟定协议", "机构签署", "经办签署"),
}
SUBJECTS = {
    "定点申请": "application",
    "重新申请": "application",
    "服务协议": "agreement",
    "续签协议": "agreement",
}
WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
INITIALS = "jybdwjgxrgzcymcswwsyxh"


def fill(url: str, rows: int, *, on: date) -> None:
    """One clerk, `rows` institutions and `rows` work items. Most wait for the clerk's desk, some are done."""
    engine = create_engine(url)
    with engine.begin() as connection:
        staff = _staff(connection)
        insert_all(connection, Institution, institutions(rows))
        insert_all(connection, WorkItem, work_items(rows, staff, on=on))
    analyse(engine)
    engine.dispose()


def institutions(rows: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(SEED)  # noqa: S311 — the same rows every time
    for number in range(1, rows + 1):
        name, pinyin, kind = _name(dice, number)
        pharmacy = kind is InstitutionKind.RETAIL_PHARMACY
        yield {
            "code": f"{'P' if pharmacy else 'H'}{REGION}{number:05d}",
            "name": name,
            "name_key": name,
            "match_key": f"bench:{number}",
            "pinyin": pinyin,
            "kind": kind,
            "nature": "民营" if pharmacy else "公立",
            "pooling_region": REGION,
            "address": f"示例县样例路{number}号",
            "operating_since": date(2020, 1, 1),
        }


def work_items(rows: int, staff: tuple[int, int], *, on: date) -> Iterator[dict[str, Any]]:
    names, dice = random.Random(SEED), random.Random(SEED + 1)  # noqa: S311 — the same rows every time
    clerk, colleague = staff
    for number in range(1, rows + 1):
        name, pinyin, kind = _name(names, number)
        matter = dice.choice(list(MATTERS))
        opened = on - timedelta(days=dice.randrange(120))
        done = dice.random() < 0.15
        yield {
            "subject": SUBJECTS[matter],
            "subject_id": number,
            "number": f"SL{opened.year}{number:06d}",
            "matter": matter,
            "step": dice.choice(MATTERS[matter]),
            "desk": str(Role.CLERK if dice.random() < 0.9 else Role.REVIEWER),
            "institution_id": number,
            "institution_name": name,
            "institution_kind": str(kind),
            "pinyin": pinyin,
            "pooling_region": REGION,
            "opened_on": opened,
            "due_on": opened + timedelta(days=dice.choice((30, 60, 90, 90, 120)))
            if dice.random() < 0.95
            else None,
            "paused": not done and dice.random() < 0.05,
            "started_by": clerk if dice.random() < 0.1 else colleague,
            "done": done,
            "done_by": (clerk if dice.random() < 0.5 else colleague) if done else None,
            "done_by_name": "样某甲" if done else "",
            "done_on": opened + timedelta(days=10) if done else None,
        }


def _name(dice: random.Random, number: int) -> tuple[str, str, InstitutionKind]:
    letters = [dice.randrange(len(WORDS)) for _ in range(3)]
    kind = InstitutionKind.RETAIL_PHARMACY if dice.random() < 0.6 else InstitutionKind.CLINIC
    trade, short = ("大药房", "dyf") if kind is InstitutionKind.RETAIL_PHARMACY else ("诊所", "zs")
    own = "".join(WORDS[letter] for letter in letters)
    return (
        f"示例{own}{number}{trade}",
        "sl" + "".join(INITIALS[letter] for letter in letters) + short,
        kind,
    )


def _staff(connection: Connection) -> tuple[int, int]:
    """The clerk who signs in, and a colleague."""
    shared = {
        "role": Role.CLERK,
        "pooling_region": REGION,
        "password_hash": sessions.hash_password(PASSWORD),
        "password_changed_on": date(2026, 1, 1),
        "version": 1,
    }
    people = [
        {**shared, "username": CLERK, "name": "样某甲"},
        {**shared, "username": "other", "name": "样某乙"},
    ]
    connection.execute(insert(User), people)
    return 1, 2


def insert_all(connection: Connection, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            connection.execute(insert(model.__table__), batch)
            batch = []
    if batch:
        connection.execute(insert(model.__table__), batch)


def analyse(engine: Engine) -> None:
    """As the nightly upkeep of a real database would have done."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
