from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered


class ApiToken(Numbered, Base):
    """The key of another system to the interface: known by its hash, for named scopes, one region and a term.

    `digest`: SHA-256 of the 32 random bytes handed out once. `expires_on`: the last day it opens. Revoked for good.
    It opens from the day on which a second administrator approved it.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("expires_on >= issued_on", name="term"),
        CheckConstraint("revoked_on IS NULL OR revoked_on >= issued_on", name="revoked_after"),
        CheckConstraint(
            "approved_by_id IS NULL OR issued_by_id IS NULL OR approved_by_id <> issued_by_id",
            name="two_persons",
        ),
    )

    name: Mapped[str] = mapped_column(String(100), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(200))
    pooling_region: Mapped[str] = mapped_column(String(12))
    issued_on: Mapped[date]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]

    @property
    def recorded_by_id(self) -> int | None:
        """Whoever issued it does not approve it."""
        return self.issued_by_id
