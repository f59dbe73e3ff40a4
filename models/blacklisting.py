from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, Versioned, Word
from models.institution import Institution
from rules.blacklistings import BlacklistSubject, RemovalCause
from rules.lifecycle import BlacklistingState

OPEN = "state NOT IN ('removed', 'dropped')"


class Blacklisting(Numbered, Moving, Versioned, Base):
    """One entry of 严重失信主体名单, from the proposal to the removal; on the list from `listed_on` to `until`.

    `place` is the institution listed, that of the person listed, or for an insured person the one where the facts were
    found. `subject_index` finds the subject: a blind index of the ID number for people. `public_until` is the last day
    on which the public may see it. `ballots`: [{user_id, name, ballot, recusal}] of the group that decided.
    """

    __tablename__ = "blacklisting"
    __table_args__ = (
        Index(
            "uq_blacklisting_open",
            "subject_index",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_blacklisting_subject", "subject_index", "state"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> recorded_by_id", name="two_persons"),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> recorded_by_id AND approved_by_id <> reviewed_by_id)",
            name="three_persons",
        ),
        CheckConstraint(
            "state IN ('proposed', 'dropped') OR (views_due_on IS NOT NULL AND reviewed_by_id IS NOT NULL)",
            name="noticed_first",
        ),
        CheckConstraint(
            "state IN ('proposed', 'noticed', 'dropped') OR (minutes <> '' AND held_on IS NOT NULL)",
            name="decided_has_minutes",
        ),
        CheckConstraint(
            "state NOT IN ('listed', 'removing', 'removed') OR (listed_on IS NOT NULL AND until >= listed_on"
            " AND public_until <= until AND approved_by_id IS NOT NULL)",
            name="listed_has_term",
        ),
        CheckConstraint("state <> 'removing' OR correction <> ''", name="removing_has_correction"),
        CheckConstraint(
            "state <> 'removed' OR (removed_on IS NOT NULL AND cause IS NOT NULL)", name="removed_has_cause"
        ),
        CheckConstraint("state <> 'dropped' OR reason <> ''", name="dropped_has_reason"),
        CheckConstraint("(subject = 'practitioner') = (practitioner_id IS NOT NULL)", name="practitioner"),
        CheckConstraint("(subject = 'institution') = (person_name = '')", name="person_has_name"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    subject: Mapped[BlacklistSubject] = mapped_column(Word(BlacklistSubject))
    subject_index: Mapped[str] = mapped_column(String(64))
    place_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    person_name: Mapped[str] = mapped_column(String(64), default="")
    masked_id: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[BlacklistingState] = mapped_column(Word(BlacklistingState))
    ground: Mapped[str] = mapped_column(String(40))
    ground_label: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(300))
    facts_text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(String(300), default="")
    act_ended_on: Mapped[date]
    proposed_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    views_due_on: Mapped[date | None]
    heard_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(Text, default="")
    held_on: Mapped[date | None]
    minutes: Mapped[str] = mapped_column(Text, default="")
    ballots: Mapped[list[Any]] = mapped_column(JSON, default=list)
    result: Mapped[str] = mapped_column(String(300), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    listed_on: Mapped[date | None]
    until: Mapped[date | None]
    public_until: Mapped[date | None]
    correction: Mapped[str] = mapped_column(Text, default="")
    corrected_on: Mapped[date | None]
    requested_on: Mapped[date | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_on: Mapped[date | None]
    cause: Mapped[RemovalCause | None] = mapped_column(Word(RemovalCause))
    reason: Mapped[str] = mapped_column(String(500), default="")

    place: Mapped[Institution] = relationship()

    @property
    def institution(self) -> Institution:
        return self.place

    @property
    def institution_id(self) -> int | None:
        """Whose own matter it is: what an insured person did is not the business of the institution."""
        return None if self.subject is BlacklistSubject.INSURED else self.place_id

    @property
    def pooling_region(self) -> str:
        return self.place.pooling_region

    @property
    def about(self) -> str:
        """Who is listed, as the agency's own pages say it."""
        return self.person_name or self.place.name
