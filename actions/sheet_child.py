"""Opens one workbook or Parquet file in a process of its own: memory and time are limited, a crafted file harms nobody.

The file on standard input, one JSON object on standard output: [[sheet name, [[cell text, …], …]], …]. Called with
`parquet` or `workbook`, the most rows and the most text that are taken; ends with TOO_LARGE where there is more.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
TOO_LARGE = 3


def main(kind: str, most_rows: int, most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    sheets = _parquet(content, most_rows, most_bytes) if kind == "parquet" else _workbook(content)
    if sum(len(cell) for _name, grid in sheets for row in grid for cell in row) > most_bytes:
        sys.exit(TOO_LARGE)
    sys.stdout.write(json.dumps(sheets, ensure_ascii=False))


def _parquet(content: bytes, most_rows: int, most_bytes: int) -> list[Any]:
    from scoring import parquet  # noqa: PLC0415 half a second that a workbook need not wait

    try:
        return [["", parquet.grid(content, most_rows=most_rows, most_bytes=most_bytes)]]
    except parquet.TooLarge:
        sys.exit(TOO_LARGE)


def _workbook(content: bytes) -> list[Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        [name, [[_text(cell) for cell in row] for row in _rows(book, name)]]
        for name in book.sheet_names
    ]


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    """From the first row of the sheet on, so that the place in the list is the row number people see."""
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _text(cell: Any) -> str:
    """What a person reads in the cell: 7 and not 7.0, 2026-11-23 and not an instant."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(cell) if isinstance(cell, int | timedelta) else ""


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
