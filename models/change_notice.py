from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import ChangeNoticeState


class ChangeNotice(Numbered, OfInstitution, Moving, Versioned, Base):
    """变更告知: a change outside the list, told in writing. It has no limit in days and nobody approves it."""

    __tablename__ = "change_notice"

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[ChangeNoticeState] = mapped_column(Word(ChangeNoticeState))
    matter: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[date]
    told_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    acknowledged_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(Text, default="")
