from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution, Word
from rules.renewals import ReminderKind


class Reminder(Numbered, OfInstitution, Base):
    """续签提醒: once for each agreement and kind. `due_on` is the day it belongs to, also when it was made up later."""

    __tablename__ = "reminder"
    __table_args__ = (Index("uq_reminder_kind", "agreement_id", "kind", unique=True),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    kind: Mapped[ReminderKind] = mapped_column(Word(ReminderKind))
    due_on: Mapped[date]
