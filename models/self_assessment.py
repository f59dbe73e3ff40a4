from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.cycle import Cycle


class SelfAssessment(Numbered, OfInstitution, Base):
    """自评: what an institution says about its own frozen facts before the rating is worked out.

    `items`: [{fact, label, found, stated, remark}], only those in which it differs. It changes no fact by itself.
    """

    __tablename__ = "self_assessment"
    __table_args__ = (Index("uq_self_assessment_cycle", "cycle_id", "institution_id", unique=True),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    items: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    submitted_on: Mapped[date]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    cycle: Mapped[Cycle] = relationship()
