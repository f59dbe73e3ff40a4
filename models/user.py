from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant
from models.columns import Numbered, Versioned, Word
from rules.permissions import Role


class User(Numbered, Versioned, Base):
    """A person who signs in. One role; the row scope is the pooling region or the own institution."""

    __tablename__ = "account"  # `user` is a reserved word in PostgreSQL
    __table_args__ = (
        CheckConstraint(
            "(role = 'institution') = (institution_id IS NOT NULL)", name="institution_user"
        ),
    )

    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(Word(Role))
    pooling_region: Mapped[str] = mapped_column(String(12))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_on: Mapped[date]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_on: Mapped[date | None]
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)
