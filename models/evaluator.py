from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.institution import Institution
from models.sealed import Sealed
from models.user import User
from rules.recusal import TieNature


class Evaluator(Numbered, Base):
    """A member of the evaluation pool: one specialty, one account to evaluate with.

    `id_index` finds the person among the office holders of institutions; whoever leaves the pool stays on record.
    """

    __tablename__ = "evaluator"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    specialty: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(100), default="")
    active: Mapped[bool] = mapped_column(default=True)
    id_number: Mapped[str | None] = mapped_column(Sealed("evaluator.id_number"))
    id_index: Mapped[str | None] = mapped_column(String(64), index=True)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]

    user: Mapped[User] = relationship(lazy="joined")
    ties: Mapped[list[Tie]] = relationship(order_by="Tie.id", back_populates="evaluator")

    @property
    def pooling_region(self) -> str:
        return self.user.pooling_region


class Tie(Numbered, Base):
    """利害关系 of an expert with an institution: works there, worked there, a relative in charge, money in it."""

    __tablename__ = "tie"
    __table_args__ = (
        Index("ix_tie_institution", "institution_id", "evaluator_id"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="period"),
    )

    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    nature: Mapped[TieNature] = mapped_column(Word(TieNature))
    note: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    evaluator: Mapped[Evaluator] = relationship(back_populates="ties")
    institution: Mapped[Institution] = relationship()


class Recusal(Numbered, Base):
    """回避 declared by a person for one application, with the reason; what the machine finds is not stored here."""

    __tablename__ = "recusal"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_is_given"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    reason: Mapped[str] = mapped_column(String(500))
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    declared_on: Mapped[date]
