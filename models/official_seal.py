from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered
from models.sealed import Sealed

IN_USE = text("approved_on IS NOT NULL AND retired_on IS NULL")


class OfficialSeal(Numbered, Base):
    """An electronic seal of the agency: the name on it, its certificate, its key, its picture.

    `key_file`: the PKCS#12 file, sealed (`actions.private_files`), opened by `passphrase`; or `token`: the label of a
    PKCS#11 device that keeps the key to itself. It seals from the day on which a second administrator approved it
    until it is retired, one at a time. `drawing`: the picture, a PDF of 42 mm. `sample`: drawn as 样章·无效.
    """

    __tablename__ = "official_seal"
    __table_args__ = (
        CheckConstraint("(key_file IS NULL) <> (token IS NULL)", name="one_key"),
        CheckConstraint("valid_to >= valid_from", name="term"),
        CheckConstraint("retired_on IS NULL OR retired_reason <> ''", name="retired_why"),
        CheckConstraint(
            "approved_by_id IS NULL OR registered_by_id IS NULL OR approved_by_id <> registered_by_id",
            name="two_persons",
        ),
        Index(
            "uq_official_seal_in_use", "pooling_region", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
        ),
    )  # fmt: skip

    name: Mapped[str] = mapped_column(String(100))
    pooling_region: Mapped[str] = mapped_column(String(12))
    certificate: Mapped[str] = mapped_column(Text)
    certificate_number: Mapped[str] = mapped_column(String(64), unique=True)
    issuer: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    key_file: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    passphrase: Mapped[str | None] = mapped_column(Sealed("official_seal.passphrase", 400))
    token: Mapped[str | None] = mapped_column(String(100))
    drawing: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    sample: Mapped[bool]
    registered_on: Mapped[date]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    retired_on: Mapped[date | None]
    retired_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def recorded_by_id(self) -> int | None:
        """Whoever registered it does not approve it."""
        return self.registered_by_id
