from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, OfInstitution, Versioned, Word
from models.practitioner import Practitioner
from rules.lifecycle import TalkState
from rules.talks import Host, Person, Side


class Talk(Numbered, OfInstitution, Moving, Versioned, Base):
    """约谈: who is called, why, when and where; how it went; the signed record.

    `source` names the row it came from (a case, a deduction, …), if any. With a practitioner it concerns that person.
    A talk filed without `held_on` is one to which nobody came.
    """

    __tablename__ = "talk"
    __table_args__ = (
        CheckConstraint(
            "state <> 'held' OR (held_on IS NOT NULL AND minutes <> '')", name="held_has_minutes"
        ),
        CheckConstraint(
            "state <> 'filed' OR (held_on IS NOT NULL AND minutes <> '' AND sha256 IS NOT NULL) "
            "OR (held_on IS NULL AND remark <> '')",
            name="filed_has_record",
        ),
        CheckConstraint("state <> 'cancelled' OR remark <> ''", name="cancelled_has_reason"),
        CheckConstraint(
            "host <> 'institution' OR practitioner_id IS NOT NULL", name="own_talk_has_person"
        ),
        Index("ix_talk_source", "source", "source_id"),
        Index("ix_talk_state", "state", "planned_on"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[TalkState] = mapped_column(Word(TalkState))
    host: Mapped[Host] = mapped_column(Word(Host))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    source: Mapped[str] = mapped_column(String(64), default="")
    source_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(300))
    called_on: Mapped[date]
    planned_on: Mapped[date]
    planned_time: Mapped[str] = mapped_column(String(20), default="")
    place: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    held_on: Mapped[date | None]
    minutes: Mapped[str] = mapped_column(Text, default="")
    demands: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    filed_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(String(500), default="")

    practitioner: Mapped[Practitioner | None] = relationship()
    attendees: Mapped[list[Attendee]] = relationship(
        order_by="Attendee.id", back_populates="talk", cascade="all, delete-orphan"
    )

    @property
    def called(self) -> list[Attendee]:
        return [one for one in self.attendees if one.side is Side.CALLED]


class Attendee(Numbered, Base):
    """参加人员: somebody called to a talk, or who held it. `came` is None before the day."""

    __tablename__ = "attendee"

    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), index=True)
    side: Mapped[Side] = mapped_column(Word(Side))
    name: Mapped[str] = mapped_column(String(64))
    capacity: Mapped[str] = mapped_column(String(64))
    came: Mapped[bool | None]

    talk: Mapped[Talk] = relationship(back_populates="attendees")

    @property
    def person(self) -> Person:
        return Person(self.name, self.capacity)
