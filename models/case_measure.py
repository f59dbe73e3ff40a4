from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.document import Document
from models.practitioner import Practitioner
from models.remittance import Remittance, WriteDown
from models.violation import Violation
from rules.ladder import Level, Plan, Step
from rules.lifecycle import CaseMeasureState, RemittanceState

if TYPE_CHECKING:
    from collections.abc import Iterable


class CaseMeasure(Numbered, OfInstitution, Moving, Versioned, Base):
    """处理措施: one rung of the ladder in a case. What ends or suspends the agreement stays on the case itself.

    `noticed_on`: the day it was announced to the institution; without it nothing may be decided. Amounts in 分.
    `due_on`: last day for bringing the money, from the service of its letter.
    """

    __tablename__ = "case_measure"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="period"),
        CheckConstraint("state <> 'struck' OR reason <> ''", name="struck_has_reason"),
        CheckConstraint(
            "state NOT IN ('decided', 'executed') OR (decided_on IS NOT NULL AND noticed_on IS NOT NULL)",
            name="decided_was_noticed",
        ),
        CheckConstraint("state <> 'executed' OR executed_on IS NOT NULL", name="executed_has_day"),
    )

    violation_id: Mapped[int] = mapped_column(ForeignKey("violation.id"), index=True)
    state: Mapped[CaseMeasureState] = mapped_column(Word(CaseMeasureState))
    step: Mapped[Step] = mapped_column(Word(Step))
    basis: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_on: Mapped[date | None]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    subject_text: Mapped[str] = mapped_column(String(200), default="")
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    clause: Mapped[str] = mapped_column(String(200), default="")
    formula: Mapped[str] = mapped_column(String(300), default="")
    noticed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_on: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    due_on: Mapped[date | None]
    executed_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(String(300), default="")

    violation: Mapped[Violation] = relationship(back_populates="measures")
    practitioner: Mapped[Practitioner | None] = relationship()
    document: Mapped[Document | None] = relationship()
    remittances: Mapped[list[Remittance]] = relationship(
        order_by=Remittance.id, back_populates="measure"
    )
    write_downs: Mapped[list[WriteDown]] = relationship(
        order_by=WriteDown.id, back_populates="measure"
    )

    @property
    def number(self) -> str:
        return self.violation.number

    @property
    def plan(self) -> Plan:
        """What is intended, as the rules reason about it."""
        return Plan(
            self.step, self.amount, self.paid_on, self.from_on, self.to_on, self.subject_text,
            self.practitioner_id, self.clause, self.formula,
        )  # fmt: skip

    @property
    def received(self) -> int:
        """Confirmed money, in 分: what only one person has entered does not count."""
        return sum(row.amount for row in self.remittances if row.state is RemittanceState.CONFIRMED)

    @property
    def written_down(self) -> int:
        return sum(row.amount for row in self.write_downs)

    @property
    def balance(self) -> int:
        """What is still open, in 分."""
        return self.amount - self.written_down - self.received

    @property
    def recorded_by_id(self) -> int | None:
        return self.violation.recorded_by_id

    @property
    def reviewed_by_id(self) -> int | None:
        return self.violation.reviewed_by_id

    @property
    def approval(self) -> Level | None:
        return self.violation.approval

    @property
    def recused_user_ids(self) -> Iterable[int]:
        return self.violation.recused_user_ids
