from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, Word
from rules.checks import Result


class Verification(Numbered, Base):
    """What a person found on one condition or ground of refusal that no machine decides: fact, remark, who, when.

    `item` is the key of the row of the law. The latest finding stands here; every earlier one is in the log.
    """

    __tablename__ = "verification"
    __table_args__ = (
        UniqueConstraint("application_id", "item"),
        CheckConstraint("fact <> ''", name="has_fact"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    item: Mapped[str] = mapped_column(String(32))
    result: Mapped[Result] = mapped_column(Word(Result))
    fact: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str] = mapped_column(String(64))
    verified_on: Mapped[date]
