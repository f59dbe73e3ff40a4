from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Versioned, Word
from models.user import User
from rules.words import Labelled


class LocalState(Labelled):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class LocalClause(Numbered, Versioned, Base):
    """统筹区条款: one wording of a clause of the pooling region, from its first to its last day.

    Entered by one person and approved by another; only approved wordings enter agreements.
    """

    __tablename__ = "local_clause"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        CheckConstraint(
            "state = 'proposed' OR (reviewed_by_id IS NOT NULL AND reviewed_by_id <> recorded_by_id)",
            name="reviewed_by_another",
        ),
        Index("ix_local_clause_region", "pooling_region", "key"),
    )

    pooling_region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(16))
    chapter: Mapped[str] = mapped_column(String(32))
    family: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[date]
    until: Mapped[date | None]
    state: Mapped[LocalState] = mapped_column(Word(LocalState), default=LocalState.PROPOSED)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_on: Mapped[date]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(500), default="")

    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])
