from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitutionOrPerson

# letters that reach nobody by 送达回证: posted for everybody, or sent to the administrative side
UNSERVED = ("public_notice", "notice_statement", "report", "filing_result", "talk_record")


class Document(Numbered, OfInstitutionOrPerson, Base):
    """An issued letter: kind, number, frozen facts; once rendered, the hash of its only bytes.

    `first_sha256`: of an agreement that the institution signed after the agency, the bytes with the agency's signature
    alone. Service (送达) is recorded on it: how, when, with what proof; `announced_on`: the first day of a public
    notice that stands for service. A letter not served starts no clock.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("series", "year", "serial"),
        Index("ix_document_subject", "subject", "subject_id"),
        CheckConstraint("served_on IS NULL OR service_method <> ''", name="service_has_method"),
        CheckConstraint("institution_id IS NOT NULL OR region <> ''", name="is_placed"),
        CheckConstraint(
            "announced_on IS NULL OR service_proof <> ''", name="announcement_has_place"
        ),
        CheckConstraint("first_sha256 IS NULL OR sha256 IS NOT NULL", name="signed_after_printing"),
    )

    kind: Mapped[str] = mapped_column(String(32), index=True)
    series: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    issued_on: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    verify_code: Mapped[str] = mapped_column(String(32), unique=True)
    sealed_by: Mapped[str] = mapped_column(String(64), default="")  # number of the certificate
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    first_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    announced_on: Mapped[date | None]
    served_on: Mapped[date | None]
    service_method: Mapped[str] = mapped_column(String(32), default="")
    service_proof: Mapped[str] = mapped_column(String(300), default="")

    @property
    def recipient(self) -> str:
        """Whom lists name: the institution, or the person for whom none answers."""
        return str(self.institution.name if self.institution else self.facts["addressee"])

    @property
    def needs_service(self) -> bool:
        """A public notice and a report to the bureau reach nobody by 送达回证."""
        return self.kind not in UNSERVED
