from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, Versioned, Word
from models.institution import Institution
from models.practitioner import Practitioner
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CycleState, ProposalState

if TYPE_CHECKING:
    from models.cycle_vote import CycleVote
    from models.rating_objection import FactCorrection


_CURRENT = "state <> 'superseded' AND replaces_id IS NULL"


class Cycle(Numbered, Moving, Versioned, Base):
    """A credit rating run: the scheme text and the facts it used are frozen with it; it is only ever superseded.

    `subject`: whom it rates, the key column of its scheme (`scoring.subjects`).
    `replaces`: the run whose facts were corrected for this one, frozen on the same day. `notice`: the frozen facts of
    its public notice.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> started_by_id", name="two_persons"
        ),
        Index(
            "uq_cycle_current",
            "name",
            "pooling_region",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
        Index(
            "uq_cycle_correction",
            "replaces_id",
            unique=True,
            sqlite_where=text("state <> 'superseded'"),
            postgresql_where=text("state <> 'superseded'"),
        ),
        CheckConstraint("decided_on IS NULL OR minutes <> ''", name="decided_has_minutes"),
    )

    name: Mapped[str] = mapped_column(String(64))
    pooling_region: Mapped[str] = mapped_column(String(12))
    state: Mapped[CycleState] = mapped_column(Word(CycleState))
    scheme: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(
        String(32), default="institution", server_default=text("'institution'")
    )
    scheme_text: Mapped[str] = mapped_column(Text)
    facts: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    frozen_on: Mapped[date]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    convened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_on: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    assess_until: Mapped[date | None]
    announced_on: Mapped[date | None]
    notice_to: Mapped[date | None]
    notice: Mapped[Any | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    convened_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    minutes: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    result: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    archived_on: Mapped[date | None]

    ratings: Mapped[list[Rating]] = relationship(back_populates="cycle")

    @property
    def of_persons(self) -> bool:
        """Grades of persons are told to them and shown to nobody outside."""
        return self.subject != INSTITUTION

    @property
    def who(self) -> str:
        """How pages call those who are rated; `unit` is their measure word."""
        return "人员" if self.of_persons else "机构"

    @property
    def unit(self) -> str:
        return "人" if self.of_persons else "家"

    replaces: Mapped[Cycle | None] = relationship(remote_side="Cycle.id")
    votes: Mapped[list[CycleVote]] = relationship(order_by="CycleVote.id", back_populates="cycle")
    taken_in: Mapped[list[FactCorrection]] = relationship(
        foreign_keys="FactCorrection.run_id", viewonly=True
    )

    @property
    def recorded_by_id(self) -> int | None:
        """Whoever started it does not call the discussion together."""
        return self.started_by_id

    @property
    def part_user_ids(self) -> set[int]:
        """Whoever rated, reviewed, recorded a fact the run took in, called or minuted the meeting, voted, published."""
        people = {
            self.started_by_id, self.reviewed_by_id, self.convened_by_id, self.concluded_by_id, self.published_by_id,
        }  # fmt: skip
        people |= {row.recorded_by_id for row in self.taken_in}
        people |= {vote.user_id for vote in self.votes if vote.ballot is not None}
        return {key for key in people if key is not None}

    @property
    def council_user_ids(self) -> set[int]:
        """Who may vote on it."""
        return {vote.user_id for vote in self.votes}


class Rating(Numbered, Base):
    """One subject's score, grade and explanation in one cycle. Scores are kept in thousandths.

    The subject is an institution, a practitioner, or a person known by the salted index of the ID number alone (legal
    representative, insured person): then `subject_name` is what a page may show, and `peer_group` whom it stood among.
    """

    __tablename__ = "rating"
    __table_args__ = (
        Index("uq_rating_subject", "cycle_id", "institution_id", unique=True),
        Index("uq_rating_practitioner", "cycle_id", "practitioner_id", unique=True),
        Index("uq_rating_person", "cycle_id", "person_index", unique=True),
        Index("ix_rating_grade", "cycle_id", "grade"),
        CheckConstraint(
            "CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN person_index IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    person_index: Mapped[str | None] = mapped_column(String(64), index=True)
    subject_name: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    peer_group: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    score_milli: Mapped[int]
    grade: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    lines: Mapped[list[Any]] = mapped_column(JSON)

    cycle: Mapped[Cycle] = relationship(back_populates="ratings")
    institution: Mapped[Institution | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    proposals: Mapped[list[Proposal]] = relationship(back_populates="rating")

    @property
    def score(self) -> float:
        return self.score_milli / 1000

    @property
    def name(self) -> str:
        """An institution by its present name; a person as frozen with the cycle."""
        return self.institution.name if self.institution else self.subject_name

    @property
    def subject(self) -> int | str:
        """The value of the scheme's key column."""
        return self.institution_id or self.practitioner_id or str(self.person_index)

    @property
    def pooling_region(self) -> str:
        return self.cycle.pooling_region


_WAITING_OR_USED = "state IN ('proposed', 'adopted')"


class Proposal(Numbered, Versioned, Base):
    """What a grade suggests (retention release, renewal). It binds nobody until a person adopts it.

    In force from `adopted_on` to the day before `ended_on`. `grade`: the one it was made from; the rating's own, or
    what that was changed to afterwards.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_use", "rating_id", "use", unique=True,
            sqlite_where=text(_WAITING_OR_USED), postgresql_where=text(_WAITING_OR_USED),
        ),
        CheckConstraint(
            "state IN ('proposed', 'replaced') OR decided_by_id IS NOT NULL",
            name="decided_has_person",
        ),
        CheckConstraint(
            "state NOT IN ('refused', 'ended', 'replaced') OR reason <> ''",
            name="refusal_has_reason",
        ),
        CheckConstraint(
            "(state IN ('adopted', 'ended')) = (adopted_on IS NOT NULL)", name="adopted_has_day"
        ),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_has_day"),
    )  # fmt: skip

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"))
    use: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(300), default="")
    confidence: Mapped[str] = mapped_column(String(16), default="assumed")
    state: Mapped[ProposalState] = mapped_column(Word(ProposalState))
    state_since: Mapped[date]
    grade: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    adopted_on: Mapped[date | None]
    ended_on: Mapped[date | None]

    rating: Mapped[Rating] = relationship(back_populates="proposals")

    @property
    def institution_id(self) -> int | None:
        return self.rating.institution_id

    @property
    def institution(self) -> Any:
        return self.rating.institution

    @property
    def pooling_region(self) -> str:
        return self.rating.pooling_region
