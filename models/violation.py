from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.ladder import CaseSource, Level
from rules.lifecycle import ViolationState
from rules.words import Labelled

if TYPE_CHECKING:
    from models.case_measure import CaseMeasure
    from models.collective_decision import CollectiveDecision
    from models.effect import Effect
    from models.finding import Finding


class Measure(Labelled):
    SUSPEND = "suspend", "中止协议"
    TERMINATE = "terminate", "解除协议"


class Violation(Numbered, OfInstitution, Moving, Versioned, Base):
    """违规案件 on the agreement track: clue, facts, planned measures, views heard, three different persons, decision.

    `measure` with its ground is what happens to the agreement itself, where anything does; the rungs of the ladder
    below it are `measures`. `approval` is who has to decide, fixed with the proposal.
    `looks` counts what was done to its effects, so that whoever looked at an earlier set is told so.
    """

    __tablename__ = "violation"
    __table_args__ = (
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> recorded_by_id "
            "AND approved_by_id <> reviewed_by_id)",
            name="three_persons",
        ),
        CheckConstraint("state <> 'closed' OR decided_on IS NOT NULL", name="closed_was_decided"),
        CheckConstraint("measure IS NULL OR ground <> ''", name="measure_has_ground"),
        Index("ix_violation_state", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[ViolationState] = mapped_column(Word(ViolationState))
    source: Mapped[CaseSource] = mapped_column(
        Word(CaseSource), default=CaseSource.OTHER, server_default="other"
    )
    source_text: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    found_on: Mapped[date]
    clue_text: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    extended_on: Mapped[date | None]
    taken_up_on: Mapped[date | None]
    facts_text: Mapped[str] = mapped_column(Text)
    measure: Mapped[Measure | None] = mapped_column(Word(Measure))
    ground: Mapped[str] = mapped_column(String(32), default="")
    ground_text: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(200), default="")
    suspend_from: Mapped[date | None]
    suspend_to: Mapped[date | None]
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    views_due_on: Mapped[date | None]
    views_text: Mapped[str] = mapped_column(Text, default="")
    views_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    approval: Mapped[Level | None] = mapped_column(Word(Level))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    looked_on: Mapped[date | None]
    looks: Mapped[int] = mapped_column(default=0, server_default="0")

    effects: Mapped[list[Effect]] = relationship(
        order_by="Effect.id", back_populates="violation", cascade="all, delete-orphan"
    )
    findings: Mapped[list[Finding]] = relationship(
        order_by="Finding.id", back_populates="violation", cascade="all, delete-orphan"
    )
    measures: Mapped[list[CaseMeasure]] = relationship(
        order_by="CaseMeasure.id", back_populates="violation", cascade="all, delete-orphan"
    )
    discussions: Mapped[list[CollectiveDecision]] = relationship(
        order_by="CollectiveDecision.id", back_populates="violation"
    )

    @property
    def words(self) -> str:
        """What is intended or was decided, in words: the agreement itself first."""
        ending = [self.measure.label] if self.measure else []
        rungs = dict.fromkeys(row.step.label for row in self.measures if row.state != "struck")
        return "、".join([*ending, *rungs]) or "未拟定"

    @property
    def proposer_id(self) -> int | None:
        """Whoever proposes does not sit in the group that decides."""
        return self.recorded_by_id

    @property
    def recused_user_ids(self) -> set[int]:
        """Accounts that stepped aside in this case: they lose the vote and the sight of it."""
        return {vote.user_id for one in self.discussions for vote in one.votes if vote.recusal}
