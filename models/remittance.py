from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.ladder import Destination
from rules.lifecycle import RemittanceState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.case_measure import CaseMeasure


class Remittance(Numbered, OfInstitution, Moving, Versioned, Base):
    """到账登记: money of a measure that arrived or was kept back, entered by one and confirmed by another. In 分.

    `statement_id`: taken out of what is payable for this statement, when somebody else transfers the rest.
    """

    __tablename__ = "remittance"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint("state <> 'rejected' OR reason <> ''", name="rejected_has_reason"),
        CheckConstraint("state <> 'planned' OR statement_id IS NOT NULL", name="offset_has_source"),
    )

    case_measure_id: Mapped[int] = mapped_column(ForeignKey("case_measure.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    state: Mapped[RemittanceState] = mapped_column(Word(RemittanceState))
    received_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    voucher: Mapped[str] = mapped_column(String(100))
    destination: Mapped[Destination] = mapped_column(Word(Destination))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    measure: Mapped[CaseMeasure] = relationship(back_populates="remittances")

    @property
    def waits(self) -> bool:
        """Entered, and not counted yet."""
        return self.state in (RemittanceState.RECORDED, RemittanceState.PLANNED)

    @property
    def number(self) -> str:
        return self.measure.violation.number

    @property
    def recused_user_ids(self) -> Iterable[int]:
        return self.measure.violation.recused_user_ids


class WriteDown(Numbered, Base):
    """核减: part of what a measure claims is given up, by the leader, with the reason. In 分."""

    __tablename__ = "write_down"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    case_measure_id: Mapped[int] = mapped_column(ForeignKey("case_measure.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(500))
    written_on: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    measure: Mapped[CaseMeasure] = relationship(back_populates="write_downs")
