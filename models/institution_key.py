from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution

IN_USE = text("approved_on IS NOT NULL AND retired_on IS NULL")


class InstitutionKey(Numbered, OfInstitution, Base):
    """The certificate by which an institution signs its agreements, and the picture of its seal.

    The key itself never stays here: whoever signs brings it along, and it is forgotten with the request. It counts
    from the day on which the security administrator approved it until it is retired, one at a time.
    """

    __tablename__ = "institution_key"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="term"),
        CheckConstraint("retired_on IS NULL OR retired_reason <> ''", name="retired_why"),
        CheckConstraint("(approved_on IS NULL) = (approved_by_id IS NULL)", name="approved_by_whom"),
        Index(
            "uq_institution_key_in_use", "institution_id", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
        ),
    )  # fmt: skip

    name: Mapped[str] = mapped_column(String(200))
    certificate: Mapped[str] = mapped_column(Text)
    certificate_number: Mapped[str] = mapped_column(String(64), unique=True)
    issuer: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    drawing: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    registered_on: Mapped[date]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    retired_on: Mapped[date | None]
    retired_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def recorded_by_id(self) -> int:
        """Whoever registered it does not approve it."""
        return self.registered_by_id
