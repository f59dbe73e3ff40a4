"""The log of a subject or an institution as a timeline, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, tuple_

from database import session
from models import Event

ICONS = {
    "request_supplement": "pause-fill",
    "supplement": "play-fill",
    "issue": "file-earmark-text",
    "serve": "send",
    "suspend": "slash-circle",
    "terminate": "x-lg",
}


@dataclass(frozen=True)
class TimelineItem:
    at: datetime
    title: str
    who: str
    text: str
    icon: str


def of(subjects: list[tuple[str, int]], *, limit: int = 50) -> list[TimelineItem]:
    """Events of these subjects (table, id), newest first."""
    if not subjects:
        return []
    pairs = tuple_(Event.subject, Event.subject_id).in_(subjects)
    return _items(pairs, limit)


def of_institution(institution_id: int, *, limit: int = 200) -> list[TimelineItem]:
    """Everything that ever happened to an institution, across all nouns."""
    return _items(and_(Event.institution_id == institution_id, Event.subject != "account"), limit)


def _items(condition: object, limit: int) -> list[TimelineItem]:
    rows = session.scalars(select(Event).where(condition).order_by(Event.seq.desc()).limit(limit))  # type: ignore[arg-type]
    return [
        TimelineItem(row.at, row.title, _who(row), _text(row), ICONS.get(row.verb, "check"))
        for row in rows
    ]


def _who(row: Event) -> str:
    return row.actor if row.role == "system" else f"{row.actor}"


def _text(row: Event) -> str:
    facts = row.facts or {}
    said = (str(facts.get(name) or "") for name in ("number", "reason", "note", "opinion", "text"))
    words = [word for word in dict.fromkeys(said) if word]  # a reason that is also the note, once
    words += [row.basis] if row.basis else []
    return "；".join([*(word.rstrip("。") for word in words[:-1]), *words[-1:]])
