"""Fact files as they come, and the results as files: what `flask score` reads and writes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from rules.refusal import Refused
from scoring.credit import Rated
from scoring.scheme import Scheme
from scoring.sources import Source

MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ("\t", ";")


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
        sheet = _sheet(path)
        source = _source_of(sheet, scheme)
        if source is None:
            facts = _facts(sheet, path, scheme)
            joined = facts if joined is None else _joined(joined, facts, path, key)
        elif source.name in events:
            events[source.name] = pl.concat([events[source.name], sheet], how="diagonal")
        else:
            events[source.name] = sheet
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
    wanted = dict.fromkeys((*scheme.key_columns, *(fact.heading for fact in scheme.facts)))
    found = {name: named[name.casefold()] for name in wanted if name.casefold() in named}
    frame = sheet.select(pl.col(column).alias(name) for name, column in found.items())
    keys = frame[key]
    if keys.is_duplicated().any():
        again = keys.filter(keys.is_duplicated())[0]
        raise Refused(f"{path.name} 中“{again}”出现了不止一次。", cure="每个对象只留一行。")
    return frame


def _joined(one: pl.DataFrame, two: pl.DataFrame, path: Path, key: str) -> pl.DataFrame:
    """A column that stands in both must say the same wherever both say something."""
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


def _sheet(path: Path) -> pl.DataFrame:
    text = _text(path)
    heading = text.partition("\n")[0]
    separator = next((mark for mark in SEPARATORS if heading.count(mark) > heading.count(",")), ",")
    try:
        frame = pl.read_csv(io.StringIO(text), infer_schema=False, separator=separator)
        frame = frame.rename({name: name.strip() for name in frame.columns})
    except pl.exceptions.PolarsError as error:
        why = str(error).partition("\n")[0]
        raise Refused(
            f"{path.name} 不是能读的 CSV 表（{why}）。", cure="请另存为首行是列名的 CSV。"
        ) from None
    return frame.with_columns(pl.all().str.strip_chars().replace("", None))


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path.name} 的文字编码无法识别。", cure="请另存为 UTF-8 编码的 CSV。")


def _encodings(content: bytes) -> Iterator[str]:
    """A mark decides; then UTF-8; then Chinese letters come in pairs of bytes, western accents stand alone."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            yield encoding
    yield "utf-8-sig"
    runs = re.findall(rb"[\x80-\xff]+", content)
    paired = sum(len(run) > 1 for run in runs)
    yield from ("gb18030", "cp1252") if paired * 2 > len(runs) else ("cp1252", "gb18030")


def write(rated: Rated, out: Path, lines: Path | None = None) -> None:
    """Results, and the reasons where asked, as CSV in UTF-8 with BOM. A step in whole numbers is written in them."""
    steps = rated.scheme.steps
    whole = [step.name for step in steps if step.whole and not step.says]
    table = rated.results.with_columns(pl.col(name).cast(pl.Int64) for name in whole)
    table.write_csv(out, include_bom=True)
    if lines is not None:
        rated.lines.write_csv(lines, include_bom=True)
