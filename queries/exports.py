"""A list as a workbook or as CSV: codes stay text, and no cell can start a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

NOT_IN_A_NAME = str.maketrans("", "", "[]:*?/\\'")  # of a sheet, says the workbook format
CENTS = -2
STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝")


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet, bold frozen heading, every text written as text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": True})
    page = book.add_worksheet(title.translate(NOT_IN_A_NAME)[:31])
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    page.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        page.set_column(column, column, 20)
        page.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                page.write_number(number, column, cell, money if _in_cents(cell) else None)
            else:
                page.write_string(number, column, str(cell))
    book.close()
    return buffer.getvalue()


def _in_cents(cell: Any) -> bool:
    return isinstance(cell, Decimal) and cell.as_tuple().exponent == CENTS


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with BOM, so that spreadsheet programs read it; a cell that would be a formula gets a leading quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTERS) else cell
