from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.practitioner import Practitioner
from rules.words import Labelled


class QualificationMeasureKind(Labelled):
    SUSPEND = "suspend", "暂停医保支付资格"
    REVOKE = "revoke", "终止医保支付资格"


class Silenced(Labelled):
    """Why a measure stopped to speak before its end."""

    REPLACED = "replaced", "被后一措施取代"
    CORRECTED = "corrected", "记分更正，不再执行"
    HELD = "held", "申诉期间暂缓执行"
    RESTORED = "restored", "修复后调整"


STANDING = "superseded_on IS NULL"


class QualificationMeasure(Numbered, Base):
    """What reaching 9 or 12 points brought: effect at every site, from a day; suspended until, or barred until.

    A measure running over New Year continues although the points start again at nought. `ended_on` only records what
    the dates already say; the standing on a day is read from the dates (`rules.qualification`). One that no longer
    stands keeps its dates and is silent from `superseded_on`; `registrations` are those that a revocation ended.
    """

    __tablename__ = "qualification_measure"
    __table_args__ = (
        CheckConstraint("(kind = 'suspend') = (until IS NOT NULL)", name="suspension_has_end"),
        CheckConstraint("(kind = 'revoke') = (bar_until IS NOT NULL)", name="revocation_has_bar"),
        CheckConstraint("ended_on IS NULL OR ended_on > until", name="ended_after_until"),
        Index(
            "uq_qualification_measure_standing", "deduction_id", "kind", "from_on", unique=True,
            sqlite_where=text(STANDING), postgresql_where=text(STANDING),
        ),
    )  # fmt: skip

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("deduction.id"), index=True)
    kind: Mapped[QualificationMeasureKind] = mapped_column(Word(QualificationMeasureKind))
    from_on: Mapped[date]
    until: Mapped[date | None]
    bar_until: Mapped[date | None]
    superseded_on: Mapped[date | None]
    silenced: Mapped[Silenced | None] = mapped_column(Word(Silenced))
    registrations: Mapped[list[int]] = mapped_column(JSON, default=list)
    ended_on: Mapped[date | None]
    needs_application: Mapped[bool] = mapped_column(default=False, server_default=false())
    reinstated_on: Mapped[date | None]
    total: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))

    practitioner: Mapped[Practitioner] = relationship()

    @property
    def pooling_region(self) -> str:
        return self.practitioner.pooling_region
