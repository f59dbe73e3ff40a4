"""Fact files as they come, and the results as files: what `flask score` reads and writes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from rules.refusal import Refused
from scoring.credit import Rated
from scoring.scheme import Scheme

ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")


def read(paths: Sequence[Path], scheme: Scheme) -> pl.DataFrame:
    """One frame of text cells; several files are joined by the subject's key. Refused when they do not fit together."""
    frames = [_sheet(path, scheme.subject.key) for path in paths]
    joined = frames[0]
    for path, frame in zip(paths[1:], frames[1:], strict=True):
        twice = set(joined.columns) & set(frame.columns) - {scheme.subject.key}
        if twice:
            raise Refused(
                f"{path.name} 与前面的事实表都有列：{'、'.join(sorted(twice))}。",
                cure="每一列只放在一张表里。",
            )
        joined = joined.join(
            frame, on=scheme.subject.key, how="full", coalesce=True, maintain_order="left_right"
        )
    return joined


def _sheet(path: Path, key: str) -> pl.DataFrame:
    frame = pl.read_csv(io.StringIO(_text(path)), infer_schema=False)
    if key not in frame.columns:
        raise Refused(
            f"{path.name} 没有列 {key}，不知道每一行说的是谁。", cure="请补上这一列，或者核对列名。"
        )
    keys = frame[key]
    if keys.is_duplicated().any():
        again = keys.filter(keys.is_duplicated())[0]
        raise Refused(f"{path.name} 中“{again}”出现了不止一次。", cure="每个对象只留一行。")
    return frame


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path.name} 的文字编码无法识别。", cure="请另存为 UTF-8 编码的 CSV。")


def write(rated: Rated, out: Path, lines: Path | None = None) -> None:
    """Results, and the reasons where asked, as CSV in UTF-8 with BOM."""
    rated.results.write_csv(out, include_bom=True)
    if lines is not None:
        rated.lines.write_csv(lines, include_bom=True)
