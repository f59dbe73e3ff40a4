from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.cycle import Cycle
from models.user import User
from rules.collective import Ballot


class CycleVote(Numbered, Base):
    """审定表决: one member's seat and vote on the grades of a cycle; counted as in every collective decision."""

    __tablename__ = "cycle_vote"
    __table_args__ = (
        UniqueConstraint("cycle_id", "user_id"),
        CheckConstraint("(ballot IS NULL) = (voted_on IS NULL)", name="vote_has_day"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ballot: Mapped[Ballot | None] = mapped_column(Word(Ballot))
    remark: Mapped[str] = mapped_column(String(500), default="")
    voted_on: Mapped[date | None]

    cycle: Mapped[Cycle] = relationship(back_populates="votes")
    user: Mapped[User] = relationship()

    @property
    def pooling_region(self) -> str:
        return self.cycle.pooling_region
