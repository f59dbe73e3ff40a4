"""From the number on a line to the case, decision, letter or paper it names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from database import session
from models import (
    Amendment,
    Application,
    Blacklisting,
    CreditInformation,
    Deduction,
    Document,
    Penalty,
    Rectification,
    Renewal,
    Violation,
)

PLACES: tuple[Any, ...] = (
    Violation, Deduction, Application, Document, Rectification, Amendment, Renewal, Blacklisting, CreditInformation,
)  # fmt: skip


def found(
    numbers: Collection[str], *, institution_id: int | None = None
) -> dict[str, tuple[str, int]]:
    """Number → noun and id, for those that are on file.

    Penalties bear the numbers of other authorities, so they are only known by the institution they were laid upon.
    """
    places: dict[str, tuple[str, int]] = {}
    if not numbers:
        return places
    queries = [(model, select(model.number, model.id)) for model in PLACES]
    if institution_id is not None:
        own = select(Penalty.number, Penalty.id).where(Penalty.institution_id == institution_id)
        queries.append((Penalty, own))
    for model, query in queries:
        for number, key in session.execute(query.where(model.number.in_(numbers))):
            places[number] = (model.__tablename__, key)
    return places
