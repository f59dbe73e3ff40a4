from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, OfInstitution, Word
from models.licence import Licence
from models.practitioner import Practitioner
from rules.persons import PractitionerRole


class Registration(Numbered, OfInstitution, Base):
    """登记备案: a practitioner at a site, by period. `first_place` marks the first place of registration.

    `role` is what the person does here; empty: as in the file. `licence_id` is the 药品经营许可证 that names a
    pharmacy's principal. `warned_days`: the last step of the warning before the person's certificate ends.
    """

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        Index("ix_registration_practitioner", "practitioner_id", "institution_id"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    first_place: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    role: Mapped[PractitionerRole | None] = mapped_column(Word(PractitionerRole))
    department: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    licence_id: Mapped[int | None] = mapped_column(ForeignKey("licence.id"))
    warned_days: Mapped[int | None]

    practitioner: Mapped[Practitioner] = relationship()
    licence: Mapped[Licence | None] = relationship()

    @property
    def acts_as(self) -> PractitionerRole:
        """The role at this site."""
        return self.role or self.practitioner.role

    @property
    def number(self) -> str:
        """What lists of waiting work call it by: the person's code."""
        return self.practitioner.code
