"""Events counted into columns: how many, or how much, were valid on the day, with what share of their weight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from rules.refusal import Refused
from scoring.facts import typed_columns
from scoring.formula import expression, number
from scoring.scheme import Scheme
from scoring.sources import Source, Tally

Events = Mapping[str, pl.DataFrame]
EVENT = "event·"


def carried(frame: pl.DataFrame, scheme: Scheme) -> Events:
    """The events the rows of a frame bring along themselves, by source; those of a cycle are frozen that way."""
    found = {}
    for source in scheme.sources:
        if source.name in frame.columns:
            rows = frame.select(scheme.subject.key, source.name).explode(source.name)
            rows = rows.drop_nulls(source.name).unnest(source.name)
            found[source.name] = rows.rename({scheme.subject.key: source.key})
    return found


def with_tallies(frame: pl.DataFrame, scheme: Scheme, events: Events) -> pl.DataFrame:
    """The columns of the scheme's sources beside the facts. Refused when a source was not delivered."""
    for source in scheme.sources:
        if source.name not in events:
            raise Refused(
                f"没有事件表：{source.label}。",
                cure=f"请一并给出含有列{'、'.join(source.headings)}的表。",
            )
        found = _typed(events[source.name], source, scheme.missing_marks)
        found = found.with_columns(pl.col(EVENT).cast(frame.schema[scheme.subject.key]))
        for tally in source.tallies:
            counted = _counted(frame, found, scheme, tally)
            joined = frame.join(counted, on=scheme.subject.key, how="left", maintain_order="left")
            frame = joined.with_columns(pl.col(tally.column).fill_null(0.0))
    return frame


def _typed(events: pl.DataFrame, source: Source, marks: tuple[str, ...]) -> pl.DataFrame:
    absent = [name for name in source.headings if name not in events.columns]
    if absent:
        raise Refused(
            f"{source.label}缺少列：{'、'.join(absent)}。", cure="请按方案 sources 部分补齐列名。"
        )
    keys = events.select(pl.col(source.key).alias(EVENT))
    typed = typed_columns(events, source.facts, marks, who=events[source.key])
    return pl.concat([keys, typed], how="horizontal")


def _counted(
    frame: pl.DataFrame, events: pl.DataFrame, scheme: Scheme, tally: Tally
) -> pl.DataFrame:
    """One row per subject with an event that counts. An event without the number or the day it needs does not."""
    days = frame.select(pl.col(scheme.subject.key).alias(EVENT), _day(tally).alias("on·"))
    kept = events.join(days, on=EVENT, how="inner", maintain_order="left")
    if tally.where:
        kept = kept.filter(expression(tally.where).fill_null(value=False))
    kept = kept.with_columns(_share(tally).alias("share·"))
    amount = pl.col(tally.sum).cast(pl.Float64) if tally.sum else pl.lit(1.0)
    total = number((amount * pl.col("share·")).sum()).alias(tally.column)
    return kept.group_by(pl.col(EVENT).alias(scheme.subject.key), maintain_order=True).agg(total)


def _day(tally: Tally) -> pl.Expr:
    if tally.as_of is None or isinstance(tally.as_of, date):
        return pl.lit(tally.as_of, pl.Date)
    return pl.col(tally.as_of)


def _share(tally: Tally) -> pl.Expr:
    """What is left of an event on the day: nothing before it happened, nothing once its months are over."""
    if tally.dated is None:
        return pl.lit(1.0)
    happened, on = pl.col(tally.dated), pl.col("on·")
    share = pl.lit(1.0)
    for step in tally.fading:
        aged = happened.dt.offset_by(f"{step.from_month}mo") <= on
        share = pl.when(aged).then(float(step.share)).otherwise(share)
    if tally.months:
        over = happened.dt.offset_by(f"{tally.months}mo") <= on
        share = pl.when(over).then(0.0).otherwise(share)
    return pl.when((happened <= on).fill_null(value=False)).then(share).otherwise(0.0)
