from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitutionOrPerson, Versioned, Word
from models.cycle import Cycle, Rating
from models.sealed import Sealed
from rules.lifecycle import RatingObjectionState

_OPEN = "state IN ('raised', 'accepted') AND source <> 'online'"


class RatingObjection(Numbered, OfInstitutionOrPerson, Moving, Versioned, Base):
    """信用异议 against one rating: by the institution itself, at the counter, or by the public while it is on notice.

    `assisted_by`: which other authority was asked to check; then the answer has longer.
    Nobody who had a part in the run (`Cycle.part_user_ids`), or wrote the objection down, looks into it.
    """

    __tablename__ = "rating_objection"
    __table_args__ = (
        CheckConstraint(
            "state IN ('raised', 'accepted', 'withdrawn') OR (answered_on IS NOT NULL AND opinion <> '')",
            name="answer_is_whole",
        ),
        CheckConstraint(
            "handled_by_id IS NULL OR recorded_by_id IS NULL OR handled_by_id <> recorded_by_id",
            name="two_persons",
        ),
        CheckConstraint("institution_id IS NOT NULL OR region <> ''", name="is_placed"),
        Index(
            "uq_rating_objection_open", "rating_id", unique=True,
            sqlite_where=text(_OPEN), postgresql_where=text(_OPEN),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[RatingObjectionState] = mapped_column(Word(RatingObjectionState))
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), index=True)
    source: Mapped[str] = mapped_column(String(16))
    raised_on: Mapped[date]
    assisted_by: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    assisted_on: Mapped[date | None]
    assist_matter: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    raised_by: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str | None] = mapped_column(Sealed("rating_objection.contact"))
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ground: Mapped[str] = mapped_column(String(32), default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]

    rating: Mapped[Rating] = relationship()
    corrections: Mapped[list[FactCorrection]] = relationship(
        order_by="FactCorrection.id", back_populates="objection"
    )

    @property
    def involved_user_ids(self) -> set[int | None]:
        """Whoever had a part in the run that gave the grade, or wrote the objection down."""
        return (self.rating.cycle.part_user_ids | {self.recorded_by_id}) - {None}

    @property
    def about_person(self) -> bool:
        """A person's grade; the institution, if any, is the one through which a letter reaches the person."""
        return self.rating.institution_id is None


class FactCorrection(Numbered, Base):
    """One frozen fact that was wrong: what stood there, what is right, why, on which evidence.

    `run_id`: the run that was worked out anew with it; none yet while it waits for the replay. `record`: the noun of
    the record that was wrong and has been revoked or taken back since, where the fact followed from one.
    """

    __tablename__ = "fact_correction"
    __table_args__ = (
        CheckConstraint("reason <> '' AND evidence <> ''", name="is_founded"),
        Index("ix_fact_correction_cycle", "cycle_id", "run_id"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("rating_objection.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    subject: Mapped[str] = mapped_column(String(64))
    fact: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(64))
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    reason: Mapped[str] = mapped_column(String(500))
    evidence: Mapped[str] = mapped_column(String(300))
    record: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    record_id: Mapped[int | None]
    recorded_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    cycle: Mapped[Cycle] = relationship(foreign_keys=[cycle_id])
    objection: Mapped[RatingObjection | None] = relationship(back_populates="corrections")

    @property
    def pooling_region(self) -> str:
        return self.cycle.pooling_region
