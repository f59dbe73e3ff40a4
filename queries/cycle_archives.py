"""Whether a published cycle may be filed away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, select

from database import session
from models import Cycle, Document, Rating
from queries import credit_subjects, rating_corrections, rating_objections


def waiting(cycle: Cycle, on: date) -> str:
    """What still stands against it; empty when nothing does."""
    if cycle.published_on is None:
        return "等级还没有公布。"
    told = list(_told(cycle).values())
    served = [letter.served_on for letter in told]
    unserved = served.count(None)
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


def untold(cycle: Cycle) -> list[int]:
    """Ids of the letters of the grades in force that have not been served."""
    return sorted(letter.id for letter in _told(cycle).values() if letter.served_on is None)


def _told(cycle: Cycle) -> dict[Any, Row[Any]]:
    """Subject → its letter and the day that was served: of this run, or of the run it came through unchanged."""
    found: dict[Any, Row[Any]] = {}
    run: Cycle | None = cycle
    while run is not None:
        told = and_(Document.subject == "rating", Document.subject_id == Rating.id)
        columns = (credit_subjects.column(run).label("subject"), Document.id, Document.served_on)
        query = select(*columns).join(Document, told).order_by(Document.id)
        query = query.where(Rating.cycle_id == run.id, Document.kind.in_(rating_objections.TOLD))
        found = {row.subject: row for row in session.execute(query)} | found
        run = run.replaces
    return found
