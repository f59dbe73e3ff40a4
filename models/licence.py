from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered, OfInstitution


class Licence(Numbered, OfInstitution, Base):
    """执业许可证, 药品经营许可证, 营业执照 … with its validity; `revoked_on` ends it before its time.

    `warned_days`: the last step of the warning that was given before its end.
    """

    __tablename__ = "licence"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),)

    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    revoked_on: Mapped[date | None]
    warned_days: Mapped[int | None]
