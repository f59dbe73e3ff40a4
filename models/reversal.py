from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.deduction import Deduction
from rules.lifecycle import ReversalState


class Reversal(Numbered, OfInstitution, Moving, Versioned, Base):
    """更正 of counted points: taken back whole by a line of its own, and where something remains, given anew.

    `points`, `item`, `responsibility`: what is given instead; empty when nothing is. Two persons, like the entry.
    """

    __tablename__ = "reversal"
    __table_args__ = (
        CheckConstraint("points IS NULL OR points BETWEEN 1 AND 12", name="points"),
        CheckConstraint("(points IS NULL) = (item = '')", name="whole_replacement"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_has_person"
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("deduction.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"))
    state: Mapped[ReversalState] = mapped_column(Word(ReversalState))
    cause: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(String(32), default="")
    responsibility: Mapped[str] = mapped_column(String(16), default="")
    points: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(300))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]

    deduction: Mapped[Deduction] = relationship()
