from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution, Word
from models.sealed import Sealed
from rules.persons import OfficeRole


class Office(Numbered, OfInstitution, Base):
    """Who was legal representative, principal or actual controller of an institution, and from when to when.

    A later change ends a row and begins another: the link of a person to what happened then is never washed out.
    """

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),)

    role: Mapped[OfficeRole] = mapped_column(Word(OfficeRole))
    name: Mapped[str] = mapped_column(String(64))
    id_number: Mapped[str | None] = mapped_column(Sealed("office.id_number"))
    id_index: Mapped[str] = mapped_column(String(64), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
