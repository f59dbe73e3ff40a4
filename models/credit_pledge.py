from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import CreditPledgeState

STANDING = "state IN ('signed', 'alleged')"


class CreditPledge(Numbered, OfInstitution, Moving, Versioned, Base):
    """信用承诺书 of an institution: public; a breach is found by one and confirmed by another.

    `text_key` names the wording (table `credit_pledge_texts`) and `text_sha256` what it said on that day.
    """

    __tablename__ = "credit_pledge"
    __table_args__ = (
        Index(
            "uq_credit_pledge_standing",
            "institution_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        CheckConstraint("signed_on <= recorded_on", name="signed_before_recorded"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state NOT IN ('alleged', 'breached') OR (breach_text <> '' AND found_on IS NOT NULL)",
            name="breach_has_facts",
        ),
        CheckConstraint(
            "state <> 'breached' OR (confirmed_on IS NOT NULL AND confirmed_by_id IS NOT NULL)",
            name="breach_is_confirmed",
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[CreditPledgeState] = mapped_column(Word(CreditPledgeState))
    text_key: Mapped[str] = mapped_column(String(40))
    text_sha256: Mapped[str] = mapped_column(String(64))
    signer: Mapped[str] = mapped_column(String(64))
    signed_on: Mapped[date]
    recorded_on: Mapped[date]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    found_on: Mapped[date | None]
    breach_text: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
