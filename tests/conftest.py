"""Real databases for every test: one template built by the real migrations, cloned for each test."""

from __future__ import annotations

import base64
import os
import shutil
import uuid
import zlib
from argparse import Namespace
from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Engine, create_engine, text

import clock
import config
import database
from app import _configure, create_app
from database import session
from tests import chromium, factories
from tests.again import Again

KIND = os.environ.get("DINGDIAN_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("TEST_POSTGRES_URL", "")
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
TODAY = date(2026, 6, 15)  # a Monday in a year whose calendar is loaded
_built: dict = {}
_spoken: dict = {}


def pytest_collection_modifyitems(items):
    """A test that opens no database need not run on both: it is marked `pure`.

    The longest come first, so that no process is left alone with one of them in the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    for item in items:
        opens = "template" in item.fixturenames or item.path.name == "test_migrations.py"
        if not opens:
            item.add_marker(pytest.mark.pure)
        elif _is_twin(item):
            item.add_marker(pytest.mark.twin)


def _is_twin(item) -> bool:
    """One kind of a test for both kinds: on the second database half the tests look at one kind, half at the other."""
    kind = item.callspec.params.get("kind") if hasattr(item, "callspec") else None
    chosen = ("hospital", "pharmacy")[zlib.crc32(item.originalname.encode()) % 2]
    said = any(item.get_closest_marker(name) for name in ("once", "elsewhere"))
    return kind in {"hospital", "pharmacy"} and kind != chosen and not said


def settings(url: str, folder: object) -> config.Settings:
    return config.Settings(
        database_url=url,
        secret_key="test",
        data_key=KEY,
        index_key=KEY,
        events_anchor=f"{folder}/events.anchor",
        demo=True,
    )


def house(url: str, folder: object) -> Flask:
    """The app with this database and these settings, as `create_app` leaves it.

    Doors and compiled pages are the same in every test, so they are made once in a process; what a test turned
    (configuration, names in templates) is put back.
    """
    if "app" not in _built:
        app = _built["app"] = create_app(settings(url, folder))
        _built["config"], _built["names"] = dict(app.config), dict(app.jinja_env.globals)
    app = _built["app"]
    for kept, now in ((_built["config"], app.config), (_built["names"], app.jinja_env.globals)):
        now.clear()
        now.update(kept)
    _configure(app, settings(url, folder))
    _speaks_as_before(app.extensions["engine"])
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _speaks_as_before(engine: Engine) -> None:
    """Let this engine use what an earlier one compiled: a statement is compiled once in a process, not in every test."""
    kept = _spoken.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.dialect = engine.pool._dialect = kept[0]
    engine.update_execution_options(compiled_cache=kept[1])


def migrate(url: str) -> None:
    alembic = Config(config.ROOT / "alembic.ini")
    alembic.cmd_opts = Namespace(x=[f"url={url}"])
    command.upgrade(alembic, "head")


def _server(statement: str) -> None:
    engine = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def clone(template: str, name: str) -> None:
    """A PostgreSQL database like the template, by copying its files: half the time of writing it through the log."""
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def _drop(name: str) -> None:
    _server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _load_calendar(url: str, folder: object) -> None:
    app = house(url, folder)
    with app.app_context():
        from actions import calendar_days

        calendar_days.load_shipped()
        session.commit()
        session.remove()
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The URL or path every test's database is cloned from."""
    folder = tmp_path_factory.mktemp("template")
    if KIND == "postgresql":
        name = f"template_{uuid.uuid4().hex[:12]}"
        _server(f'CREATE DATABASE "{name}"')
        migrate(f"{SERVER}/{name}")
        _load_calendar(f"{SERVER}/{name}", folder)
        yield name
        _drop(name)
        return
    path = folder / "template.db"
    migrate(f"sqlite:///{path}")
    _load_calendar(f"sqlite:///{path}", folder)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    yield path


@pytest.fixture(scope="session")
def again(template):
    """On PostgreSQL the one database of this process."""
    if KIND != "postgresql":
        yield None
        return
    kept = Again(SERVER, lambda name: clone(template, name), _drop)
    yield kept
    kept.end()


@pytest.fixture
def database_url(template, again, tmp_path):
    """A migrated database with the official calendars loaded and nothing else."""
    if again is not None:
        yield again.url()
        return
    path = tmp_path / "test.db"
    shutil.copy(template, path)
    yield f"sqlite:///{path}"


@pytest.fixture
def app(database_url, tmp_path):
    app = house(database_url, tmp_path)
    yield app
    session.remove()
    database.start_reading(False)
    app.extensions["engine"].dispose()


@pytest.fixture
def db(app):
    """The session, inside an application context, with the clock held at TODAY."""
    with app.app_context(), clock.at(TODAY):
        yield session
        session.rollback()


@pytest.fixture
def staff(db):
    """One actor of every role of the agency, with an account each."""
    return factories.staff()


@pytest.fixture(params=["hospital", "pharmacy"])
def kind(request):
    """Both kinds, always."""
    return request.param


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One Chromium for all browser tests of a process."""
    with chromium.started(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def site(app, browser):
    """A server with this test's database, and windows to look at it; the clock is the test's to hold."""
    with chromium.served(app) as address:
        site = chromium.Site(app, browser, address)
        yield site
        for seat in site.seats.values():
            seat.close()
