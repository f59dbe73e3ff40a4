from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.practitioner import Practitioner


class Registration(Numbered, OfInstitution, Base):
    """登记备案: a practitioner at a site, by period. `first_place` marks the first place of registration."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        Index("ix_registration_practitioner", "practitioner_id", "institution_id"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    first_place: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    practitioner: Mapped[Practitioner] = relationship()
