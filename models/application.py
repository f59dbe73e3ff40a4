from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.material import Material
from rules.lifecycle import ApplicationState

if TYPE_CHECKING:
    from models.evaluation import Evaluation

_BEFORE_ACCEPTANCE = "('draft', 'submitted', 'supplementing', 'declined', 'withdrawn')"


class Application(Numbered, OfInstitution, Moving, Versioned, Base):
    """定点申请, from the first material to the signed agreement.

    `received_on` is the day the material arrived (the five-day supplement limit runs from it).
    `supplements` counts the notices of supplement: one by law, another only with its `again_reason`. `reminders` and
    `reminded_on`: how often, and when last, the applicant was reminded of a supplement that did not come.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(
            f"state IN {_BEFORE_ACCEPTANCE} OR accepted_on IS NOT NULL", name="accepted_has_day"
        ),
        CheckConstraint(
            "state NOT IN ('supplementing') OR supplement_requested_on IS NOT NULL",
            name="supplement_has_day",
        ),
        CheckConstraint("supplements < 2 OR again_reason <> ''", name="again_has_reason"),
        Index("ix_application_state", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[ApplicationState] = mapped_column(Word(ApplicationState))
    proxy_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_on: Mapped[date]
    received_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    supplement_requested_on: Mapped[date | None]
    supplemented_on: Mapped[date | None]
    supplements: Mapped[int] = mapped_column(default=0, server_default="0")
    again_reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    reminded_on: Mapped[date | None]
    evaluated_on: Mapped[date | None]
    notice_from: Mapped[date | None]
    notice_to: Mapped[date | None]
    result_reason: Mapped[str] = mapped_column(Text, default="")
    retry_on: Mapped[date | None]
    retry_told_on: Mapped[date | None]
    retried_on: Mapped[date | None]
    rectification: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

    materials: Mapped[list[Material]] = relationship(order_by=Material.id)
    evaluations: Mapped[list[Evaluation]] = relationship(
        order_by="Evaluation.id", back_populates="application"
    )

    @property
    def team_user_ids(self) -> set[int]:
        """Accounts of the latest team: those who may evaluate this application."""
        return self.evaluations[-1].team_user_ids if self.evaluations else set()
