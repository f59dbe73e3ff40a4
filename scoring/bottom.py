"""末位: who stands at the bottom of each group of peers. A simulation; grades and results stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from scoring import grading
from scoring.credit import Rated
from scoring.scheme import Scheme


@dataclass(frozen=True)
class Bottom:
    """`place` counts from the best of the group; `tied`: somebody else stands on the same place."""

    subject: object
    group: str
    grade: str | None
    place: int
    of: int
    tied: bool


def bottom(rated: Rated) -> list[Bottom]:
    """Everybody who would stand at the bottom, worst last; nobody for a scheme without the rule."""
    scheme, rule = rated.scheme, rated.scheme.elimination
    if rule is None or not rule.percent:
        return []
    graded = rated.working.filter(pl.col("place·").is_not_null())
    first, last = (
        grading.among_peers(grading.order(scheme).rank(way), scheme) for way in ("min", "max")
    )
    size = grading.among_peers(pl.len(), scheme)
    found = graded.select(
        pl.col(scheme.subject.key).alias("subject"),
        _group(scheme).alias("group"),
        pl.col("grade"),
        first.cast(pl.Int64).alias("place"),
        last.cast(pl.Int64).alias("last"),
        size.cast(pl.Int64).alias("of"),
    )
    spared = pl.col("of") - (pl.col("of") * rule.percent / 100).round(9).floor()
    held = pl.col("place") if rule.ties == "spare" else pl.col("last")
    taken = found.filter(held > spared).sort("group", "place", "subject")
    tied = taken.with_columns((pl.col("last") > pl.col("place")).alias("tied")).drop("last")
    return [Bottom(**row) for row in tied.iter_rows(named=True)]


def _group(scheme: Scheme) -> pl.Expr:
    return pl.col(scheme.peers.column).fill_null("") if scheme.peers else pl.lit("")
