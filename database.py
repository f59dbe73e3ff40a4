"""The database: declarative base, constraint names, column types, the session and its two dialects.

SQLite is opened in WAL mode with foreign keys on; a writing transaction starts with BEGIN IMMEDIATE, so that
two writers queue instead of failing (a reading request says so by `reading()`). PostgreSQL runs READ COMMITTED
with time limits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, Executable, MetaData, Row, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker
from sqlalchemy.types import TypeDecorator

import clock

RESTED = 1.0  # seconds after which a connection may have been closed by the other side unnoticed
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class CannotMigrate(RuntimeError):
    """The database holds what the next schema cannot: nothing was changed. Says which rows, and what to do first."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; SQLite would hand it back naive. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_reading: ContextVar[bool] = ContextVar("reading", default=False)
_factory = sessionmaker(expire_on_commit=False)
_lookups: dict[str, Engine] = {}
session: scoped_session[Session] = scoped_session(_factory)


def configure(url: str) -> Engine:
    """Bind the session to a database. Called once at start (tests: once per test database)."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        options = "-c statement_timeout=60000 -c lock_timeout=10000 -c timezone=UTC"
        connect = {"options": options}
        engine = create_engine(url, pool_size=4, max_overflow=8, connect_args=connect)
        event.listen(engine, "checkin", _rests)
        event.listen(engine, "checkout", _lives)
    session.remove()
    _factory.configure(bind=engine)
    alone = {"alone": True} if url.startswith("sqlite") else {"isolation_level": "AUTOCOMMIT"}
    _lookups["engine"] = engine.execution_options(**alone)
    return engine


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read: on SQLite they do not take the write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def start_reading(only: bool) -> None:
    """The same switch for a web request, which begins and ends in different functions."""
    _reading.set(only)


def only_reads() -> bool:
    """Whether this request or `reading()` block said that it writes nothing."""
    return _reading.get()


def look_up(statement: Executable, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """The rows of one statement that only reads, past the session and outside any transaction.

    Saves PostgreSQL three turns of five. Inside a transaction that was begun, or may write, it is asked there.
    """
    if not only_reads() or session().in_transaction():
        return session.connection().execute(statement, values).all()
    with _lookups["engine"].connect() as connection:
        return connection.execute(statement, values).all()


def is_postgresql() -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _rests(_connection: Any, record: Any) -> None:
    record.info["since"] = clock.now().timestamp()


def _lives(connection: Any, record: Any, _proxy: Any) -> None:
    """Whoever rested is asked whether it is still there; asking each time would double what a single look-up costs."""
    if clock.now().timestamp() - record.info.get("since", math.inf) < RESTED:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as gone:  # whatever the driver says: the pool opens another one
        raise DisconnectionError from gone


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    if not connection.get_execution_options().get("alone"):
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
