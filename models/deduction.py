from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.penalty import Penalty
from models.practitioner import Practitioner
from models.violation import Violation
from rules.lifecycle import DeductionState


class Deduction(Numbered, OfInstitution, Moving, Versioned, Base):
    """One points decision on one practitioner. Never edited: recorded, then confirmed or rejected by another person.

    It rests on a decided case or a registered penalty; `measure_basis` is that decision in words, and all there is for
    entries from before. `decided_on` is its day, whose calendar year is the account. Of one act only the heaviest item
    counts; `seen` keeps the others. `replaces`: given in place of an entry that was taken back.
    """

    __tablename__ = "deduction"
    __table_args__ = (
        CheckConstraint("points BETWEEN 1 AND 12", name="points"),
        CheckConstraint("violation_id IS NULL OR penalty_id IS NULL", name="one_basis"),
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
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"), index=True)
    penalty_id: Mapped[int | None] = mapped_column(ForeignKey("penalty.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("deduction.id"))
    measure_basis: Mapped[str] = mapped_column(String(300))
    seen: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    another_act: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    facts_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    total_after: Mapped[int | None]

    practitioner: Mapped[Practitioner] = relationship()
    violation: Mapped[Violation | None] = relationship()
    penalty: Mapped[Penalty | None] = relationship()
    replaces: Mapped[Deduction | None] = relationship(remote_side="Deduction.id")
