"""The reasons behind a score, line by line: what was found, what it earned, on which basis, with which evidence."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scoring.explain_ends import effect
from scoring.formula import expression
from scoring.scheme import Indicator, Item, Scheme, Veto
from scoring.step_words import item_words, step_words

MISSING = {
    "reweight": "没有数据，权重由其他指标分担",
    "zero": "没有数据，按0分计",
    "neutral": "没有数据，按满分的一半计",
    "stated": "没有数据，按方案写明的分数计",
}
COLUMNS = (
    "indicator", "label", "raw", "points", "weight", "basis", "evidence",
    "part", "full", "gain", "rule", "remark", "confidence",
)  # fmt: skip


def explained(working: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Subjects in the order of the facts, lines in the order of the scheme, vetoes last.

    `weight` is what full marks would be worth in the score of this subject, `gain` what was earned of it.
    """
    rows = working.with_row_index("row·")
    pieces = [
        piece.with_columns(pl.lit(n).alias("order·"))
        for n, piece in enumerate(_pieces(rows, scheme))
    ]
    joined = pl.concat(pieces, how="diagonal").sort("row·", "order·")
    return joined.select(scheme.subject.key, *COLUMNS)


def _pieces(rows: pl.DataFrame, scheme: Scheme) -> Iterator[pl.DataFrame]:
    if scheme.combine.method == "sum":
        yield _plain(
            rows, scheme, "base", "基准分", pl.lit(float(scheme.combine.base)), scheme.basis
        )
    if scheme.combine.method == "step":
        yield _worked(rows, scheme)
    for indicator in scheme.indicators:
        yield _indicator(rows, scheme, indicator)
    for name, item in scheme.extras:
        yield _extra(rows, scheme, name, item)
    yield from _limits(rows, scheme)
    for veto in scheme.vetoes:
        yield _veto(rows, scheme, veto)


def _indicator(rows: pl.DataFrame, scheme: Scheme, item: Indicator) -> pl.DataFrame:
    missing = pl.col(f"raw·{item.key}").is_null()
    why = pl.when(missing).then(_why_missing(scheme, item)).otherwise(pl.lit(""))
    if item.unknown:
        unknown = expression(item.unknown.when)
        why = pl.when(unknown).then(pl.lit(item.unknown.says)).otherwise(why)
    return rows.filter(f"applies·{item.key}").select(
        *_item(scheme, item),
        *_figures(item, f"weight·{item.key}", pl.col(f"gain·{item.key}")),
        *_words(item.domain, item_words(item, scheme), item.confidence),
        _remarked(item, why).alias("remark"),
    )


def _remarked(item: Item, first: pl.Expr) -> pl.Expr:
    """What is said anyway, and each remark of the scheme whose condition holds."""
    said = [pl.when(first != "").then(first)]
    said += [pl.when(expression(one.when)).then(pl.lit(one.says)) for one in item.remarks]
    return pl.concat_str(said, separator="；", ignore_nulls=True)


def _why_missing(scheme: Scheme, item: Indicator) -> pl.Expr:
    """What happens without the number, and the publisher's footnote where it left one."""
    policy = "没有数据" if scheme.combine.method == "step" else MISSING[item.missing]
    if item.footnote is None:
        return pl.lit(policy)
    code = pl.col(item.footnote)
    said = code.replace(scheme.footnotes)
    note = pl.concat_str([pl.lit("；注"), code, pl.lit("："), said]).fill_null("")
    return pl.concat_str([pl.lit(policy), note])


def _worked(rows: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """The step that is the score, where there is one."""
    step = scheme.step(scheme.combine.step or "")
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("points", "weight", "full")]
    texts = {"indicator": "worked", "label": step.label, "basis": step.basis or scheme.basis}
    return rows.filter(pl.col("exact·").is_not_null()).select(
        "row·",
        scheme.subject.key,
        pl.col(step.name).alias("raw"),
        pl.col("open·").alias("gain"),
        *nothing,
        *_words("base", step_words(step, scheme), scheme.confidence),
        *[
            pl.lit(text).alias(name)
            for name, text in {**texts, "evidence": "", "remark": ""}.items()
        ],
    )


def _extra(rows: pl.DataFrame, scheme: Scheme, name: str, item: Item) -> pl.DataFrame:
    sign = 1.0 if name == "bonus" else -1.0
    return rows.filter(f"applies·{item.key}").select(
        *_item(scheme, item),
        *_figures(item, None, 0.0 + pl.col(f"points·{item.key}") * sign),
        *_words(name, item_words(item, scheme), item.confidence),
        _remarked(item, pl.lit("加分" if name == "bonus" else "减分")).alias("remark"),
    )


def _item(scheme: Scheme, item: Item | Veto) -> list[pl.Expr]:
    evidence = pl.col(item.evidence).cast(pl.String).fill_null("") if item.evidence else pl.lit("")
    return [
        pl.col("row·"),
        pl.col(scheme.subject.key),
        pl.lit(item.key).alias("indicator"),
        pl.lit(item.label).alias("label"),
        pl.lit(item.basis).alias("basis"),
        evidence.alias("evidence"),
    ]


def _figures(item: Item, weight: str | None, gain: pl.Expr) -> list[pl.Expr]:
    return [
        pl.col(f"raw·{item.key}").alias("raw"),
        pl.col(f"points·{item.key}").alias("points"),
        (pl.col(weight) if weight else pl.lit(None, pl.Float64)).alias("weight"),
        pl.lit(float(item.rule.full)).alias("full"),
        gain.alias("gain"),
    ]


def _words(part: str, rule: str, confidence: str) -> list[pl.Expr]:
    named = {"part": part, "rule": rule, "confidence": confidence}
    return [pl.lit(text).alias(name) for name, text in named.items()]


def _limits(rows: pl.DataFrame, scheme: Scheme) -> Iterator[pl.DataFrame]:
    """Where a cap or a limit bit, a line of its own says by how much."""
    for name, label, sign in (("bonus", "加分封顶", 1.0), ("malus", "减分封顶", -1.0)):
        keys = [f"points·{item.key}" for part, item in scheme.extras if part == name]
        if keys:
            cut = (pl.col(name) - pl.sum_horizontal(keys)) * sign
            yield _plain(rows, scheme, f"{name}_cap", label, cut, scheme.basis)
    held = pl.col("exact·") - pl.col("open·")
    yield _plain(rows, scheme, "score_limit", "总分上下限", held, scheme.basis)


def _plain(
    rows: pl.DataFrame, scheme: Scheme, key: str, label: str, gain: pl.Expr, basis: str
) -> pl.DataFrame:
    """A line without raw value; left out where it changes nothing."""
    changed = rows.with_columns(gain.round(9).alias("gain")).filter(pl.col("gain") != 0)
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("raw", "points", "weight", "full")]
    texts = {"indicator": key, "label": label, "basis": basis, "evidence": "", "remark": ""}
    return changed.select(
        "row·", scheme.subject.key, "gain", *nothing,
        *_words("base" if key == "base" else "limit", "", scheme.confidence),
        *[pl.lit(text).alias(name) for name, text in texts.items()],
    )  # fmt: skip


def _veto(rows: pl.DataFrame, scheme: Scheme, veto: Veto) -> pl.DataFrame:
    nothing = [pl.lit(None, pl.Float64).alias(n) for n in ("raw", "points", "weight", "full")]
    return rows.filter(f"hit·{veto.key}").select(
        *_item(scheme, veto),
        *nothing,
        pl.lit(0.0).alias("gain"),
        *_words("veto", "", veto.confidence),
        pl.lit(effect(scheme, veto)).alias("remark"),
    )
