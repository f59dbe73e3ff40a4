from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.document import Document

if TYPE_CHECKING:
    from models.agreement import Agreement


class Termination(Numbered, OfInstitution, Base):
    """解除 of an agreement on an enumerated ground. `chain_of_id`: ended with another branch by the chain rule."""

    __tablename__ = "termination"
    __table_args__ = (UniqueConstraint("agreement_id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    chain_of_id: Mapped[int | None] = mapped_column(ForeignKey("termination.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    ground: Mapped[str] = mapped_column(String(32))
    ground_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    ban_class: Mapped[str] = mapped_column(String(16))
    decided_on: Mapped[date]
    effective_on: Mapped[date]

    agreement: Mapped[Agreement] = relationship(back_populates="terminations")
    document: Mapped[Document | None] = relationship()
