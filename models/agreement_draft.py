from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered

if TYPE_CHECKING:
    from models.agreement import Agreement


class AgreementDraft(Numbered, Base):
    """协议草案: one wording of an agreement during its negotiation. A change is another draft."""

    __tablename__ = "agreement_draft"
    __table_args__ = (UniqueConstraint("agreement_id", "serial"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    serial: Mapped[int]
    chapters: Mapped[list[Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(500))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]

    agreement: Mapped[Agreement] = relationship(back_populates="drafts")


@event.listens_for(AgreementDraft, "before_update")
def _refuse_change(*_given: Any) -> None:
    raise RuntimeError("a draft of an agreement is never changed: make the next one")
