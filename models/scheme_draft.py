from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Moving, Numbered, Versioned, Word
from models.cycle import Cycle
from models.user import User
from rules.lifecycle import SchemeDraftState


class SchemeDraft(Numbered, Moving, Versioned, Base):
    """A scheme tried on a cycle or handed in as a file. Approved by another it is an edition new cycles may use.

    `scheme_text` is the whole scheme as it would be in force; only a draft that is not submitted can be revised.
    `base_text`: what it is compared with, the scheme frozen with the cycle or the one in force when it was handed in;
    empty where there was none. `changes`: the numbers that differ from the base, of one that was tried. `file`: the
    name of the file handed in. `cycle`: on whose frozen facts it is tried. With neither it is a scheme on file, to be
    approved as it is written. An edition exists once in a region.
    """

    __tablename__ = "scheme_draft"
    __table_args__ = (
        UniqueConstraint("pooling_region", "name"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> author_id", name="two_persons"),
        CheckConstraint(
            "state <> 'adopted' OR (edition <> '' AND in_force_on IS NOT NULL AND minutes <> '')",
            name="adopted_is_dated",
        ),
        CheckConstraint("state <> 'refused' OR minutes <> ''", name="refusal_has_reason"),
        Index(
            "uq_scheme_draft_edition",
            "pooling_region",
            "scheme",
            "edition",
            unique=True,
            sqlite_where=text("state = 'adopted'"),
            postgresql_where=text("state = 'adopted'"),
        ),
    )

    name: Mapped[str] = mapped_column(String(64))
    pooling_region: Mapped[str] = mapped_column(String(12))
    state: Mapped[SchemeDraftState] = mapped_column(Word(SchemeDraftState))
    scheme: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    scheme_text: Mapped[str] = mapped_column(Text, deferred=True)
    base_text: Mapped[str] = mapped_column(
        Text, deferred=True, default="", server_default=text("''")
    )
    purpose: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    drafted_on: Mapped[date]
    submitted_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    minutes: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[str] = mapped_column(String(32), default="")
    in_force_on: Mapped[date | None]

    cycle: Mapped[Cycle | None] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def recorded_by_id(self) -> int:
        """Whoever drew it up does not approve it."""
        return self.author_id

    @property
    def number(self) -> str:
        """What a list calls it: its name is its own in the region."""
        return self.name

    @property
    def institution(self) -> None:
        """It is nobody's."""
        return None

    @property
    def as_written(self) -> bool:
        """A scheme on file, to be approved without a change."""
        return self.cycle_id is None and not self.file
