from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered
from models.practitioner import Practitioner
from models.violation import Violation


class Finding(Numbered, Base):
    """违规事实: one item of the catalogue in a case, in its words of that day. `amount` in 分, of `records` cases.

    Rows are added and taken away until the institution was told; afterwards they stand.
    """

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("records >= 0", name="records"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="period"),
    )

    violation_id: Mapped[int] = mapped_column(ForeignKey("violation.id"), index=True)
    item: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    records: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    department: Mapped[str] = mapped_column(String(100), default="")
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    violation: Mapped[Violation] = relationship(back_populates="findings")
    practitioner: Mapped[Practitioner | None] = relationship()
