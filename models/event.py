from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant


class Event(Base):
    """One line of the log: who did what to what, when, from which state to which, on what basis and facts.

    Each line carries the hash of the line before it. The table is append-only by trigger.
    """

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    day: Mapped[date]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    verb: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int | None]
    institution_id: Mapped[int | None] = mapped_column(index=True)
    pooling_region: Mapped[str] = mapped_column(String(12), default="")
    from_state: Mapped[str] = mapped_column(String(32), default="")
    to_state: Mapped[str] = mapped_column(String(32), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


_SQLITE = """CREATE TRIGGER IF NOT EXISTS event_no_{verb} BEFORE {VERB} ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"""
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'event is append-only'; END $$""",
    "DROP TRIGGER IF EXISTS event_append_only ON event",
    """CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()""",
]


def ensure_guards(connection: Connection) -> None:
    """Create the append-only triggers again; a batch migration on SQLite drops them silently."""
    if connection.dialect.name == "postgresql":
        statements = _POSTGRESQL
    else:
        statements = [_SQLITE.format(verb=v.lower(), VERB=v) for v in ("UPDATE", "DELETE")]
    for statement in statements:
        connection.execute(text(statement))


@event.listens_for(Event.__table__, "after_create")
def _guard_new_table(_table: Any, connection: Connection, **_options: Any) -> None:
    ensure_guards(connection)
