from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant
from models.columns import Numbered


class Draw(Numbered, Base):
    """抽取, kept for good: the frozen pool with its hash, the seed nobody knew before, every ticket, who was drawn.

    A later draw of the same subject needs a reason and leaves this one in sight.
    """

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "round", "turn"),
        Index("ix_draw_subject", "subject", "subject_id"),
        CheckConstraint("turn = 1 OR reason <> ''", name="again_has_reason"),
    )

    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    turn: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(500), default="")
    pool: Mapped[list[Any]] = mapped_column(JSON)
    excluded: Mapped[list[Any]] = mapped_column(JSON, default=list)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    pool_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    tickets: Mapped[list[Any]] = mapped_column(JSON)
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drawn_by: Mapped[str] = mapped_column(String(64), default="")
