from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, Versioned, Word
from models.institution import Institution
from models.practitioner import Practitioner
from rules.credit_subjects import CreditSubject
from rules.lifecycle import CreditInformationState


class CreditInformation(Numbered, Moving, Versioned, Base):
    """信用信息: something said about a credit subject from outside the product's own records, with its paper.

    `kind`: a key of the table `credit_information_kinds`. It counts from `happened_on` through `valid_to`, and only
    once another person has confirmed it. `figures` are the numbers it brings (column of facts → number). A person is
    kept by the salted index of the ID number, the name as pages may show it, and the masked number; nothing else.
    """

    __tablename__ = "credit_information"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN person_index IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
        CheckConstraint("valid_to >= happened_on", name="period"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="two_persons"
        ),
        CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_has_person"
        ),
        CheckConstraint(
            "state NOT IN ('rejected', 'revoked') OR reason <> ''", name="ended_has_reason"
        ),
        Index("ix_credit_information_state", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[CreditInformationState] = mapped_column(Word(CreditInformationState))
    pooling_region: Mapped[str] = mapped_column(String(12), index=True)
    subject: Mapped[CreditSubject] = mapped_column(Word(CreditSubject))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    person_index: Mapped[str | None] = mapped_column(String(64), index=True)
    person_name: Mapped[str] = mapped_column(String(64), default="")
    masked_id: Mapped[str] = mapped_column(String(32), default="")
    kind: Mapped[str] = mapped_column(String(32))
    happened_on: Mapped[date]
    valid_to: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    basis: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500), default="")

    institution: Mapped[Institution | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()

    @property
    def subject_name(self) -> str:
        """As pages of the agency show it; a person known by an index alone by the masked name."""
        known = self.institution or self.practitioner
        return known.name if known else self.person_name
