from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.annual_settlement import AnnualSettlement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.statement import Statement
from models.user import User
from models.violation import Violation
from rules.collective import Ballot
from rules.lifecycle import CollectiveState


class CollectiveDecision(Numbered, OfInstitution, Moving, Versioned, Base):
    """集体讨论 of a case, a payment or a year: who sat in it, who stepped aside, each vote, the count and the minutes.

    `looks` is the state of what was discussed (the effects of the case, the settlement, the lines sent); when that
    changes, the decision no longer carries.
    """

    __tablename__ = "collective_decision"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('passed', 'rejected') OR (minutes <> '' AND held_on IS NOT NULL)",
            name="decided_has_minutes",
        ),
        CheckConstraint(
            "(violation_id IS NOT NULL AND statement_id IS NULL AND annual_settlement_id IS NULL)"
            " OR (violation_id IS NULL AND statement_id IS NOT NULL AND annual_settlement_id IS NULL)"
            " OR (violation_id IS NULL AND statement_id IS NULL AND annual_settlement_id IS NOT NULL)",
            name="one_matter",
        ),
        Index(
            "uq_collective_decision_open", "violation_id", unique=True,
            sqlite_where=text("state = 'convened'"), postgresql_where=text("state = 'convened'"),
        ),
        Index(
            "uq_collective_decision_open_payment", "statement_id", unique=True,
            sqlite_where=text("state = 'convened'"), postgresql_where=text("state = 'convened'"),
        ),
        Index(
            "uq_collective_decision_open_year", "annual_settlement_id", unique=True,
            sqlite_where=text("state = 'convened'"), postgresql_where=text("state = 'convened'"),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    annual_settlement_id: Mapped[int | None] = mapped_column(
        ForeignKey("annual_settlement.id"), index=True
    )
    state: Mapped[CollectiveState] = mapped_column(Word(CollectiveState))
    looks: Mapped[int]
    convened_on: Mapped[date]
    convened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    held_on: Mapped[date | None]
    minutes: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(String(200), default="")

    violation: Mapped[Violation | None] = relationship(back_populates="discussions")
    statement: Mapped[Statement | None] = relationship(back_populates="discussions")
    annual_settlement: Mapped[AnnualSettlement | None] = relationship(back_populates="discussions")
    votes: Mapped[list[Vote]] = relationship(order_by="Vote.id", back_populates="decision")

    @property
    def matter(self) -> Any:
        """The case, the statement or the settlement of a year it is about."""
        return self.violation or self.statement or self.annual_settlement

    @property
    def council_user_ids(self) -> set[int]:
        """Accounts that may vote: who stepped aside may not."""
        return {vote.user_id for vote in self.votes if not vote.recusal}

    @property
    def recorded_by_id(self) -> int | None:
        """Whoever brought the matter convenes nothing about it."""
        key: int | None = self.matter.recorded_by_id
        return key

    @property
    def recused_user_ids(self) -> set[int]:
        return self.violation.recused_user_ids if self.violation else set()


class Vote(Numbered, Base):
    """One member's seat and vote. `recusal`: why the member stepped aside; then there is no vote."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("decision_id", "user_id"),
        CheckConstraint("ballot IS NULL OR recusal = ''", name="recused_does_not_vote"),
        CheckConstraint("ballot IS NULL OR voted_on IS NOT NULL", name="vote_has_day"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("collective_decision.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    recusal: Mapped[str] = mapped_column(String(300), default="")
    ballot: Mapped[Ballot | None] = mapped_column(Word(Ballot))
    remark: Mapped[str] = mapped_column(String(500), default="")
    voted_on: Mapped[date | None]

    decision: Mapped[CollectiveDecision] = relationship(back_populates="votes")
    user: Mapped[User] = relationship()
