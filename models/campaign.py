from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution, Versioned


class Campaign(Numbered, Versioned, Base):
    """专项行动, such as the clearing of goods that a designated pharmacy may not display (裕安 2019)."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("due_on >= from_on", name="period"),
        Index("uq_campaign_name", "pooling_region", "name", unique=True),
        CheckConstraint("family IN ('medical', 'pharmacy')", name="family"),
    )

    name: Mapped[str] = mapped_column(String(100))
    family: Mapped[str] = mapped_column(String(16))
    subject_text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200), default="")
    pooling_region: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    due_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class CampaignResult(Numbered, OfInstitution, Versioned, Base):
    """What was found at one institution. Whether it was cleared in time follows from the days alone."""

    __tablename__ = "campaign_result"
    __table_args__ = (
        Index("uq_campaign_result", "campaign_id", "institution_id", unique=True),
        CheckConstraint("(due_on IS NULL) = (found_text = '')", name="found_has_due_day"),
        CheckConstraint("cleared_on IS NULL OR due_on IS NOT NULL", name="cleared_was_found"),
        CheckConstraint("cleared_on IS NULL OR cleared_on >= checked_on", name="cleared_later"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    checked_on: Mapped[date]
    found_text: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    cleared_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    campaign: Mapped[Campaign] = relationship()
