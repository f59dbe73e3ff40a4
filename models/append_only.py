"""Tables whose lines are only ever added: a trigger refuses every other writer, this program included."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Connection, event, text

from database import Base

Model = TypeVar("Model", bound=type[Base])
TABLES: list[str] = []
_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
    """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def append_only(model: Model) -> Model:
    """Guard the table of a model from the moment it is created."""
    table = model.__tablename__
    TABLES.append(table)

    @event.listens_for(model.__table__, "after_create")
    def guard(_table: Any, connection: Connection, **_options: Any) -> None:
        ensure_guards(connection, table)

    return model


def ensure_guards(connection: Connection, table: str) -> None:
    """Create the triggers of a table again; a batch migration on SQLite drops them silently."""
    if connection.dialect.name == "postgresql":
        statements = [one.format(table=table) for one in _POSTGRESQL]
    else:
        statements = [_SQLITE.format(table=table, verb=verb) for verb in ("update", "delete")]
    for statement in statements:
        connection.execute(text(statement))
