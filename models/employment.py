from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution, Versioned, Word
from models.sealed import Sealed
from rules.persons import EmploymentRole


class Employment(Numbered, OfInstitution, Versioned, Base):
    """A person on whom the conditions of an application rest, with certificate and labour contract.

    `registered_here`: this institution is the (first) place of registration. `contract_to` is empty for a contract
    without an end. `left_on` ends the row before the contract does; rows are never deleted.
    """

    __tablename__ = "employment"
    __table_args__ = (
        CheckConstraint("contract_to IS NULL OR contract_to >= contract_from", name="contract"),
        CheckConstraint("left_on IS NULL OR left_on >= contract_from", name="left"),
        Index(
            "uq_employment_present",
            "institution_id",
            "role",
            "id_index",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    role: Mapped[EmploymentRole] = mapped_column(Word(EmploymentRole))
    name: Mapped[str] = mapped_column(String(64))
    id_number: Mapped[str | None] = mapped_column(Sealed("employment.id_number"))
    id_index: Mapped[str] = mapped_column(String(64), index=True)
    certificate: Mapped[str] = mapped_column(String(40), default="")
    certificate_number: Mapped[str] = mapped_column(String(64), default="")
    registered_here: Mapped[bool] = mapped_column(default=False)
    full_time: Mapped[bool] = mapped_column(default=False)
    contract_from: Mapped[date]
    contract_to: Mapped[date | None]
    left_on: Mapped[date | None]
    recorded_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
