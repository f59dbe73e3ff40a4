from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution


class Objection(Numbered, OfInstitution, Base):
    """异议 raised against something on public notice; the case stands still until it is answered."""

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_subject", "subject", "subject_id"),
        CheckConstraint("answered_on IS NULL OR answer <> ''", name="answer_has_text"),
    )

    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    raised_on: Mapped[date]
    raised_by: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    upheld: Mapped[bool | None]
