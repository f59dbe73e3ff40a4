"""末位: who stands at the bottom of each group. A simulation; grades and results stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from scoring import grading
from scoring.credit import Rated
from scoring.scheme import Scheme


@dataclass(frozen=True)
class Bottom:
    """`place` counts from the best of the group; `tied`: somebody else stands on the same place.

    `spared`: equals stand on both sides of the line, and by the rule of the scheme none of them is taken.
    """

    subject: object
    group: str
    grade: str | None
    place: int
    of: int
    tied: bool
    spared: bool


def bottom(rated: Rated) -> list[Bottom]:
    """Everybody on or across the line, group by group, worst last; nobody for a scheme without the rule."""
    scheme, rule = rated.scheme, rated.scheme.elimination
    if rule is None or not rule.percent:
        return []
    graded = rated.working.filter(pl.col("place·").is_not_null())
    order, within = grading.order(scheme), scheme.bottom_within
    first, last, size = (
        (value.over(within) if within else value).cast(pl.Int64)
        for value in (order.rank("min"), order.rank("max"), pl.len())
    )
    found = graded.select(
        pl.col(scheme.subject.key).alias("subject"),
        _group(scheme).alias("group"),
        pl.col("grade"),
        first.alias("place"),
        last.alias("last"),
        size.alias("of"),
    )
    line = pl.col("of") - (pl.col("of") * rule.percent / 100).round(9).floor()
    crossing = (pl.col("place") <= line) & (rule.ties == "spare")
    touched = found.filter(pl.col("last") > line).sort("group", "place", "subject")
    rows = touched.with_columns(
        (pl.col("last") > pl.col("place")).alias("tied"), crossing.alias("spared")
    )
    return [Bottom(**row) for row in rows.drop("last").iter_rows(named=True)]


def _group(scheme: Scheme) -> pl.Expr:
    """The name of the group: its columns as people call them."""
    words = [pl.col(name).cast(pl.String).fill_null("") for name in scheme.bottom_within]
    named = [
        word.replace(scheme.subject.kinds) if name == scheme.subject.kind else word
        for name, word in zip(scheme.bottom_within, words, strict=True)
    ]
    return pl.concat_str(named, separator="、") if named else pl.lit("")
