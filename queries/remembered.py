"""Figures kept in this process for as long as nothing new was written down.

Every change of a work item writes a line in the log, so the number of the last line tells whether a kept figure
still holds. Nothing is ever shown late, and no figure is kept by a transaction that may still be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

import database
from database import session
from models import Event, WorkItem

LARGEST = 1000  # figures; then all are forgotten
Figure = TypeVar("Figure")
Revision = tuple[int | None, int | None]
_kept: WeakKeyDictionary[Any, tuple[Revision, dict[Hashable, Any]]] = WeakKeyDictionary()


def remembered(key: Hashable, compute: Callable[[], Figure]) -> Figure:
    """The figure kept under this key, or computed now. While writing it is always computed."""
    if not database.only_reads():
        return compute()
    shelf = _shelf()
    if key in shelf:
        figure: Figure = shelf[key]
        return figure
    if len(shelf) >= LARGEST:
        shelf.clear()
    shelf[key] = figure = compute()
    return figure


def _shelf() -> dict[Hashable, Any]:
    """The figures that belong to what this transaction sees."""
    database_of, revision = session.get_bind(), _revision()
    kept = _kept.get(database_of)
    if kept is None or kept[0] != revision:
        kept = _kept[database_of] = (revision, {})
    return kept[1]


def _revision() -> Revision:
    """Last line of the log and last work item; asked once a transaction, before any figure is."""
    known: tuple[Any, Revision] | None = session.info.get("revision")
    if known is not None and known[0] is session().get_transaction():
        return known[1]
    last_event = select(func.max(Event.seq)).scalar_subquery()
    last_item = select(func.max(WorkItem.id)).scalar_subquery()
    seq, item = session.execute(select(last_event, last_item)).one()
    revision: Revision = (seq, item)
    session.info["revision"] = (session().get_transaction(), revision)
    return revision
