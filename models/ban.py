from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class Ban(Numbered, Base):
    """A bar on applying, of an institution or of a person by ID number across every institution.

    It ends when its period is over **and** no obligation is open (令3 Art 11(3), (4)). `ended_on` only records that.
    """

    __tablename__ = "ban"
    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) <> (person_index IS NULL)", name="one_subject"),
        CheckConstraint("until >= from_on", name="period"),
    )

    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    person_index: Mapped[str | None] = mapped_column(String(64), index=True)
    person_name: Mapped[str] = mapped_column(String(64), default="")
    ground: Mapped[str] = mapped_column(String(32))
    basis: Mapped[str] = mapped_column(String(200))
    from_on: Mapped[date]
    until: Mapped[date]
    obligation: Mapped[str] = mapped_column(String(200), default="")
    obligation_met_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    penalty_id: Mapped[int | None] = mapped_column(ForeignKey("penalty.id"), index=True)
    termination_id: Mapped[int | None] = mapped_column(ForeignKey("termination.id"), index=True)
