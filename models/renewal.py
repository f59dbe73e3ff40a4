from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import RenewalState
from rules.renewals import Advice
from rules.words import Labelled


class Origin(Labelled):
    APPLIED = "applied", "机构申请"
    COLLECTED = "collected", "统一组织"


class Renewal(Numbered, OfInstitution, Moving, Versioned, Base):
    """续签 of one agreement: asked for or organised, assessed on a frozen sheet, decided by three people.

    `due_on` is the last day on which an application is in time; a later one is taken up and stays marked as late.
    """

    __tablename__ = "renewal"
    __table_args__ = (
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> recorded_by_id "
            "AND decided_by_id <> reviewed_by_id)",
            name="three_persons",
        ),
        CheckConstraint(
            "state NOT IN ('agreed', 'refused', 'offered', 'renewed') OR decided_on IS NOT NULL",
            name="decided_has_day",
        ),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_reason"),
        CheckConstraint(
            "state NOT IN ('offered', 'renewed') OR next_agreement_id IS NOT NULL",
            name="offered_has_agreement",
        ),
        Index(
            "uq_renewal_agreement",
            "agreement_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_renewal_state", "state", "advice", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    next_agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    state: Mapped[RenewalState] = mapped_column(Word(RenewalState))
    origin: Mapped[Origin] = mapped_column(Word(Origin))
    due_on: Mapped[date]
    applied_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(Text, default="")
    sheet: Mapped[list[Any]] = mapped_column(JSON, default=list)
    sheet_on: Mapped[date | None]
    advice: Mapped[Advice | None] = mapped_column(Word(Advice))
    opinion: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[Advice | None] = mapped_column(Word(Advice))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(foreign_keys=[agreement_id])
    next_agreement: Mapped[Agreement | None] = relationship(foreign_keys=[next_agreement_id])

    @property
    def is_late(self) -> bool:
        """Applied for after the last day that was in time."""
        return self.applied_on is not None and self.applied_on > self.due_on
