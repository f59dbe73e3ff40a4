from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution, Versioned, Word
from rules.words import Labelled

if TYPE_CHECKING:
    from models.agreement import Agreement


class SpecialState(Labelled):
    PROPOSED = "proposed", "待答复"
    AGREED = "agreed", "已写入"
    REFUSED = "refused", "未采纳"
    DROPPED = "dropped", "不再沿用"


class SpecialClause(Numbered, OfInstitution, Versioned, Base):
    """专门约定 with one institution: proposed by one side with a reason, answered by the agency with one.

    `carried_from` is the key it had in the previous agreement; such a clause is carried over or dropped knowingly.
    """

    __tablename__ = "special_clause"
    __table_args__ = (
        UniqueConstraint("agreement_id", "key"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("state = 'proposed' OR answered_on IS NOT NULL", name="answer_has_day"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    key: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    carried_from: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[SpecialState] = mapped_column(Word(SpecialState), default=SpecialState.PROPOSED)
    by_institution: Mapped[bool]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author: Mapped[str] = mapped_column(String(64))
    proposed_on: Mapped[date]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_by: Mapped[str] = mapped_column(String(64), default="")
    answered_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(back_populates="special_clauses")
