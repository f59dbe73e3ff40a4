from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.append_only import append_only
from models.columns import Numbered, OfInstitution, Word
from rules.insurance import InsuranceKind
from rules.ledger import Account, Entry, Kind


@append_only
class LedgerEntry(Numbered, OfInstitution, Base):
    """结算台账: one transfer between two accounts, append-only by trigger; a wrong one is answered by its reversal.

    The amount (分) leaves `credit` and arrives at `debit`. `year`: the settlement year it belongs to; `insurance`:
    whose fund, unknown only of the money of a case. `cause` and `cause_id` name the row because of which it was
    entered. Balances are sums, never stored (`queries.ledger`).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        Index("ix_ledger_entry_agreement", "agreement_id", "year"),
        Index("ix_ledger_entry_cause", "cause", "cause_id"),
    )

    day: Mapped[date]
    year: Mapped[int]
    insurance: Mapped[InsuranceKind | None] = mapped_column(Word(InsuranceKind))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    debit: Mapped[Account] = mapped_column(Word(Account))
    credit: Mapped[Account] = mapped_column(Word(Account))
    amount: Mapped[int] = mapped_column(BigInteger)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    cause: Mapped[str] = mapped_column(String(32))
    cause_id: Mapped[int]
    article: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)

    @property
    def plain(self) -> Entry:
        """As the rules reason about it."""
        return Entry(self.kind, self.debit, self.credit, self.amount, self.article)
