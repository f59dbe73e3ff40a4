from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered

if TYPE_CHECKING:
    from models.suspension import Suspension


class Resumption(Numbered, Base):
    """恢复申请: what was mended, with evidence, and what another person found when checking it.

    `files`: [{name, sha256}]. `accepted` is None while nobody has answered.
    """

    __tablename__ = "resumption"
    __table_args__ = (
        CheckConstraint(
            "accepted IS NULL OR (answered_on IS NOT NULL AND opinion <> '')",
            name="answer_is_whole",
        ),
        CheckConstraint(
            "answered_by_id IS NULL OR asked_by_id IS NULL OR answered_by_id <> asked_by_id",
            name="two_persons",
        ),
    )

    suspension_id: Mapped[int] = mapped_column(ForeignKey("suspension.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    asked_on: Mapped[date]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted: Mapped[bool | None]
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")

    suspension: Mapped[Suspension] = relationship(back_populates="resumptions")
