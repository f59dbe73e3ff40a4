from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitutionOrPerson, Versioned, Word
from models.cycle import Rating
from rules.grade_changes import Cause
from rules.lifecycle import GradeChangeState

_OPEN = "state IN ('requested', 'proposed')"


class GradeChange(Numbered, OfInstitutionOrPerson, Moving, Versioned, Base):
    """等级变动 after publication: an adjustment by the agency, or a restoration (信用修复) that was applied for.

    The rating stays as it was published; from `effective_on` the grade in force is `to_grade`.
    """

    __tablename__ = "grade_change"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('proposed', 'effective') OR (to_grade <> '' AND to_grade <> from_grade)",
            name="changes_something",
        ),
        CheckConstraint(
            "state NOT IN ('proposed', 'effective') OR (reason <> '' AND basis <> '')",
            name="is_founded",
        ),
        CheckConstraint("institution_id IS NOT NULL OR region <> ''", name="is_placed"),
        CheckConstraint("(state = 'effective') = (effective_on IS NOT NULL)", name="day"),
        CheckConstraint(
            "decided_by_id IS NULL OR ((recorded_by_id IS NULL OR decided_by_id <> recorded_by_id)"
            " AND (examined_by_id IS NULL OR decided_by_id <> examined_by_id))",
            name="two_persons",
        ),
        Index(
            "uq_grade_change_open", "rating_id", unique=True,
            sqlite_where=text(_OPEN), postgresql_where=text(_OPEN),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[GradeChangeState] = mapped_column(Word(GradeChangeState))
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), index=True)
    cause: Mapped[Cause] = mapped_column(Word(Cause))
    from_grade: Mapped[str] = mapped_column(String(16))
    to_grade: Mapped[str] = mapped_column(String(16), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    requested_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    examined_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(String(1000), default="")

    rating: Mapped[Rating] = relationship()
