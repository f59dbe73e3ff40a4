from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement_draft import AgreementDraft
from models.application import Application
from models.clause_comment import ClauseComment
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.special_clause import SpecialClause
from models.suspension import Suspension
from models.termination import Termination
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState

_SIGNED = "('concluded', 'suspended', 'terminated', 'lapsed')"


class Agreement(Numbered, OfInstitution, Moving, Versioned, Base):
    """医保服务协议. The institution signs first, the agency after it.

    `form` says what it is beside others; `parent` is the agreement it depends on, `previous` the one it follows.
    `text_on` is the day whose model wording it holds. Whether it is in force on a day follows from its dates and its
    suspensions (`rules.standing`), not from `state`.
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
        CheckConstraint("state <> 'failed' OR failure_reason <> ''", name="failure_has_reason"),
        CheckConstraint(
            "form NOT IN ('supplementary', 'annual') OR parent_id IS NOT NULL",
            name="dependent_has_parent",
        ),
        Index("ix_agreement_state", "state", "term_to"),
        Index("ix_agreement_previous_id", "previous_id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), unique=True)
    form: Mapped[AgreementForm] = mapped_column(
        Word(AgreementForm), default=AgreementForm.MAIN, server_default="main"
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    covers: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[AgreementState] = mapped_column(Word(AgreementState))
    term_from: Mapped[date]
    term_to: Mapped[date]
    chapters: Mapped[list[Any]] = mapped_column(JSON)
    text_on: Mapped[date]
    institution_read_on: Mapped[date | None]
    institution_signer: Mapped[str] = mapped_column(String(64), default="")
    institution_capacity: Mapped[str] = mapped_column(
        String(32), default="", server_default=text("''")
    )
    institution_mandate: Mapped[str] = mapped_column(
        String(200), default="", server_default=text("''")
    )
    institution_signed_on: Mapped[date | None]
    agency_signer: Mapped[str] = mapped_column(String(64), default="")
    agency_mandate: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    agency_signed_on: Mapped[date | None]
    failed_on: Mapped[date | None]
    failure_reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    lapsed_on: Mapped[date | None]
    lapse_reason: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped[Application | None] = relationship()
    previous: Mapped[Agreement | None] = relationship(
        foreign_keys="Agreement.previous_id", remote_side="Agreement.id"
    )
    parent: Mapped[Agreement | None] = relationship(
        foreign_keys="Agreement.parent_id", remote_side="Agreement.id", back_populates="dependents"
    )
    dependents: Mapped[list[Agreement]] = relationship(
        foreign_keys="Agreement.parent_id", back_populates="parent", order_by="Agreement.id"
    )
    drafts: Mapped[list[AgreementDraft]] = relationship(
        order_by=AgreementDraft.serial, back_populates="agreement"
    )
    special_clauses: Mapped[list[SpecialClause]] = relationship(
        order_by=SpecialClause.id, back_populates="agreement"
    )
    comments: Mapped[list[ClauseComment]] = relationship(
        order_by=ClauseComment.id, back_populates="agreement"
    )
    suspensions: Mapped[list[Suspension]] = relationship(
        order_by=Suspension.id, back_populates="agreement"
    )
    terminations: Mapped[list[Termination]] = relationship(
        order_by=Termination.id, back_populates="agreement"
    )
