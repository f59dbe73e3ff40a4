from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import WithdrawalState
from rules.withdrawals import ExitAct

_OPEN = "state IN ('requested', 'agreed')"


class Withdrawal(Numbered, OfInstitution, Moving, Versioned, Base):
    """主动退出: an institution asks to suspend, to end or not to renew its agreement, months ahead.

    `from_on` is the first day without the agreement, `to_on` the last day of a suspension.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        CheckConstraint("from_on > requested_on", name="ahead"),
        CheckConstraint(
            "state NOT IN ('agreed', 'declined', 'done') OR decided_on IS NOT NULL",
            name="decided_has_day",
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR proxy_by_id IS NULL OR decided_by_id <> proxy_by_id",
            name="two_persons",
        ),
        Index("ix_withdrawal_state", "state", "from_on"),
        Index(
            "uq_withdrawal_open",
            "agreement_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[WithdrawalState] = mapped_column(Word(WithdrawalState))
    act: Mapped[ExitAct] = mapped_column(Word(ExitAct))
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    requested_on: Mapped[date]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    proxy_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    agreement: Mapped[Agreement] = relationship()
