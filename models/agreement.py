from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.application import Application
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.suspension import Suspension
from models.termination import Termination
from rules.lifecycle import AgreementState

_SIGNED = "('concluded', 'suspended', 'terminated', 'lapsed')"


class Agreement(Numbered, OfInstitution, Moving, Versioned, Base):
    """医保服务协议. The institution signs first, the agency after it.

    Whether it is in force on a day follows from its dates and its suspensions (`rules.standing`), not from `state`.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("term_to >= term_from", name="term"),
        CheckConstraint(
            f"state NOT IN {_SIGNED} OR (institution_signed_on IS NOT NULL "
            "AND agency_signed_on >= institution_signed_on)",
            name="signed_in_order",
        ),
        CheckConstraint("state <> 'lapsed' OR lapsed_on IS NOT NULL", name="lapsed_has_day"),
        Index("ix_agreement_state", "state", "term_to"),
        Index("ix_agreement_previous_id", "previous_id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), unique=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[AgreementState] = mapped_column(Word(AgreementState))
    term_from: Mapped[date]
    term_to: Mapped[date]
    chapters: Mapped[list[Any]] = mapped_column(JSON)
    institution_signer: Mapped[str] = mapped_column(String(64), default="")
    institution_signed_on: Mapped[date | None]
    agency_signer: Mapped[str] = mapped_column(String(64), default="")
    agency_signed_on: Mapped[date | None]
    lapsed_on: Mapped[date | None]
    lapse_reason: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped[Application | None] = relationship()
    previous: Mapped[Agreement | None] = relationship(remote_side="Agreement.id")
    suspensions: Mapped[list[Suspension]] = relationship(
        order_by=Suspension.id, back_populates="agreement"
    )
    terminations: Mapped[list[Termination]] = relationship(
        order_by=Termination.id, back_populates="agreement"
    )
