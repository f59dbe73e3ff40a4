from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class StatutoryClock(Numbered, Base):
    """One running or finished time limit of a subject. The due day is kept with the sentences that explain it."""

    __tablename__ = "statutory_clock"
    __table_args__ = (
        Index("ix_statutory_clock_subject", "subject", "subject_id"),
        CheckConstraint("finished_on IS NULL OR paused_on IS NULL", name="finished_not_paused"),
    )

    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    rule: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    started_on: Mapped[date]
    due_on: Mapped[date]
    provisional: Mapped[bool] = mapped_column(default=False)
    paused_on: Mapped[date | None]
    pause_reason: Mapped[str] = mapped_column(String(200), default="")
    pauses: Mapped[list[Any]] = mapped_column(JSON, default=list)
    finished_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    length: Mapped[str] = mapped_column(String(40), default="")
    explain: Mapped[list[Any]] = mapped_column(JSON, default=list)
