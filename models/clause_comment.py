from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered

if TYPE_CHECKING:
    from models.agreement import Agreement


class ClauseComment(Numbered, Base):
    """What one side says about a clause during the negotiation; both sides read it."""

    __tablename__ = "clause_comment"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    serial: Mapped[int]
    clause: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    by_institution: Mapped[bool]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]

    agreement: Mapped[Agreement] = relationship(back_populates="comments")
