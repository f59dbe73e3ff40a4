from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution
from models.registration import Registration


class Commitment(Numbered, OfInstitution, Base):
    """服务承诺书 a person signed for one registration. Rows are never changed; a later text is signed anew.

    `text_key` names the text (table `commitment_texts`) and `text_sha256` what it said on that day. The signed copy
    (`file_name`, `sha256`) may be missing.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("registration_id", "text_key"),
        CheckConstraint("signed_on <= recorded_on", name="signed_before_recorded"),
        CheckConstraint("(sha256 IS NULL) = (file_name = '')", name="copy_has_name"),
    )

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    text_key: Mapped[str] = mapped_column(String(40))
    text_sha256: Mapped[str] = mapped_column(String(64))
    signed_on: Mapped[date]
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    recorded_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    registration: Mapped[Registration] = relationship()
