from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import RectificationState
from rules.rectifications import ItemState, ProofStage


class Rectification(Numbered, OfInstitution, Moving, Versioned, Base):
    """整改: what an institution has to put right, until when, and how it was verified.

    `source` and `source_id` name the row it comes from (a case, an application, a renewal …); what has no row of its
    own here has the id 0 and says in `source_text` which paper it was. `due_on` is the last day of the latest item.
    """

    __tablename__ = "rectification"
    __table_args__ = (
        CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state <> 'closed' OR (closed_on IS NOT NULL AND verified_by_id IS NOT NULL)",
            name="closed_was_verified",
        ),
        CheckConstraint("state <> 'cancelled' OR opinion <> ''", name="cancelled_has_reason"),
        CheckConstraint("due_on >= ordered_on", name="period"),
        Index("ix_rectification_source", "source", "source_id"),
        Index("ix_rectification_state", "state", "due_on"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[RectificationState] = mapped_column(Word(RectificationState))
    source: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[int]
    source_text: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(300))
    ordered_on: Mapped[date]
    due_on: Mapped[date]
    extensions: Mapped[int] = mapped_column(default=0)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    called_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(Text, default="")

    items: Mapped[list[RectificationItem]] = relationship(
        order_by="RectificationItem.position", back_populates="rectification"
    )


class RectificationItem(Numbered, Base):
    """One problem of the order. It is closed out only with a proof of the state afterwards: the table says so too."""

    __tablename__ = "rectification_item"
    __table_args__ = (
        CheckConstraint(
            "state <> 'closed' OR (proof_sha256 IS NOT NULL AND closed_on IS NOT NULL "
            "AND closed_by_id IS NOT NULL)",
            name="closed_has_proof",
        ),
        CheckConstraint("state <> 'returned' OR verdict <> ''", name="returned_has_reason"),
    )

    rectification_id: Mapped[int] = mapped_column(ForeignKey("rectification.id"), index=True)
    position: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(100), default="")
    person: Mapped[str] = mapped_column(String(64), default="")
    due_on: Mapped[date]
    state: Mapped[ItemState] = mapped_column(Word(ItemState), default=ItemState.OPEN)
    round: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    proof_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    verdict: Mapped[str] = mapped_column(String(500), default="")
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    rectification: Mapped[Rectification] = relationship(back_populates="items")
    files: Mapped[list[RectificationFile]] = relationship(order_by="RectificationFile.id")

    @property
    def institution_id(self) -> int:
        return self.rectification.institution_id

    @property
    def pooling_region(self) -> str:
        return self.rectification.pooling_region


class RectificationFile(Numbered, Base):
    """A proof of one item: how it was found, or how it is now. Never replaced; `round` counts the returns."""

    __tablename__ = "rectification_file"

    item_id: Mapped[int] = mapped_column(ForeignKey("rectification_item.id"), index=True)
    stage: Mapped[ProofStage] = mapped_column(Word(ProofStage))
    round: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    given_on: Mapped[date]
    given_by: Mapped[str] = mapped_column(String(64))
