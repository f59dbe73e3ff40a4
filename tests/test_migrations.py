"""A database is brought to a revision whole or not at all, by one process at a time, and keeps its guards."""

import os
import subprocess
import sys
import uuid
from argparse import Namespace
from datetime import date, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

import config
from database import CannotMigrate

SERVER = os.environ.get("TEST_POSTGRES_URL", "")

STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "probe", None
depends_on = "{head}"
def upgrade():
    with op.batch_alter_table("event", recreate="{recreate}") as table:
        table.add_column(sa.Column("probe", sa.Integer))
    {then}
def downgrade():
    pass
"""


@pytest.fixture
def url(tmp_path):
    """An empty database."""
    if os.environ.get("DINGDIAN_TEST_DATABASE") != "postgresql":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = f"empty_{uuid.uuid4().hex[:12]}"
    run(f"{SERVER}/postgres", f"CREATE DATABASE {name}")
    yield f"{SERVER}/{name}"
    run(f"{SERVER}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def run(url, statement):
    with create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        result = connection.exec_driver_sql(statement)
        return result.fetchall() if result.returns_rows else []


def tables(url):
    return set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())


def alembic(url, *extra_steps):
    """A configuration whose steps are the product's and those of further folders."""
    made = Config(config.ROOT / "alembic.ini")
    made.cmd_opts = Namespace(x=[f"url={url}"])
    folders = [config.ROOT / "migrations" / "versions", *extra_steps]
    made.set_main_option("version_locations", os.pathsep.join(map(str, folders)))
    return made


def step(folder, url, then="pass"):
    """One more step that changes the table of events, the way batch mode does it on SQLite."""
    (head,) = run(url, "SELECT version_num FROM alembic_version")[0]
    recreate = "always" if url.startswith("sqlite") else "never"
    folder = folder / "steps"
    folder.mkdir()
    (folder / "probe.py").write_text(STEP.format(head=head, recreate=recreate, then=then))
    return folder


def test_down_to_nothing_and_up_again(url):
    command.upgrade(alembic(url), "head")
    up = tables(url)
    command.downgrade(alembic(url), "base")
    assert tables(url) == {"alembic_version"}
    command.upgrade(alembic(url), "head")
    assert tables(url) == up


def test_the_models_and_the_migrations_say_the_same(url):
    command.upgrade(alembic(url), "head")
    command.check(alembic(url))


def test_events_stay_append_only_after_their_table_was_replaced(url, tmp_path):
    command.upgrade(alembic(url), "head")
    command.upgrade(alembic(url, step(tmp_path, url)), "heads")
    columns = [
        column["name"]
        for column in inspect(create_engine(url, poolclass=NullPool)).get_columns("event")
    ]
    assert "probe" in columns
    assert triggers(url) != []


def triggers(url):
    if url.startswith("sqlite"):
        return run(
            url, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        )
    return run(
        url, "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal"
    )


def test_a_step_that_fails_half_way_leaves_no_trace(url, tmp_path):
    command.upgrade(alembic(url), "head")
    steps = step(tmp_path, url, then='op.execute("SELECT * FROM no_such_table")')
    before = run(url, "SELECT * FROM alembic_version")
    with pytest.raises(DatabaseError, match="no_such_table"):
        command.upgrade(alembic(url, steps), "heads")
    columns = [
        column["name"]
        for column in inspect(create_engine(url, poolclass=NullPool)).get_columns("event")
    ]
    assert "probe" not in columns
    assert run(url, "SELECT * FROM alembic_version") == before


def test_two_hosts_that_migrate_at_once_wait_for_one_another(url):
    call = [sys.executable, "-m", "alembic", "-x", f"url={url}", "upgrade", "head"]
    hosts = [subprocess.Popen(call, cwd=config.ROOT) for _ in range(2)]
    assert [host.wait(timeout=60) for host in hosts] == [0, 0]
    assert len(run(url, "SELECT * FROM alembic_version")) == 1


WORDS = {
    "agreement": {"state": "negotiating", "form": "main"},
    "institution": {"kind": "hospital"},
    "statement": {"state": "paid", "total": 5, "paid_on": "2026-02-01"},
    "retention_release": {
        "state": "paid",
        "paid_on": "2026-02-01",
        "decided_on": "2026-02-01",
        "held": 2,
    },
}
PLAIN = {int: 1, str: "x", bool: False, date: "2026-01-31", datetime: "2026-01-31 00:00:00"}


def put(url, table, **given):
    """One row, whatever else the table wants."""
    engine = create_engine(url, poolclass=NullPool)
    given = {"id": 1} | WORDS.get(table, {}) | given
    for column in inspect(engine).get_columns(table):
        if not column["nullable"] and column["name"] not in given:
            given[column["name"]] = PLAIN.get(column["type"].python_type, "{}")
    names, marks = ", ".join(given), ", ".join(f":{name}" for name in given)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), given)


def with_an_agreement(url, revision):
    command.upgrade(alembic(url), revision)
    for table in ("account", "institution", "agreement"):
        put(url, table)
    put(url, "account", id=2, username="y")


BEFORE_POSTS = "d41b7c90e6a5"


def test_a_statement_recorded_and_settled_by_one_person_comes_through_with_his_name(url):
    with_an_agreement(url, BEFORE_POSTS)
    for month, post in enumerate(("settled_by_id", "approved_by_id", "paid_by_id"), 1):
        more = {"month": f"2026-0{month}-01", "recorded_by_id": 1, post: 1}
        put(url, "statement", id=month, number=f"z{month}", **more)
    put(url, "statement", id=4, month="2026-04-01", recorded_by_id=2, settled_by_id=1)
    command.upgrade(alembic(url), "head")
    ask = "SELECT recorded_by_id, CAST(took_part AS TEXT) FROM statement ORDER BY id"
    assert run(url, ask) == [*[(None, '{"record": [1]}')] * 3, (2, "{}")]
    with pytest.raises(DatabaseError, match="recorder_apart"):
        run(url, "UPDATE statement SET recorded_by_id = 1 WHERE id = 4")
    command.downgrade(alembic(url), BEFORE_POSTS)
    kept = run(url, "SELECT recorded_by_id FROM statement ORDER BY id")
    assert kept == [(1,), (1,), (1,), (2,)]


def test_what_the_next_step_cannot_hold_stops_it_before_it_begins_and_is_named(url):
    with_an_agreement(url, "0cce5a1d27b3")
    put(url, "retention_release", number="QT-1", decided_by_id=1, paid_by_id=1)
    before = run(url, "SELECT * FROM alembic_version")
    with pytest.raises(CannotMigrate, match=r"质量保证金清退 QT-1 由同一人决定并支付.*paid_by_id"):
        command.upgrade(alembic(url), "head")
    assert run(url, "SELECT * FROM alembic_version") == before
    run(url, "UPDATE retention_release SET paid_by_id = 2")
    put(url, "agreement", id=2, number="z")
    for key in (1, 2):
        put(url, "prepayment", id=key, agreement_id=key, number=f"YF-{key}")
    with pytest.raises(CannotMigrate, match="基金预付 YF-1、YF-2 与同一机构"):
        command.upgrade(alembic(url), "head")
    run(url, "UPDATE prepayment SET state = 'withdrawn' WHERE id = 2")
    command.upgrade(alembic(url), "head")
