from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.sealed import Sealed
from rules.lifecycle import ObjectionState

if TYPE_CHECKING:
    from models.document import Document


class Objection(Numbered, OfInstitution, Moving, Versioned, Base):
    """异议 raised against something on public notice; the case stands still until every one of them is answered.

    Who raised it is known to the agency alone. Nobody who wrote it down answers it.
    """

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_subject", "subject", "subject_id"),
        CheckConstraint("answered_on IS NULL OR answer <> ''", name="answer_has_text"),
        CheckConstraint(
            "state IN ('raised', 'joint') OR (answered_on IS NOT NULL AND upheld IS NOT NULL)",
            name="answered_has_day",
        ),
        CheckConstraint(
            "recorded_by_id IS NULL OR answered_by_id IS NULL OR answered_by_id <> recorded_by_id",
            name="two_persons",
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[ObjectionState] = mapped_column(Word(ObjectionState))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(16), default="counter")
    raised_on: Mapped[date]
    raised_by: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str | None] = mapped_column(Sealed("objection.contact"))
    text: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    joint_reason: Mapped[str] = mapped_column(String(500), default="")
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    upheld: Mapped[bool | None]
    outcome: Mapped[str] = mapped_column(String(32), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    document: Mapped[Document | None] = relationship()
