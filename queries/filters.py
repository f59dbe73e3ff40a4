"""What nearly every list of cases is asked: a name, its initials or a number; hospital or pharmacy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_

from models import Institution
from queries.paging import Asked, like
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind


def named(ask: Asked, *columns: Any, more: tuple[Any, ...] = ()) -> tuple[ColumnElement[bool], ...]:
    """The text stands in the institution's name, its initials (in either case) or one of `columns`."""
    if not ask.q:
        return ()
    pattern = like(ask.q)
    texts = [column.like(pattern, escape="\\") for column in (Institution.name, *columns)]
    return (or_(*texts, Institution.pinyin.like(pattern.lower(), escape="\\"), *more),)


def of_family(ask: Asked) -> tuple[ColumnElement[bool], ...]:
    """Which of the two orders governs; another word counts as not asked."""
    pharmacy = Institution.kind == InstitutionKind.RETAIL_PHARMACY
    return {PHARMACY: (pharmacy,), MEDICAL: (~pharmacy,)}.get(ask.word("kind"), ())
