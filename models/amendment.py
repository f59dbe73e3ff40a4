from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.sealed import Sealed
from rules.lifecycle import AmendmentState


class AmendmentItem(Numbered, Base):
    """One registered fact to be changed: the old value frozen, the new one as it was typed, and who approved it when.

    `old_text` and `new_text` are what pages show: the name of a person, the masked number of an account. The whole
    numbers are sealed. `filed_on`: the day of the first submission with this item; the limit is judged by it.
    """

    __tablename__ = "amendment_item"
    __table_args__ = (
        UniqueConstraint("amendment_id", "field"),
        CheckConstraint("effective_on >= approved_on", name="effect_follows_approval"),
    )

    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    field: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(200))
    old_text: Mapped[str] = mapped_column(String(1000), default="")
    new_text: Mapped[str] = mapped_column(String(1000))
    old_secret: Mapped[str | None] = mapped_column(Sealed("amendment_item.old_secret"))
    new_secret: Mapped[str | None] = mapped_column(Sealed("amendment_item.new_secret"))
    id_index: Mapped[str] = mapped_column(String(64), default="", index=True)
    authority: Mapped[str] = mapped_column(String(100))
    document_number: Mapped[str] = mapped_column(String(100))
    approved_on: Mapped[date]
    effective_on: Mapped[date]
    filed_on: Mapped[date | None]
    due_on: Mapped[date | None]
    late: Mapped[bool] = mapped_column(default=False)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))


class Amendment(Numbered, OfInstitution, Moving, Versioned, Base):
    """变更申请: one or several registered facts, checked by one and approved by another.

    `allowed_bans`: the bans that the leader's written decision covers; a further ban needs a further decision.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        CheckConstraint("state <> 'approved' OR decided_on IS NOT NULL", name="approved_has_day"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> checked_by_id", name="two_persons"
        ),
        CheckConstraint("leader_by_id IS NULL OR leader_text <> ''", name="leader_writes"),
        Index("ix_amendment_state", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[AmendmentState] = mapped_column(Word(AmendmentState))
    proxy_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_on: Mapped[date]
    submitted_on: Mapped[date | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    leader_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    leader_on: Mapped[date | None]
    leader_text: Mapped[str] = mapped_column(Text, default="")
    allowed_bans: Mapped[list[Any]] = mapped_column(JSON, default=list)

    items: Mapped[list[AmendmentItem]] = relationship(
        order_by=AmendmentItem.id, cascade="all, delete-orphan"
    )
