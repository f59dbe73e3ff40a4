from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant


class Operation(Base):
    """A form already carried out: its one-time id, what it asked, where its answer lies.

    Written in the transaction of the effect, so that a lost reply can be asked for again without a second effect.
    """

    __tablename__ = "operation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    endpoint: Mapped[str] = mapped_column(String(100))
    body_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    done_at: Mapped[datetime] = mapped_column(Instant)
