"""A Parquet file as rows of text, the heading first, so that it is read like any other table."""

from __future__ import annotations

import io

import polars as pl

MARK = b"PAR1"


class TooLarge(Exception):
    """More rows or more text than the reader takes: a few bytes may stand for billions."""


def grid(content: bytes, *, most_rows: int, most_bytes: int) -> list[list[str]]:
    """Days and amounts as a table writes them; empty where the file holds nothing.

    Rows are counted by the directory of the file before one is unpacked, text before it is written out.
    """
    source = pl.scan_parquet(io.BytesIO(content))
    if source.select(pl.len()).collect().item() > most_rows:
        raise TooLarge
    frame = source.select(pl.all().cast(pl.String, strict=False).fill_null("")).collect()
    if sum(frame.select(pl.all().str.len_bytes().sum()).row(0)) > most_bytes:
        raise TooLarge
    return [list(frame.columns), *(list(row) for row in frame.rows())]
