"""A Parquet file as rows of text, the heading first, so that it is read like any other table."""

from __future__ import annotations

import io

import polars as pl

from rules.refusal import Refused

MARK = b"PAR1"


def grid(content: bytes) -> list[list[str]]:
    """Days and amounts as a table writes them; empty where the file holds nothing. Refused when it is no such file."""
    try:
        frame = pl.read_parquet(io.BytesIO(content))
        rows = frame.select(pl.all().cast(pl.String, strict=False).fill_null("")).rows()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refused("Parquet 文件不完整，无法读取。", cure="请重新导出后再导入。") from error
    return [list(frame.columns), *(list(row) for row in rows)]
