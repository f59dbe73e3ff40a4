"""Plain rows as the frame the engine rates: fresh facts and frozen ones take the same way, so replay is exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from scoring.scheme import Scheme

TYPES: dict[str, Any] = {
    "number": pl.Float64,
    "flag": pl.Boolean,
    "text": pl.String,
    "date": pl.Date,
}


def frame(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> pl.DataFrame:
    """One row per subject with exactly the columns of the scheme; a column a row lacks is missing, not nought."""
    columns = {name: [row.get(name) for row in rows] for name in scheme.fact_columns}
    return pl.DataFrame(columns, schema=_schema(rows, scheme))


def _schema(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> dict[str, Any]:
    numbered = all(isinstance(row.get(scheme.subject.key), int) for row in rows)
    words = dict.fromkeys(scheme.key_columns, pl.String)
    keys = words | {scheme.subject.key: pl.Int64 if numbered else pl.String}
    return keys | {fact.column: TYPES[fact.type] for fact in scheme.facts}
