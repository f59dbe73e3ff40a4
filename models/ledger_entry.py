from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution, Word
from rules.ledger import Account, Entry, Kind


class LedgerEntry(Numbered, OfInstitution, Base):
    """结算台账: one transfer between two accounts, append-only by trigger; a wrong one is answered by its reversal.

    The amount (分) leaves `credit` and arrives at `debit`. `year`: the settlement year it belongs to. `cause` and
    `cause_id` name the row because of which it was entered. Balances are sums, never stored (`queries.ledger`).
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


_SQLITE = """CREATE TRIGGER IF NOT EXISTS ledger_entry_no_{verb} BEFORE {VERB} ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END"""
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'ledger_entry is append-only'; END $$""",
    "DROP TRIGGER IF EXISTS ledger_entry_append_only ON ledger_entry",
    """CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""",
]


def ensure_guards(connection: Connection) -> None:
    """Create the append-only triggers again; a batch migration on SQLite drops them silently."""
    if connection.dialect.name == "postgresql":
        statements = _POSTGRESQL
    else:
        statements = [_SQLITE.format(verb=v.lower(), VERB=v) for v in ("UPDATE", "DELETE")]
    for statement in statements:
        connection.execute(text(statement))


@event.listens_for(LedgerEntry.__table__, "after_create")
def _guard_new_table(_table: Any, connection: Connection, **_options: Any) -> None:
    ensure_guards(connection)
