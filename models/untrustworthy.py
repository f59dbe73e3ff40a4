from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class Untrustworthy(Numbered, Base):
    """失信人名单: a person on the list of another authority, found by the index of the ID number alone.

    On the list from `listed_on` until the day before `removed_on`. `masked_id` is what a list may show.
    """

    __tablename__ = "untrustworthy"
    __table_args__ = (
        UniqueConstraint("person_index", "number"),
        CheckConstraint("removed_on IS NULL OR removed_on >= listed_on", name="period"),
    )

    person_index: Mapped[str] = mapped_column(String(64), index=True)
    person_name: Mapped[str] = mapped_column(String(64))
    masked_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(100))
    authority: Mapped[str] = mapped_column(String(200), default="")
    listed_on: Mapped[date]
    removed_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
    imported_on: Mapped[date]
