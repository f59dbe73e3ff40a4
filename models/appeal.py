from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.deduction import Deduction
from rules.lifecycle import AppealState

OPEN = "state IN ('lodged', 'examined')"


class Appeal(Numbered, OfInstitution, Moving, Versioned, Base):
    """申诉 against points: signed by the person, stamped by the institution, judged by others than gave them.

    `held`: the effect of the points stands still while it is open. `proposal`: uphold, correct or revoke; with correct
    `item`, `responsibility` and `points` say what is to stand instead.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("signed AND stamped", name="signed_and_stamped"),
        CheckConstraint("points IS NULL OR points BETWEEN 1 AND 11", name="points"),
        CheckConstraint(
            "examined_by_id IS NULL OR decided_by_id IS NULL OR decided_by_id <> examined_by_id",
            name="two_persons",
        ),
        CheckConstraint(
            "state NOT IN ('upheld', 'corrected') OR (decided_by_id IS NOT NULL AND proposal <> '')",
            name="decided_has_person",
        ),
        Index(
            "uq_appeal_open", "deduction_id", unique=True,
            sqlite_where=text(OPEN), postgresql_where=text(OPEN),
        ),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("deduction.id"), index=True)
    state: Mapped[AppealState] = mapped_column(Word(AppealState))
    lodged_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    signed: Mapped[bool]
    stamped: Mapped[bool]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    held: Mapped[bool]
    explained_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(String(16), default="")
    item: Mapped[str] = mapped_column(String(32), default="")
    responsibility: Mapped[str] = mapped_column(String(16), default="")
    points: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(300))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    examined_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]

    deduction: Mapped[Deduction] = relationship()

    @property
    def involved_user_ids(self) -> set[int | None]:
        """Whoever gave the points judges no appeal against them."""
        return {self.deduction.recorded_by_id, self.deduction.confirmed_by_id} - {None}
