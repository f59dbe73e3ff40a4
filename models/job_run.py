from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant


class JobRun(Base):
    """A job's run for a day: claimed once by its primary key, whichever host is first."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[list[Any]] = mapped_column(JSON, default=list)
    failed: Mapped[list[Any]] = mapped_column(JSON, default=list)


class Lease(Base):
    """Which scheduler process is the one that ticks."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime] = mapped_column(Instant)
    epoch: Mapped[int] = mapped_column(default=1)
