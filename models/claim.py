from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from rules.statements import Fate

if TYPE_CHECKING:
    from models.statement import AuditFinding, Statement


class Claim(Numbered, Base):
    """费用明细: one line of a statement. What was declared never changes; what is wrong with it is a finding.

    `voucher`: the number of the institution's own bill; `voucher_key`: what other ways of writing it share. Amounts in
    分; `points` of a DRG group in ten-thousandths.
    `supplied_code`: who served, named only with an objection or during the audit.
    `fate`: what became of what was left of it at the settlement; `stopped`: the codes (; between) against its day;
    `disbursement_id`: with which it was paid.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("statement_id", "line"),
        Index("ix_claim_voucher_key", "institution_id", "voucher_key"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("disbursement_id IS NULL OR fate = 'pay'", name="only_payable_is_paid"),
        CheckConstraint(
            "NOT inpatient OR admission_date IS NOT NULL", name="inpatient_has_admission"
        ),
        CheckConstraint(
            "admission_date IS NULL OR admission_date <= service_date",
            name="admitted_before_service",
        ),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    line: Mapped[int]
    voucher: Mapped[str] = mapped_column(String(64))
    voucher_key: Mapped[str] = mapped_column(String(64))
    service_date: Mapped[date]
    admission_date: Mapped[date | None]
    practitioner_code: Mapped[str] = mapped_column(String(32), default="")
    supplied_code: Mapped[str] = mapped_column(String(32), default="")
    department: Mapped[str] = mapped_column(String(200), default="")
    emergency: Mapped[bool] = mapped_column(default=False)
    inpatient: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[int] = mapped_column(BigInteger)
    drg_group: Mapped[str] = mapped_column(String(32), default="")
    points: Mapped[int | None] = mapped_column(Integer)
    fate: Mapped[Fate | None] = mapped_column(Word(Fate))
    disbursement_id: Mapped[int | None] = mapped_column(ForeignKey("disbursement.id"), index=True)
    stopped: Mapped[str] = mapped_column(String(300), default="")

    statement: Mapped[Statement] = relationship(back_populates="claims")
    findings: Mapped[list[AuditFinding]] = relationship(
        back_populates="claim", order_by="AuditFinding.id"
    )

    @property
    def person_code(self) -> str:
        """Who served, as it counts for paying: what was supplied later, else what was declared."""
        return self.supplied_code or self.practitioner_code

    @property
    def denied(self) -> int:
        """What standing findings take off this line, in 分."""
        return sum(one.amount for one in self.findings if one.stands)

    @property
    def left(self) -> int:
        return self.amount - self.denied
