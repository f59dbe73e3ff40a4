from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution

IN_FORCE = text("withdrawn_on IS NULL")


class ServiceConsent(Numbered, OfInstitution, Base):
    """电子送达确认书: the institution agrees to be served through the portal, until it withdraws."""

    __tablename__ = "service_consent"
    __table_args__ = (
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="order"),
        Index(
            "uq_service_consent_in_force",
            "institution_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    given_on: Mapped[date]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_by: Mapped[str] = mapped_column(String(64))
    contact: Mapped[str] = mapped_column(String(200))
    withdrawn_on: Mapped[date | None]
