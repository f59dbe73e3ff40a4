from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.practitioner import Practitioner
from rules.words import Labelled


class QualificationMeasureKind(Labelled):
    SUSPEND = "suspend", "暂停医保支付资格"
    REVOKE = "revoke", "终止医保支付资格"


class QualificationMeasure(Numbered, Base):
    """What reaching 9 or 12 points brought: effect at every site, from a day; suspended until, or barred until.

    A measure running over New Year continues although the points start again at nought. `ended_on` only records what
    the dates already say; the standing on a day is read from the dates (`rules.qualification`).
    """

    __tablename__ = "qualification_measure"
    __table_args__ = (
        CheckConstraint("(kind = 'suspend') = (until IS NOT NULL)", name="suspension_has_end"),
        CheckConstraint("(kind = 'revoke') = (bar_until IS NOT NULL)", name="revocation_has_bar"),
        CheckConstraint("ended_on IS NULL OR ended_on > until", name="ended_after_until"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("deduction.id"), unique=True)
    kind: Mapped[QualificationMeasureKind] = mapped_column(Word(QualificationMeasureKind))
    from_on: Mapped[date]
    until: Mapped[date | None]
    bar_until: Mapped[date | None]
    superseded_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    needs_application: Mapped[bool] = mapped_column(default=False, server_default=false())
    reinstated_on: Mapped[date | None]
    total: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))

    practitioner: Mapped[Practitioner] = relationship()

    @property
    def pooling_region(self) -> str:
        return self.practitioner.pooling_region
