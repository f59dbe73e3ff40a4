"""A list as a sheet: the same rows as on the page, as XLSX or CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response, request

import clock
from blueprints.files import send
from queries import exports

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The answer to `?format=xlsx|csv`; codes stay text, and no cell can start a formula."""
    cells = [[_text(cell) for cell in row] for row in rows]
    name = f"{title}-{clock.today().isoformat()}"
    if request.args.get("format") == "csv":
        return send(exports.csv_bytes(columns, cells), f"{name}.csv", "text/csv; charset=utf-8")
    return send(exports.xlsx_bytes(title, columns, cells), f"{name}.xlsx", XLSX)


def _text(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell
