from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from database import Base


class CalendarYear(Base):
    """A year whose official arrangement is loaded, with the notice it was taken from."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(300))
    loaded_on: Mapped[date]


class CalendarDay(Base):
    """A day that differs from its weekday: off although Monday to Friday, or worked although a weekend."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_year.year"))
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(32))
