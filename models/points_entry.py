from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.append_only import append_only
from models.columns import Numbered, Word
from scoring.points_ledger import EntryKind

ONCE = "kind IN ('deduct', 'reverse')"


@append_only
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
