from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant
from models.columns import Numbered

CURRENT = text("known_until IS NULL")


class PaymentPeriod(Numbered, Base):
    """What stands against paying the services of a period, as known from one instant until the next.

    Compiled from agreements, holds and registrations (`rules.payability`) in the transaction that changes them.
    `practitioner_id` 0: of the institution, or of its `department`. `institution_id` 0: of the person everywhere.
    Rows are never changed but for `known_until`, so that what was answered on a day can be answered again.
    `reasons`: [[code, article, from, to, stands in an emergency too]]; `codes` are those of the reasons with ; between.
    """

    __tablename__ = "payment_period"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("known_until IS NULL OR known_until >= known_from", name="known"),
        CheckConstraint("institution_id <> 0 OR practitioner_id <> 0", name="has_subject"),
        Index(
            "uq_payment_period_current",
            "institution_id", "practitioner_id", "department", "from_on",
            unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT,
        ),
        Index("ix_payment_period_practitioner", "practitioner_id", "institution_id"),
    )  # fmt: skip

    institution_id: Mapped[int]
    practitioner_id: Mapped[int]
    department: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date]
    to_on: Mapped[date]
    codes: Mapped[str] = mapped_column(Text, default="")
    emergency_codes: Mapped[str] = mapped_column(Text, default="")
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_until: Mapped[datetime | None] = mapped_column(Instant)
