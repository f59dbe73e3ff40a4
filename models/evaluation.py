from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.application import Application
from models.columns import Numbered
from models.evaluator import Evaluator
from models.institution import Institution


class Evaluation(Numbered, Base):
    """An evaluation round of an application by a team in which all four specialties sit."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("application_id", "round"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    round: Mapped[int] = mapped_column(default=1)
    form: Mapped[str] = mapped_column(String(32), default="现场评估")
    started_on: Mapped[date]
    finished_on: Mapped[date | None]
    passed: Mapped[bool | None]

    application: Mapped[Application] = relationship(back_populates="evaluations")
    opinions: Mapped[list[Opinion]] = relationship(order_by="Opinion.id")

    @property
    def team_user_ids(self) -> set[int]:
        return {opinion.evaluator.user_id for opinion in self.opinions}

    @property
    def institution(self) -> Institution:
        found: Institution = self.application.institution
        return found

    @property
    def pooling_region(self) -> str:
        return self.application.pooling_region

    @property
    def proxy_by_id(self) -> int | None:
        return self.application.proxy_by_id


class Opinion(Numbered, Base):
    """What one evaluator found, item by item; nobody sees it before all have signed. Signed, it stands."""

    __tablename__ = "opinion"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "evaluator_id"),
        CheckConstraint("(signed_on IS NULL) = (passed IS NULL)", name="signed_has_result"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    specialty: Mapped[str] = mapped_column(String(32))
    items: Mapped[list[Any]] = mapped_column(JSON, default=list)
    passed: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(String(1000), default="")
    signed_on: Mapped[date | None]

    evaluator: Mapped[Evaluator] = relationship(lazy="joined")
