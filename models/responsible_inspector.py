from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.user import User


class ResponsibleInspector(Numbered, OfInstitution, Base):
    """分片包干: which inspector answers for an institution, from a day to a day. One at a time."""

    __tablename__ = "responsible_inspector"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        Index(
            "uq_responsible_inspector_now",
            "institution_id",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
