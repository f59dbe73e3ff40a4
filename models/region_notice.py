from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.violation import Measure, Violation
from rules.lifecycle import RegionNoticeState


class RegionNotice(Numbered, OfInstitution, Moving, Versioned, Base):
    """跨区通报, received: another region suspended or ended its agreement with the same institution (令3 Art 41)."""

    __tablename__ = "region_notice"
    __table_args__ = (
        UniqueConstraint("agreement_id", "letter_number"),
        CheckConstraint("received_on >= decided_on", name="received_after_decision"),
        CheckConstraint(
            "state <> 'followed' OR violation_id IS NOT NULL", name="followed_has_case"
        ),
        CheckConstraint("state <> 'set_aside' OR reason <> ''", name="set_aside_has_reason"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[RegionNoticeState] = mapped_column(Word(RegionNoticeState))
    letter_number: Mapped[str] = mapped_column(String(100))
    agency: Mapped[str] = mapped_column(String(200))
    measure: Mapped[Measure] = mapped_column(Word(Measure))
    ground_text: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    received_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    agreement: Mapped[Agreement] = relationship()
    violation: Mapped[Violation | None] = relationship()
