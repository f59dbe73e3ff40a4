from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base, Instant
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
    visit_on: Mapped[date | None]
    third_party: Mapped[str] = mapped_column(String(100), default="")
    chosen_because: Mapped[str] = mapped_column(String(500), default="")
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))

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
    """What one evaluator found, item by item; nobody sees it before all have signed. Signed, it stands.

    Until then `items` and `remark` are a draft that was saved on the way.
    """

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
    saved_at: Mapped[datetime | None] = mapped_column(Instant)

    evaluator: Mapped[Evaluator] = relationship(lazy="joined")
    exhibits: Mapped[list[Exhibit]] = relationship(order_by="Exhibit.id", back_populates="opinion")


class Exhibit(Numbered, Base):
    """佐证 of one item: a photo or paper one evaluator put to it. As blind as the opinion it belongs to."""

    __tablename__ = "exhibit"

    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"), index=True)
    item: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    given_on: Mapped[date]

    opinion: Mapped[Opinion] = relationship(back_populates="exhibits")
