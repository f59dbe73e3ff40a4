"""The log of a subject or an institution as a timeline, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from database import session
from models import Event
from queries import recusals
from queries.paging import Asked, Page, count, cut
from rules import event_words, timelines
from rules.permissions import Actor

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
    noun: str = ""


def of(subjects: list[tuple[str, int]], *, limit: int = 50) -> list[TimelineItem]:
    """Events of these subjects (table, id), newest first."""
    if not subjects:
        return []
    pairs = tuple_(Event.subject, Event.subject_id).in_(subjects)
    return _items(pairs, limit)


def course(noun: str, key: int) -> list[tuple[date, str, str]]:
    """Day, what was done, by whom: the log of one subject in order, as a paper tells it."""
    query = select(Event.day, Event.title, Event.actor)
    query = query.where(Event.subject == noun, Event.subject_id == key).order_by(Event.seq)
    return [(day, title, who) for day, title, who in session.execute(query)]


def of_institution(
    institution_id: int, ask: Asked, actor: Actor
) -> tuple[list[TimelineItem], Page]:
    """One page of everything that ever happened to an institution, across all nouns, by sort and days.

    Of a case in which the actor stepped aside nothing is told.
    """
    query = select(Event).where(
        Event.institution_id == institution_id,
        Event.subject != "account",
        recusals.open_events(actor),
        *_narrowed(ask),
    )
    found = session.scalars(cut(query.order_by(Event.seq.desc()), ask))
    return [_item(row) for row in found], Page(ask.page, ask.size, count(query))


def _narrowed(ask: Asked) -> list[ColumnElement[bool]]:
    sort, first, last = ask.word("sort"), ask.day("from"), ask.day("to")
    conditions = [Event.day >= first] if first else []
    conditions += [Event.day <= last] if last else []
    if sort == timelines.OTHER:
        conditions.append(Event.subject.not_in(timelines.SORTED))
    elif sort in timelines.SORTS:
        conditions.append(Event.subject.in_(timelines.SORTS[sort].nouns))
    return conditions


def _items(condition: Any, limit: int) -> list[TimelineItem]:
    rows = session.scalars(select(Event).where(condition).order_by(Event.seq.desc()).limit(limit))
    return [_item(row) for row in rows]


def _item(row: Event) -> TimelineItem:
    icon, noun = ICONS.get(row.verb, "check"), event_words.subject(row.subject)
    return TimelineItem(row.at, row.title, row.actor, _text(row), icon, noun)


def _text(row: Event) -> str:
    facts = row.facts or {}
    said = (str(facts.get(name) or "") for name in ("number", "reason", "note", "opinion", "text"))
    words = [word for word in dict.fromkeys(said) if word]  # a reason that is also the note, once
    words += [row.basis] if row.basis else []
    return "；".join([*(word.rstrip("。") for word in words[:-1]), *words[-1:]])
