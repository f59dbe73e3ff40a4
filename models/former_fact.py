from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution
from models.sealed import Sealed


class FormerFact(Numbered, OfInstitution, Base):
    """曾用登记事项: what was on record for an institution until a change, and until when.

    `to_on` is the first day of the new value. `name_key` and `pinyin` find an institution by a former name.
    `from_on` is empty where the registry does not know since when.
    """

    __tablename__ = "former_fact"
    __table_args__ = (
        CheckConstraint("from_on IS NULL OR to_on >= from_on", name="period"),
        Index("ix_former_fact_name_key", "name_key", "institution_id"),
        Index("ix_former_fact_period", "institution_id", "field", "to_on"),
    )

    field: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(1000), default="")
    secret: Mapped[str | None] = mapped_column(Sealed("former_fact.secret"))
    name_key: Mapped[str] = mapped_column(String(200), default="")
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date | None]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
