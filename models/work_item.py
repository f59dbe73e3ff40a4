from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base
from models.columns import Numbered

LISTED = ("paused", "matter", "step", "opened_on", "number", "institution_name", "pinyin")


class WorkItem(Numbered, Base):
    """待办: a step of a subject that waits for somebody, later the record that it was done.

    Written only by the lifecycle gate; what a list shows is copied here, so that a page needs one query.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        # a desk's list, its filters and its counts are read from this index alone
        Index("ix_work_item_desk", "done", "pooling_region", "desk", "due_on", "id", *LISTED),
        Index("ix_work_item_institution", "institution_id", "done"),
        Index("ix_work_item_subject", "subject", "subject_id", "done"),
        Index("ix_work_item_done_by", "done_by", "id"),
        Index("ix_work_item_started_by", "started_by", "done", "due_on", "id"),
        Index(
            "uq_work_item_open",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("done = 0"),
            postgresql_where=text("NOT done"),
        ),
    )

    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(64))
    matter: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))
    desk: Mapped[str] = mapped_column(String(32))
    institution_id: Mapped[int | None]
    institution_name: Mapped[str] = mapped_column(String(200))
    institution_kind: Mapped[str] = mapped_column(String(32))
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    pooling_region: Mapped[str] = mapped_column(String(12))
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    paused: Mapped[bool] = mapped_column(Boolean, default=False)
    started_by: Mapped[int | None]
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    done_by: Mapped[int | None]
    done_by_name: Mapped[str] = mapped_column(String(64), default="")
    done_on: Mapped[date | None]
