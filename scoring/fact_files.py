"""Fact files as they come, and the results as files: what `flask score` reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from rules.refusal import Refused
from scoring.credit import Rated
from scoring.csv_text import ROW, table
from scoring.scheme import Scheme
from scoring.sources import Source

SHOWN = 5  # rows named in a sentence


@dataclass(frozen=True)
class Given:
    """What the files hold: one row per subject, and the lists of events by the name of their source."""

    facts: pl.DataFrame
    events: dict[str, pl.DataFrame] = field(default_factory=dict)


def read(paths: Sequence[Path], scheme: Scheme) -> Given:
    """Text cells; sheets of facts are joined by the subject's key, lists of events known by their headings.

    Columns the scheme does not ask for are passed over. Refused when sheets contradict each other.
    """
    key = scheme.subject.key
    joined: pl.DataFrame | None = None
    events: dict[str, pl.DataFrame] = {}
    for path in paths:
        sheet = table(path)
        source = _source_of(sheet, scheme)
        if source is None:
            facts = _facts(sheet, path, scheme)
            joined = facts if joined is None else _joined(joined, facts, path, key)
        elif source.name in events:
            events[source.name] = pl.concat([events[source.name], sheet.drop(ROW)], how="diagonal")
        else:
            events[source.name] = sheet.drop(ROW)
    if joined is None:
        raise Refused("只有事件表，没有评价对象的事实表。", cure=f"请一并给出含有列 {key} 的表。")
    return Given(joined, events)


def _source_of(sheet: pl.DataFrame, scheme: Scheme) -> Source | None:
    fitting = (s for s in scheme.sources if set(s.headings) <= set(sheet.columns))
    return next(fitting, None)


def _facts(sheet: pl.DataFrame, path: Path, scheme: Scheme) -> pl.DataFrame:
    key = scheme.subject.key
    named = {name.casefold(): name for name in sheet.columns}
    if key.casefold() not in named:
        raise Refused(
            f"{path.name} 没有列 {key}，不知道每一行说的是谁。", cure="请补上这一列，或者核对列名。"
        )
    if sheet.is_empty():
        raise Refused(f"{path.name} 只有列名，没有数据行。", cure="请核对文件，每个对象写一行。")
    wanted = dict.fromkeys((*scheme.key_columns, *(fact.heading for fact in scheme.facts)))
    found = {name: named[name.casefold()] for name in wanted if name.casefold() in named}
    frame = sheet.select(ROW, *(pl.col(column).alias(name) for name, column in found.items()))
    _all_named(frame, path, scheme)
    _once_each(frame, path, key)
    return frame.drop(ROW)


def _all_named(frame: pl.DataFrame, path: Path, scheme: Scheme) -> None:
    """Whom a row is about, and among whom it stands: a blank one would make a group of its own."""
    words = {scheme.subject.key: f"{scheme.subject.label}的编号"}
    if scheme.peers:
        words[scheme.peers.column] = f"“{scheme.peers.column}”（{scheme.peers.label}）"
    for column, what in words.items():
        blank = frame.filter(pl.col(column).is_null()) if column in frame.columns else frame[:0]
        if blank.height:
            more = f"等{blank.height}行" if blank.height > 1 else ""
            raise Refused(
                f"{path.name} 第{blank[ROW][0]}行{more}没有{what}。", cure="请补上，或删去该行。"
            )


def _once_each(frame: pl.DataFrame, path: Path, key: str) -> None:
    again = frame.filter(pl.col(key).is_duplicated())
    if again.height:
        rows = again.filter(pl.col(key) == again[key][0])[ROW].to_list()
        where = "、".join(f"第{row}行" for row in rows[:SHOWN])
        raise Refused(
            f"{path.name} 中“{again[key][0]}”出现了不止一次（{where}）。",
            cure="每个对象只留一行。",
        )


def _joined(one: pl.DataFrame, two: pl.DataFrame, path: Path, key: str) -> pl.DataFrame:
    """A column that stands in both must say the same wherever both say something."""
    _same_numbers(one[key], two[key], path)
    twice = [name for name in one.columns if name in two.columns and name != key]
    both = one.join(two, on=key, how="full", coalesce=True, maintain_order="left_right")
    for name in twice:
        other = f"{name}_right"
        apart = both.filter(pl.col(name) != pl.col(other))
        if apart.height:
            raise Refused(
                f"{path.name} 的列 {name} 与前面的事实表不一致，如“{apart[key][0]}”。",
                cure="每一列只放在一张表里，或者先核对两张表。",
            )
        both = both.with_columns(pl.coalesce(name, other).alias(name)).drop(other)
    return both


def _same_numbers(one: pl.Series, two: pl.Series, path: Path) -> None:
    """Spreadsheets drop noughts before a number: the same subject would be rated as two halves."""
    first, second = set(one), set(two)
    bare = {name.lstrip("0"): name for name in first - second}
    for name in sorted(second - first):
        if name.lstrip("0") in bare:
            raise Refused(
                f"{path.name} 中的“{name}”与前面事实表中的“{bare[name.lstrip('0')]}”只差前面的零。",
                cure="请把编号按文本保存，各表写成一样。",
            )


def write(rated: Rated, out: Path, lines: Path | None = None) -> None:
    """Results, and the reasons where asked, as CSV in UTF-8 with BOM. A step in whole numbers is written in them."""
    steps = rated.scheme.steps
    whole = [step.name for step in steps if step.whole and not step.says]
    table = rated.results.with_columns(pl.col(name).cast(pl.Int64) for name in whole)
    table.write_csv(out, include_bom=True)
    if lines is not None:
        rated.lines.write_csv(lines, include_bom=True)
