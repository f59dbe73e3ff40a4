from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.insurance import InsuranceKind
from rules.lifecycle import PrepaymentState

_LIVING = "state NOT IN ('declined', 'withdrawn')"


class Prepayment(Numbered, OfInstitution, Moving, Versioned, Base):
    """基金预付: asked for in January, examined against the fund, granted by the leader, set off in the year. In 分.

    One of an institution, insurance and year. `years`: what that fund paid in the last years, newest first; `monthly`
    their mean month; `tests` as they were found.
    """

    __tablename__ = "prepayment"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked"),
        CheckConstraint(
            "state NOT IN ('examined', 'granted', 'paid', 'cleared')"
            " OR (monthly > 0 AND amount > 0 AND examined_by_id IS NOT NULL)",
            name="examined_has_amount",
        ),
        CheckConstraint(
            "state NOT IN ('granted', 'paid', 'cleared', 'declined')"
            " OR (decided_on IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided_has_person",
        ),
        CheckConstraint("state <> 'declined' OR opinion <> ''", name="declined_has_reason"),
        CheckConstraint(
            "decided_by_id <> examined_by_id AND decided_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint("paid_by_id <> decided_by_id", name="payer_apart"),
        CheckConstraint(
            "state NOT IN ('paid', 'cleared') OR (paid_on IS NOT NULL AND voucher <> '')",
            name="paid_has_voucher",
        ),
        Index(
            "uq_prepayment_living", "institution_id", "year", "insurance", unique=True,
            sqlite_where=text(_LIVING), postgresql_where=text(_LIVING),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[int]
    state: Mapped[PrepaymentState] = mapped_column(Word(PrepaymentState))
    insurance: Mapped[InsuranceKind] = mapped_column(Word(InsuranceKind))
    purpose: Mapped[str] = mapped_column(String(32))
    asked: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(String(1000), default="")
    requested_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    years: Mapped[list[Any]] = mapped_column(JSON, default=list)
    monthly: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    tests: Mapped[list[Any]] = mapped_column(JSON, default=list)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    examination: Mapped[str] = mapped_column(String(1000), default="")
    examined_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    examined_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(String(1000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(String(100), default="")

    agreement: Mapped[Agreement] = relationship()
