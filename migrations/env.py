"""How a database is brought to a revision: all steps in one transaction, one process at a time.

The database is, in this order: a connection given by the caller (`attributes["connection"]`, kept open),
`alembic -x url=…`, or DATABASE_URL of the settings.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, TypeDecorator, create_engine, event, inspect, pool

import config
from database import Base, CannotMigrate
from models import append_only

# Any number, the same on every host: whoever holds it migrates, the others wait.
MIGRATION_LOCK = 990_123_001


def database_url() -> str:
    return context.get_x_argument(as_dictionary=True).get("url") or config.load().database_url


def open_engine(url: str) -> Engine:
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", open_sqlite)
        event.listen(
            engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
        )
    return engine


def open_sqlite(connection: Any, _record: Any) -> None:
    """Foreign keys off: batch mode replaces whole tables. They are checked once at the end instead.

    With BEGIN IMMEDIATE a second process waits here, and a failing step takes back all of them.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 60000")
    connection.execute("PRAGMA foreign_keys = OFF")


def render_plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the plain column type: our own types may move, an old migration stays as it is."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def migrate(connection: Connection) -> None:
    applied: list[Any] = []
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_plain,
        on_version_apply=lambda step, **_: applied.append(step),
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        context.run_migrations()
        if applied:
            restore_guards(connection)
            check_foreign_keys(connection)


def restore_guards(connection: Connection) -> None:
    """Batch mode drops the triggers of the tables it replaces, so they are put back after every step."""
    for table in append_only.TABLES:
        if inspect(connection).has_table(table):
            append_only.ensure_guards(connection, table)


def check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise CannotMigrate(f"rows without their parent after migrating: {broken[:10]}")


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with open_engine(database_url()).connect() as opened:
        migrate(opened)
