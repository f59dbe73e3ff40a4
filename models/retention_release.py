from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import RetentionReleaseState
from rules.retention import Way

_OPEN = "state IN ('drafted', 'decided')"


class RetentionRelease(Numbered, OfInstitution, Moving, Versioned, Base):
    """质量保证金返还: what is given back of the sum retained under an agreement in a year, and what the fund keeps.

    What is retained after a case was ended (a hold was over late) is given back by a further one of the same year.
    `held`, `released`, `kept` in 分; `score` and `percent` in hundredths. `follows`: what the ladder's paper adds.
    """

    __tablename__ = "retention_release"
    __table_args__ = (
        CheckConstraint("held > 0 AND released >= 0 AND kept >= 0", name="amounts"),
        CheckConstraint("released + kept = held", name="adds_up"),
        CheckConstraint("percent BETWEEN 0 AND 10000", name="percent"),
        CheckConstraint("way <> 'ladder' OR (score IS NOT NULL AND ladder <> '')", name="scored"),
        CheckConstraint("way <> 'grade' OR proposal_id IS NOT NULL", name="graded"),
        CheckConstraint(
            "state IN ('drafted', 'dropped') OR (decided_on IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided_has_person",
        ),
        CheckConstraint("state <> 'dropped' OR reason <> ''", name="dropped_has_reason"),
        CheckConstraint("decided_by_id <> recorded_by_id", name="two_persons"),
        CheckConstraint("paid_by_id <> decided_by_id", name="payer_apart"),
        CheckConstraint("state <> 'paid' OR (paid_on IS NOT NULL AND voucher <> '')", name="paid_has_voucher"),
        Index(
            "uq_retention_release_open", "agreement_id", "year", unique=True,
            sqlite_where=text(_OPEN), postgresql_where=text(_OPEN),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[int]
    state: Mapped[RetentionReleaseState] = mapped_column(Word(RetentionReleaseState))
    held: Mapped[int] = mapped_column(BigInteger)
    way: Mapped[Way] = mapped_column(Word(Way))
    ladder: Mapped[str] = mapped_column(String(32), default="")
    score: Mapped[int | None]
    score_source: Mapped[str] = mapped_column(String(200), default="")
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    percent: Mapped[int]
    released: Mapped[int] = mapped_column(BigInteger)
    kept: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[str] = mapped_column(String(16))
    follows: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(String(100), default="")

    agreement: Mapped[Agreement] = relationship()
