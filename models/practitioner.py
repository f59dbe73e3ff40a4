from __future__ import annotations

from datetime import date

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, Versioned, Word
from models.sealed import Sealed
from rules.persons import PractitionerRole


class Practitioner(Numbered, Versioned, Base):
    """A person whose payment qualification is kept: one file for life, whatever sites come and go.

    `licence_…` is the personal certificate (执业证书): number, last day, 执业范围. `title`: 专业技术职务.
    """

    __tablename__ = "practitioner"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    pinyin: Mapped[str] = mapped_column(String(64), default="")
    role: Mapped[PractitionerRole] = mapped_column(Word(PractitionerRole))
    id_number: Mapped[str | None] = mapped_column(Sealed("practitioner.id_number"))
    id_index: Mapped[str] = mapped_column(String(64), unique=True)
    licence_number: Mapped[str] = mapped_column(String(64), default="")
    licence_valid_to: Mapped[date | None]
    licence_scope: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    title: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    pooling_region: Mapped[str] = mapped_column(String(12), index=True)
