from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.practitioner import Practitioner
from models.qualification_measure import QualificationMeasure
from rules.lifecycle import ReinstatementState

_OPEN = "state = 'requested'"


class Reinstatement(Numbered, OfInstitution, Moving, Versioned, Base):
    """恢复支付资格申请: by the institution for a person whose suspension or bar is over; answered by another person.

    `files`: [{name, sha256}]. `from_on`: the day from which the person is qualified again.
    """

    __tablename__ = "reinstatement"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('agreed', 'declined') OR (answered_on IS NOT NULL AND opinion <> '')",
            name="answer_is_whole",
        ),
        CheckConstraint("(state = 'agreed') = (from_on IS NOT NULL)", name="agreed_has_day"),
        CheckConstraint(
            "answered_by_id IS NULL OR recorded_by_id IS NULL OR answered_by_id <> recorded_by_id",
            name="two_persons",
        ),
        Index(
            "uq_reinstatement_open",
            "measure_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[ReinstatementState] = mapped_column(Word(ReinstatementState))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("qualification_measure.id"))
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    requested_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date | None]

    practitioner: Mapped[Practitioner] = relationship()
    measure: Mapped[QualificationMeasure] = relationship()
