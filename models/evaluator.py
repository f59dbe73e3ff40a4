from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered
from models.user import User


class Evaluator(Numbered, Base):
    """A member of the evaluation pool: one specialty, one account to evaluate with."""

    __tablename__ = "evaluator"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    specialty: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(100), default="")
    active: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship(lazy="joined")
