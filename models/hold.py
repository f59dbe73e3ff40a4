from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class Hold(Numbered, Base):
    """Costs of service days in this period are not settled: of an institution, or of a practitioner everywhere.

    With both, of the practitioner at that institution only; with `department`, of that part of the institution.
    `emergency_exempt`: emergency and rescue are paid all the same (practitioners, 医保发〔2024〕23号).
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(
            "institution_id IS NOT NULL OR practitioner_id IS NOT NULL", name="has_subject"
        ),
        CheckConstraint(
            "department = '' OR (institution_id IS NOT NULL AND practitioner_id IS NULL)",
            name="department_of_institution",
        ),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        Index("ix_hold_institution", "institution_id", "from_on"),
        Index("ix_hold_practitioner", "practitioner_id", "from_on"),
    )

    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    department: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    source: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    emergency_exempt: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(String(200))
