from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.annual_budget import AnnualBudget
from models.columns import Discussed, Moving, Numbered, OfInstitution, Versioned, Word
from rules.annual_settlement import Method
from rules.insurance import InsuranceKind
from rules.lifecycle import AnnualSettlementState

if TYPE_CHECKING:
    from models.collective_decision import CollectiveDecision

_LIVING = "state <> 'dropped'"


class AnnualSettlement(Discussed, Numbered, OfInstitution, Moving, Versioned, Base):
    """年度清算: the year of one agreement and insurance, from its ledger to what is due. 分, points in thousandths.

    `share`: what its points bring, once the budget is fixed; `cap`: a budget told to it alone. `lines` are frozen when
    it is sent: what both sides confirmed is what is decided; `looks` counts how often, so that a group that saw other
    lines has not decided about these. `due` below nothing is carried to the next year.
    """

    __tablename__ = "annual_settlement"
    __table_args__ = (
        CheckConstraint("points >= 0 AND deducted_points BETWEEN 0 AND points", name="points"),
        CheckConstraint("cap IS NULL OR cap >= 0", name="cap"),
        CheckConstraint("reduction BETWEEN 0 AND 10000", name="reduction"),
        CheckConstraint(
            "state IN ('drafted', 'dropped') OR (sent_on IS NOT NULL AND difference IS NOT NULL AND due IS NOT NULL)",
            name="sent_has_lines",
        ),
        CheckConstraint("state <> 'disputed' OR dispute <> ''", name="disputed_has_words"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'decided', 'carried', 'closed') OR confirmed_on IS NOT NULL",
            name="confirmed_by_both",
        ),
        CheckConstraint(
            "state NOT IN ('decided', 'carried', 'closed')"
            " OR (decided_on IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided_has_person",
        ),
        CheckConstraint("decided_by_id <> recorded_by_id", name="two_persons"),
        CheckConstraint("paid_by_id <> decided_by_id", name="payer_apart"),
        Index(
            "uq_annual_settlement_living", "agreement_id", "year", "insurance", unique=True,
            sqlite_where=text(_LIVING), postgresql_where=text(_LIVING),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[int]
    insurance: Mapped[InsuranceKind] = mapped_column(Word(InsuranceKind))
    state: Mapped[AnnualSettlementState] = mapped_column(Word(AnnualSettlementState))
    method: Mapped[Method] = mapped_column(Word(Method))
    budget_id: Mapped[int | None] = mapped_column(ForeignKey("annual_budget.id"), index=True)
    points: Mapped[int] = mapped_column(BigInteger, default=0)
    deducted_points: Mapped[int] = mapped_column(BigInteger, default=0)
    violating_cases: Mapped[int] = mapped_column(default=0)
    share: Mapped[int | None] = mapped_column(BigInteger)
    cap: Mapped[int | None] = mapped_column(BigInteger)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    reduction: Mapped[int] = mapped_column(default=0)
    reduction_reason: Mapped[str] = mapped_column(String(300), default="")
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("annual_settlement.id"))
    lines: Mapped[list[Any]] = mapped_column(JSON, default=list)
    difference: Mapped[int | None] = mapped_column(BigInteger)
    due: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_on: Mapped[date | None]
    looks: Mapped[int] = mapped_column(default=0, server_default="0")
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dispute: Mapped[str] = mapped_column(String(2000), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(String(100), default="")

    agreement: Mapped[Agreement] = relationship()
    budget: Mapped[AnnualBudget | None] = relationship()
    carried_from: Mapped[AnnualSettlement | None] = relationship(remote_side="AnnualSettlement.id")
    discussions: Mapped[list[CollectiveDecision]] = relationship(
        order_by="CollectiveDecision.id", back_populates="annual_settlement"
    )

    @property
    def proposer_id(self) -> int | None:
        """Whoever drafted it does not sit in the group that decides about it."""
        return self.recorded_by_id
