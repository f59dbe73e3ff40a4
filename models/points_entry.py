from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, event, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, Word
from scoring.points_ledger import EntryKind

ONCE = "kind IN ('deduct', 'reverse')"


class PointsEntry(Numbered, Base):
    """记分台账: one line of a practitioner's ledger, append-only by trigger. A wrong line is answered by another line.

    `year`: the account it counts in. A line of no points says that a deduction is held by an appeal, or counts again.
    """

    __tablename__ = "points_entry"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('deduct', 'cancel') AND points > 0) OR (kind IN ('reverse', 'restore') AND points < 0)"
            " OR (kind IN ('hold', 'resume') AND points = 0)",
            name="sign",
        ),
        CheckConstraint("total_after >= 0", name="total"),
        CheckConstraint("(deduction_id IS NULL) <> (restoration_id IS NULL)", name="one_source"),
        Index(
            "uq_points_entry_once", "deduction_id", "kind", unique=True,
            sqlite_where=text(ONCE), postgresql_where=text(ONCE),
        ),
        Index("ix_points_entry_account", "practitioner_id", "year"),
    )  # fmt: skip

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    year: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    points: Mapped[int]
    total_after: Mapped[int]
    deduction_id: Mapped[int | None] = mapped_column(ForeignKey("deduction.id"))
    restoration_id: Mapped[int | None] = mapped_column(ForeignKey("restoration.id"))
    booked_on: Mapped[date]


_SQLITE = """CREATE TRIGGER IF NOT EXISTS points_entry_no_{verb} BEFORE {VERB} ON points_entry
BEGIN SELECT RAISE(ABORT, 'points_entry is append-only'); END"""
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_points_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'points_entry is append-only'; END $$""",
    "DROP TRIGGER IF EXISTS points_entry_append_only ON points_entry",
    """CREATE TRIGGER points_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_points_change()""",
]


def ensure_guards(connection: Connection) -> None:
    """Create the append-only triggers again; a batch migration on SQLite drops them silently."""
    if connection.dialect.name == "postgresql":
        statements = _POSTGRESQL
    else:
        statements = [_SQLITE.format(verb=v.lower(), VERB=v) for v in ("UPDATE", "DELETE")]
    for statement in statements:
        connection.execute(text(statement))


@event.listens_for(PointsEntry.__table__, "after_create")
def _guard_new_table(_table: Any, connection: Connection, **_options: Any) -> None:
    ensure_guards(connection)
