from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.violation import Violation
from rules.effects import Choice, choices


class Effect(Numbered, Base):
    """Somebody else who is hit by the measure of a case, and what was decided about it before the approval."""

    __tablename__ = "effect"
    __table_args__ = (
        UniqueConstraint("violation_id", "key"),
        CheckConstraint("choice IS NULL OR decided_by_id IS NOT NULL", name="choice_has_person"),
        CheckConstraint("choice IS NULL OR choice = 'follow' OR reason <> ''", name="has_reason"),
    )

    violation_id: Mapped[int] = mapped_column(ForeignKey("violation.id"))
    key: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[str] = mapped_column(String(500))
    article: Mapped[str] = mapped_column(String(200))
    effect: Mapped[str] = mapped_column(String(200))
    hit_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    region: Mapped[str] = mapped_column(String(12))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    chain: Mapped[bool] = mapped_column(default=False)
    choice: Mapped[Choice | None] = mapped_column(Word(Choice))
    reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]

    violation: Mapped[Violation] = relationship(back_populates="effects")

    @property
    def choices(self) -> list[Choice]:
        return choices(self.agreement_id is not None)
