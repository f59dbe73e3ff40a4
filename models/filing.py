from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.document import Document
from rules.filings import FilingKind
from rules.lifecycle import FilingState


class Filing(Numbered, OfInstitution, Moving, Versioned, Base):
    """A decision of the agency filed with (or reported to) the administrative side, and the number it gave.

    `subject` is what was decided: evaluation, agreement, suspension or termination; each is filed once.
    """

    __tablename__ = "filing"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "subject_id"),
        CheckConstraint(
            "state <> 'confirmed' OR (bureau_number <> '' AND confirmed_on IS NOT NULL)",
            name="confirmed_has_number",
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[FilingKind] = mapped_column(Word(FilingKind))
    state: Mapped[FilingState] = mapped_column(Word(FilingState))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    summary: Mapped[str] = mapped_column(String(300), default="")
    basis: Mapped[str] = mapped_column(String(200))
    filed_on: Mapped[date]
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    bureau_number: Mapped[str] = mapped_column(String(64), default="")

    document: Mapped[Document | None] = relationship()
