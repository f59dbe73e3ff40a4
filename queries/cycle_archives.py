"""Whether a published cycle may be filed away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select

from database import session
from models import Cycle, Document, Rating
from queries import credit_subjects, rating_corrections, rating_objections


def waiting(cycle: Cycle, on: date) -> str:
    """What still stands against it; empty when nothing does."""
    if cycle.published_on is None:
        return "等级还没有公布。"
    served = list(_served(cycle).values())
    unserved = sum(1 for day in served if day is None)
    if unserved:
        return f"还有 {unserved} 份信用等级告知书没有登记送达，异议期没有起算。"
    due = rating_objections.last_day(max([cycle.published_on, *(day for day in served if day)]))
    if on <= due:
        return f"异议期到 {due} 才结束，{due + timedelta(days=1)} 起可以归档。"
    if rating_objections.open_of_cycle(cycle.id):
        return "还有异议没有答复。"
    if rating_corrections.is_waiting(cycle.id) or rating_corrections.run_of(cycle.id):
        return "有事实更正没有办结。"
    return ""


def _served(cycle: Cycle) -> dict[Any, date | None]:
    """Subject → the day its letter was served: that of this run, or of the run it came through unchanged."""
    found: dict[Any, date | None] = {}
    run: Cycle | None = cycle
    while run is not None:
        told = and_(Document.subject == "rating", Document.subject_id == Rating.id)
        query = select(credit_subjects.column(run), Document.served_on).join(Document, told)
        query = query.where(Rating.cycle_id == run.id, Document.kind.in_(rating_objections.TOLD))
        found = {row[0]: row[1] for row in session.execute(query)} | found
        run = run.replaces
    return found
