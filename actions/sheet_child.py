"""Opens one workbook in a process of its own: memory and time are limited, so a crafted file harms nobody.

Workbook on standard input, one JSON object on standard output: [[sheet name, [[cell text, …], …]], …].
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


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [
        [name, [[_text(cell) for cell in row] for row in _rows(book, name)]]
        for name in book.sheet_names
    ]
    sys.stdout.write(json.dumps(sheets, ensure_ascii=False))


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
    main()
