from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import UnfiledChangeState


class UnfiledChange(Numbered, OfInstitution, Moving, Versioned, Base):
    """未申请变更: a change the agency learnt of before it was filed. Its limit runs from the authority's approval too.

    `overdue_on` is the first day after the limit; from then on the ground is proposed, to be decided by a person.
    """

    __tablename__ = "unfiled_change"
    __table_args__ = (
        CheckConstraint(
            "state IN ('found', 'dismissed', 'settled') OR approved_on IS NOT NULL", name="has_day"
        ),
        CheckConstraint("state <> 'overdue' OR ground <> ''", name="overdue_has_ground"),
        Index("ix_unfiled_change_state", "state", "approved_on"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[UnfiledChangeState] = mapped_column(Word(UnfiledChangeState))
    field: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    authority: Mapped[str] = mapped_column(String(100), default="")
    approved_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    overdue_on: Mapped[date | None]
    ground: Mapped[str] = mapped_column(String(32), default="")
    ground_text: Mapped[str] = mapped_column(Text, default="")
    ground_basis: Mapped[str] = mapped_column(String(200), default="")
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"))
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
