from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base, Instant
from models.columns import Moving, Numbered, Versioned, Word
from models.user import User
from rules.batches import RowOutcome
from rules.lifecycle import BatchState


class Batch(Numbered, Moving, Versioned, Base):
    """办理批次: one act to be carried out on many subjects, in the name of the person who started it.

    Its counts are those of its rows and stand in no column, so that no row waits for another to be counted.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("state NOT IN ('stopped') OR reason <> ''", name="stop_has_reason"),
        Index("ix_batch_state", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pooling_region: Mapped[str] = mapped_column(String(12))
    state: Mapped[BatchState] = mapped_column(Word(BatchState))
    created_on: Mapped[date]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")

    started_by: Mapped[User] = relationship()


class BatchRow(Numbered, Base):
    """One subject of a batch and what became of it, written in the transaction of its effect."""

    __tablename__ = "batch_row"
    __table_args__ = (
        CheckConstraint("outcome = 'waiting' OR done_at IS NOT NULL", name="done_has_instant"),
        Index("uq_batch_row_subject", "batch_id", "subject", "subject_id", unique=True),
        Index("ix_batch_row_outcome", "outcome", "batch_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    preview: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[RowOutcome] = mapped_column(Word(RowOutcome), default=RowOutcome.WAITING)
    sentence: Mapped[str] = mapped_column(String(600), default="")
    done_at: Mapped[datetime | None] = mapped_column(Instant)
