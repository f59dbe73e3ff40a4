"""From scores to grades and ranks: thresholds first, then the vetoes in their order, then the places among peers."""

from __future__ import annotations

import polars as pl

from scoring.formula import expression
from scoring.scheme import Scheme, Veto

LAST = 10**6  # stands behind every grade


def with_grades(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Adds score_grade, vetoes (keys that hit), grade, grade_label and rank."""
    frame = frame.with_columns(_by_score(scheme).alias("place·"))
    frame = frame.with_columns(_named(scheme, "key").alias("score_grade"))
    frame = frame.with_columns(
        _hit(veto, scheme).alias(f"hit·{veto.key}") for veto in scheme.vetoes
    )
    frame = _vetoed(frame, scheme)
    return frame.with_columns(
        _hits(scheme).alias("vetoes"),
        _named(scheme, "key").alias("grade"),
        _named(scheme, "label").alias("grade_label"),
        _rank(scheme).alias("rank"),
    )


def _by_score(scheme: Scheme) -> pl.Expr:
    """The place in the list of grades, 0 being the best; empty without a score. Without grades all stand level."""
    measure = pl.col(scheme.graded_by or "score")
    place = pl.lit(max(len(scheme.grades) - 1, 0))
    for index, grade in reversed(list(enumerate(scheme.grades[:-1]))):
        place = pl.when(measure >= grade.at_least).then(index).otherwise(place)
    return pl.when(pl.col("score").is_not_null() & measure.is_not_null()).then(place)


def _named(scheme: Scheme, field: str) -> pl.Expr:
    if not scheme.grades:
        return pl.lit(None, pl.String)
    names = {index: getattr(grade, field) for index, grade in enumerate(scheme.grades)}
    return pl.col("place·").replace_strict(names, default=None, return_dtype=pl.String)


def _hit(veto: Veto, scheme: Scheme) -> pl.Expr:
    """A condition over an unknown fact does not hold: nobody is voted down on a guess."""
    holds = expression(veto.when).fill_null(False)
    kind = scheme.subject.kind
    return holds & pl.col(kind).is_in(list(veto.kinds)) if kind and veto.kinds else holds


def _vetoed(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    index = {grade.key: n for n, grade in enumerate(scheme.grades)}
    frame = frame.with_columns(pl.lit(False).alias("settled·"))
    for veto in scheme.vetoes:
        hit, place = pl.col(f"hit·{veto.key}") & ~pl.col("settled·"), pl.col("place·")
        if veto.grade is not None:
            settled = pl.col("settled·") | pl.col(f"hit·{veto.key}")
            to = pl.when(hit).then(index[veto.grade]).otherwise(place)
            frame = frame.with_columns(to.alias("place·"), settled.alias("settled·"))
        else:
            held = pl.when(hit & (place < index[veto.cap or ""])).then(index[veto.cap or ""])
            frame = frame.with_columns(held.otherwise(place).alias("place·"))
    return frame


def _hits(scheme: Scheme) -> pl.Expr:
    if not scheme.vetoes:
        return pl.lit("")
    named = [pl.when(f"hit·{veto.key}").then(pl.lit(veto.key)) for veto in scheme.vetoes]
    return pl.concat_str(named, separator="、", ignore_nulls=True)


def order(scheme: Scheme) -> pl.Expr:
    """What subjects are put in order by, the best being the least: grade, score, tie-breaks."""
    parts = [pl.col("place·").fill_null(LAST).alias("a")]
    score = pl.col("score") if scheme.ranking.better == "low" else -pl.col("score")
    parts.append(score.fill_null(float("inf")).alias("b"))
    for n, tiebreak in enumerate(scheme.ranking.then):
        value = pl.col(tiebreak.fact).cast(pl.Float64)
        value = value if tiebreak.first == "low" else -value
        parts.append(value.fill_null(float("inf")).alias(f"c{n}"))
    return pl.struct(parts)


def among_peers(value: pl.Expr, scheme: Scheme) -> pl.Expr:
    return value.over(pl.col(scheme.peers.column)) if scheme.peers else value


def _rank(scheme: Scheme) -> pl.Expr:
    """Equals share a place by the stated rule, so the order of rows cannot matter."""
    rank = among_peers(order(scheme).rank(scheme.ranking.ties), scheme)
    return pl.when(pl.col("place·").is_not_null()).then(rank)
