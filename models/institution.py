from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, Versioned, Word
from models.sealed import Sealed
from rules.kinds import InstitutionKind


class Institution(Numbered, Versioned, Base):
    """A hospital, clinic or pharmacy, designated or not, past or present.

    `address_since`: operating at the present registered address since, where that is later than `operating_since`.
    `match_key` is what makes an import find it again: the national code, or division and normalised name.
    """

    __tablename__ = "institution"
    __table_args__ = (
        UniqueConstraint("match_key"),
        Index("ix_institution_region_name", "pooling_region", "name"),
    )

    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    uscc: Mapped[str | None] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    pinyin: Mapped[str] = mapped_column(String(200), default="", index=True)
    match_key: Mapped[str] = mapped_column(String(300))
    kind: Mapped[InstitutionKind] = mapped_column(Word(InstitutionKind))
    nature: Mapped[str] = mapped_column(String(32), default="")
    level: Mapped[str] = mapped_column(String(32), default="")
    beds: Mapped[int | None]
    scope: Mapped[str] = mapped_column(String(1000), default="")
    division: Mapped[str] = mapped_column(String(100), default="")
    pooling_region: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    operating_since: Mapped[date | None]
    address_since: Mapped[date | None]
    insurance_department: Mapped[str] = mapped_column(
        String(100), default="", server_default=text("''")
    )
    bank_account: Mapped[str | None] = mapped_column(Sealed("institution.bank_account"))
    source: Mapped[str] = mapped_column(String(200), default="")

    @property
    def institution_id(self) -> int:
        """So that one predicate tests «own institution» on every subject."""
        return self.id
