from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from rules.lifecycle import CycleState, ProposalState


class Cycle(Numbered, Moving, Versioned, Base):
    """A credit rating run: the scheme text and the facts it used are frozen with it; it is only ever superseded."""

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> started_by_id", name="two_persons"
        ),
        Index(
            "uq_cycle_current",
            "name",
            "pooling_region",
            unique=True,
            sqlite_where=text("state <> 'superseded'"),
            postgresql_where=text("state <> 'superseded'"),
        ),
    )

    name: Mapped[str] = mapped_column(String(64))
    pooling_region: Mapped[str] = mapped_column(String(12))
    state: Mapped[CycleState] = mapped_column(Word(CycleState))
    scheme: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(32))
    scheme_text: Mapped[str] = mapped_column(Text)
    facts: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_on: Mapped[date | None]

    ratings: Mapped[list[Rating]] = relationship(back_populates="cycle")


class Rating(Numbered, OfInstitution, Base):
    """One institution's score, grade and explanation in one cycle. Scores are kept in thousandths."""

    __tablename__ = "rating"
    __table_args__ = (
        Index("uq_rating_subject", "cycle_id", "institution_id", unique=True),
        Index("ix_rating_grade", "cycle_id", "grade"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    score_milli: Mapped[int]
    grade: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    lines: Mapped[list[Any]] = mapped_column(JSON)

    cycle: Mapped[Cycle] = relationship(back_populates="ratings")
    proposals: Mapped[list[Proposal]] = relationship(back_populates="rating")

    @property
    def score(self) -> float:
        return self.score_milli / 1000


class Proposal(Numbered, Versioned, Base):
    """What a grade suggests (retention release, renewal). It binds nobody until a person adopts it."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("uq_proposal_use", "rating_id", "use", unique=True),
        CheckConstraint(
            "state = 'proposed' OR decided_by_id IS NOT NULL", name="decided_has_person"
        ),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_reason"),
    )

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"))
    use: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(300), default="")
    confidence: Mapped[str] = mapped_column(String(16), default="assumed")
    state: Mapped[ProposalState] = mapped_column(Word(ProposalState))
    state_since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    rating: Mapped[Rating] = relationship(back_populates="proposals")

    @property
    def institution_id(self) -> int:
        return self.rating.institution_id

    @property
    def institution(self) -> Any:
        return self.rating.institution

    @property
    def pooling_region(self) -> str:
        return self.rating.pooling_region
