from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.document import Document
from models.resumption import Resumption

if TYPE_CHECKING:
    from models.agreement import Agreement


class Suspension(Numbered, OfInstitution, Base):
    """中止 of an agreement: ground, period, letter, end. It writes the hold on settlement in its own transaction.

    `voluntary`: the institution asked for it; it does not count as having been suspended.
    """

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        CheckConstraint("ended_on IS NULL OR end_reason <> ''", name="end_has_reason"),
        Index(
            "uq_suspension_open",
            "agreement_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    voluntary: Mapped[bool] = mapped_column(default=False, server_default=false())
    ground: Mapped[str] = mapped_column(String(32))
    ground_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    resumption_requested_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")

    agreement: Mapped[Agreement] = relationship(back_populates="suspensions")
    document: Mapped[Document | None] = relationship()
    resumptions: Mapped[list[Resumption]] = relationship(
        order_by=Resumption.id, back_populates="suspension"
    )
