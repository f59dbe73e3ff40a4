from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Word
from models.material_file import MaterialFile
from rules.words import Labelled


class MaterialState(Labelled):
    MISSING = "missing", "未提交"
    GIVEN = "given", "待审核"
    PASSED = "passed", "已通过"
    RETURNED = "returned", "退回补正"


class Material(Numbered, Base):
    """One item of the statutory checklist of an application, with the file handed in last; `files` keeps them all."""

    __tablename__ = "material"
    __table_args__ = (
        UniqueConstraint("application_id", "item"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="return_has_reason"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    item: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(200))
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[MaterialState] = mapped_column(Word(MaterialState), default=MaterialState.MISSING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    given_on: Mapped[date | None]

    files: Mapped[list[MaterialFile]] = relationship(order_by=MaterialFile.edition)
