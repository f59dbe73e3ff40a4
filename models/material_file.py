from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class MaterialFile(Numbered, Base):
    """One file handed in for an item of the checklist; a newer one stands beside it, never in its place.

    `passed` is empty until somebody has checked this very file.
    """

    __tablename__ = "material_file"
    __table_args__ = (
        UniqueConstraint("material_id", "edition"),
        CheckConstraint("passed IS NULL OR checked_on IS NOT NULL", name="checked_has_day"),
    )

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), index=True)
    edition: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    given_on: Mapped[date]
    given_by: Mapped[str] = mapped_column(String(64))
    passed: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(64), default="")
