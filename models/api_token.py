from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered
from models.institution import Institution


class ApiToken(Numbered, Base):
    """The key of another system to the interface: known by its hash, for named scopes, one region and a term.

    `digest`: SHA-256 of the 32 random bytes handed out once. `expires_on`: the last day it opens. Revoked for good.
    It opens from the day on which a second administrator approved it. A key for handing statements in names one
    institution, or says that it belongs to the agency itself (`for_agency`).
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("expires_on >= issued_on", name="term"),
        CheckConstraint("revoked_on IS NULL OR revoked_on >= issued_on", name="revoked_after"),
        CheckConstraint(
            "approved_by_id IS NULL OR issued_by_id IS NULL OR approved_by_id <> issued_by_id",
            name="two_persons",
        ),
        CheckConstraint("institution_id IS NULL OR NOT for_agency", name="one_sender"),
    )

    name: Mapped[str] = mapped_column(String(100), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(200))
    pooling_region: Mapped[str] = mapped_column(String(12))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    for_agency: Mapped[bool] = mapped_column(default=False)
    issued_on: Mapped[date]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]

    institution: Mapped[Institution | None] = relationship()

    @property
    def recorded_by_id(self) -> int | None:
        """Whoever issued it does not approve it."""
        return self.issued_by_id
