from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.violation import Violation
from rules import measures
from rules.lifecycle import IndicationState


class Indication(Numbered, OfInstitution, Moving, Versioned, Base):
    """疑似情形: a fact that points to a ground. It decides nothing: a person opens a case or does not.

    `measure` is what the ground would allow. `reference` names the fact, so that the night notices it once; `found_on`
    is the day on which the fact was there.
    """

    __tablename__ = "indication"
    __table_args__ = (
        UniqueConstraint("agreement_id", "ground", "reference"),
        CheckConstraint(
            "state <> 'taken_up' OR violation_id IS NOT NULL", name="taken_up_has_case"
        ),
        CheckConstraint("state <> 'set_aside' OR reason <> ''", name="set_aside_has_reason"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[IndicationState] = mapped_column(Word(IndicationState))
    ground: Mapped[str] = mapped_column(String(32))
    ground_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(64))
    facts_text: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    measure: Mapped[str] = mapped_column(
        String(32), default=measures.TERMINATE, server_default=measures.TERMINATE
    )
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    agreement: Mapped[Agreement] = relationship()
    violation: Mapped[Violation | None] = relationship()
