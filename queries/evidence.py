"""From the number on a line to the case, decision or letter it names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from database import session
from models import Application, Deduction, Document, Violation

PLACES = (Violation, Deduction, Application, Document)


def found(numbers: Collection[str]) -> dict[str, tuple[str, int]]:
    """Number → noun and id, for those that are on file."""
    places: dict[str, tuple[str, int]] = {}
    for model in PLACES if numbers else ():
        query = select(model.number, model.id).where(model.number.in_(numbers))
        for number, key in session.execute(query):
            places[number] = (model.__tablename__, key)
    return places
