from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Moving, Numbered, Versioned, Word
from rules.insurance import InsuranceKind
from rules.lifecycle import AnnualBudgetState


class AnnualBudget(Numbered, Moving, Versioned, Base):
    """年度总额预算: what a fund of a pooling region divides by points for a year, and what is kept out of it. In 分.

    `points`: all net points in thousandths, once they are fixed.
    """

    __tablename__ = "annual_budget"
    __table_args__ = (
        CheckConstraint("total > 0 AND adjusting_fund >= 0 AND adjusting_fund <= total", name="amounts"),
        CheckConstraint(
            "state <> 'fixed' OR (points > 0 AND fixed_on IS NOT NULL AND fixed_by_id IS NOT NULL)",
            name="fixed_has_points",
        ),
        CheckConstraint("fixed_by_id <> recorded_by_id", name="two_persons"),
        UniqueConstraint("pooling_region", "year", "insurance"),
    )  # fmt: skip

    pooling_region: Mapped[str] = mapped_column(String(12))
    year: Mapped[int]
    insurance: Mapped[InsuranceKind] = mapped_column(Word(InsuranceKind))
    state: Mapped[AnnualBudgetState] = mapped_column(Word(AnnualBudgetState))
    total: Mapped[int] = mapped_column(BigInteger)
    adjusting_percent: Mapped[int]
    adjusting_fund: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    fixed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    fixed_on: Mapped[date | None]

    @property
    def rest(self) -> int:
        """What is divided by points."""
        return self.total - self.adjusting_fund


class FundBalance(Numbered, Versioned, Base):
    """基金收支: what the three tests of prepayment look at, of one fund for one January. In 分.

    `last_year` and `forecast` are results, below nothing a deficit.
    """

    __tablename__ = "fund_balance"
    __table_args__ = (
        CheckConstraint("balance >= 0 AND monthly > 0", name="amounts"),
        UniqueConstraint("pooling_region", "year", "insurance"),
    )

    pooling_region: Mapped[str] = mapped_column(String(12))
    year: Mapped[int]
    insurance: Mapped[InsuranceKind] = mapped_column(Word(InsuranceKind))
    balance: Mapped[int] = mapped_column(BigInteger)
    monthly: Mapped[int] = mapped_column(BigInteger)
    last_year: Mapped[int] = mapped_column(BigInteger)
    forecast: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_on: Mapped[date]
