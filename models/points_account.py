from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database import Base


class PointsAccount(Base):
    """A practitioner's calendar year, locked while an entry is confirmed: no two are added unseen."""

    __tablename__ = "points_account"
    __table_args__ = (CheckConstraint("total >= 0", name="total"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(default=0)
