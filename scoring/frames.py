"""Plain rows as the frame the engine rates: fresh facts and frozen ones take the same way, so replay is exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from scoring.scheme import Scheme
from scoring.sources import Source

TYPES: dict[str, Any] = {
    "number": pl.Float64,
    "flag": pl.Boolean,
    "text": pl.String,
    "date": pl.Date,
}


def frame(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> pl.DataFrame:
    """One row per subject with exactly the columns of the scheme; a column a row lacks is missing, not nought.

    The events a row brings along stand in one more column for each source of the scheme (`scoring.events.carried`).
    """
    days = {fact.column for fact in scheme.facts if fact.type == "date"}
    columns = {
        name: [_day(row.get(name)) if name in days else row.get(name) for row in rows]
        for name in scheme.fact_columns
    }
    made = pl.DataFrame(columns, schema=_schema(rows, scheme))
    return made.with_columns(
        pl.Series(source.name, [_events(row, source.name) for row in rows], dtype=_listed(source))
        for source in scheme.sources
    )


def _day(value: Any) -> Any:
    """A day is frozen as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _events(row: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = row.get(name) or []
    return found


def _listed(source: Source) -> Any:
    return pl.List(pl.Struct(dict.fromkeys((fact.heading for fact in source.facts), pl.String)))


def _schema(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> dict[str, Any]:
    numbered = all(isinstance(row.get(scheme.subject.key), int) for row in rows)
    words = dict.fromkeys(scheme.key_columns, pl.String)
    keys = words | {scheme.subject.key: pl.Int64 if numbered else pl.String}
    return keys | {fact.column: TYPES[fact.type] for fact in scheme.facts}
