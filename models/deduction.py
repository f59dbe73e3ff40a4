from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.practitioner import Practitioner
from rules.lifecycle import DeductionState


class Deduction(Numbered, OfInstitution, Moving, Versioned, Base):
    """One points decision on one practitioner. Never edited: recorded, then confirmed or rejected by another person.

    `decided_on` is the day of the measure or penalty it rests on; its calendar year is the account it counts in.
    """

    __tablename__ = "deduction"
    __table_args__ = (
        CheckConstraint("points BETWEEN 1 AND 12", name="points"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_has_person"
        ),
        Index("ix_deduction_account", "practitioner_id", "year", "state"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    state: Mapped[DeductionState] = mapped_column(Word(DeductionState))
    item: Mapped[str] = mapped_column(String(32))
    item_text: Mapped[str] = mapped_column(String(300))
    responsibility: Mapped[str] = mapped_column(String(16))
    points: Mapped[int]
    conduct_on: Mapped[date]
    decided_on: Mapped[date]
    year: Mapped[int]
    measure_basis: Mapped[str] = mapped_column(String(300))
    facts_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    total_after: Mapped[int | None]

    practitioner: Mapped[Practitioner] = relationship()
