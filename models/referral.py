from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.violation import Violation
from rules.lifecycle import ReferralState


class Referral(Numbered, OfInstitution, Moving, Versioned, Base):
    """移送: what another authority has to deal with, from a case; its receipt and what became of it.

    It never ends the case it comes from. `persons`: how many people are referred; `materials`: [{name, copies}].
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("about_institution OR persons > 0", name="somebody"),
        CheckConstraint("persons >= 0", name="persons"),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state IN ('drafted', 'cancelled') OR (sent_on IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="sent_was_approved",
        ),
        CheckConstraint(
            "state NOT IN ('received', 'answered') OR (receipt_on IS NOT NULL AND receipt_number <> '')",
            name="received_has_receipt",
        ),
        CheckConstraint(
            "state <> 'answered' OR (result <> '' AND result_on IS NOT NULL)",
            name="answered_has_result",
        ),
        CheckConstraint(
            "state NOT IN ('declined', 'cancelled') OR reason <> ''", name="refused_has_reason"
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    violation_id: Mapped[int] = mapped_column(ForeignKey("violation.id"), index=True)
    state: Mapped[ReferralState] = mapped_column(Word(ReferralState))
    authority: Mapped[str] = mapped_column(String(32))
    authority_name: Mapped[str] = mapped_column(String(200))
    facts_text: Mapped[str] = mapped_column(Text)
    about_institution: Mapped[bool]
    persons: Mapped[int] = mapped_column(default=0)
    materials: Mapped[list[Any]] = mapped_column(JSON, default=list)
    basis: Mapped[str] = mapped_column(String(300))
    drafted_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_on: Mapped[date | None]
    chased_on: Mapped[date | None]
    chases: Mapped[int] = mapped_column(default=0)
    receipt_on: Mapped[date | None]
    receipt_number: Mapped[str] = mapped_column(String(100), default="")
    result_on: Mapped[date | None]
    result_number: Mapped[str] = mapped_column(String(100), default="")
    result: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")

    violation: Mapped[Violation] = relationship()

    @property
    def recused_user_ids(self) -> set[int]:
        """Whoever stepped aside in the case has no part in what is referred from it."""
        return self.violation.recused_user_ids
