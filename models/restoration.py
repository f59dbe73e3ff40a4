from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.practitioner import Practitioner
from rules.lifecycle import RestorationState


class Restoration(Numbered, OfInstitution, Moving, Versioned, Base):
    """修复: points taken off the year's account for taking part in study or in the agency's work, with its proof.

    `adjusts`: as the rule of its day said, a running suspension follows the lower total.
    """

    __tablename__ = "restoration"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR recorded_by_id IS NULL OR confirmed_by_id <> recorded_by_id",
            name="two_persons",
        ),
        CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_has_person"
        ),
        Index("ix_restoration_account", "practitioner_id", "year", "state"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    state: Mapped[RestorationState] = mapped_column(Word(RestorationState))
    activity: Mapped[str] = mapped_column(String(32))
    activity_text: Mapped[str] = mapped_column(String(200))
    organiser: Mapped[str] = mapped_column(String(200))
    took_part_on: Mapped[date]
    year: Mapped[int]
    points: Mapped[int]
    adjusts: Mapped[bool]
    remark: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    basis: Mapped[str] = mapped_column(String(300))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    total_after: Mapped[int | None]

    practitioner: Mapped[Practitioner] = relationship()
