"""The workbook that goes back: only the rows that were not taken, the wrong cell marked, the reason beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from actions.import_columns import Columns
from actions.import_rows import Entry

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (12, 60, 18)  # row number, reason, every other column


def write(columns: Columns, rejected: Sequence[Entry], warned: Sequence[Entry] = ()) -> bytes:
    """First sheet: the rejected rows, correctable and importable as they are. Second sheet: what was taken with doubt.

    Every cell is text, so that a code keeps its zeros and a formula stays a word.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF5", "border": 1})
        wrong = book.add_format({"bg_color": "#FDECEA", "font_color": "#B3261E", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        _rejected(book.add_worksheet("退回的行"), columns, rejected, bold, wrong, text)
        if warned:
            _warned(book.add_worksheet("提示"), warned, bold, text)
    return target.getvalue()


def _rejected(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Columns, rejected: Sequence[Entry],
    bold: xlsxwriter.format.Format, wrong: xlsxwriter.format.Format, text: xlsxwriter.format.Format,
) -> None:  # fmt: skip
    headings = ["源文件行号", "错误说明", *columns.headings]
    _head(sheet, headings, bold)
    for line, entry in enumerate(sorted(rejected, key=lambda one: one.number), start=1):
        marked = {columns.fields.get(column, -2) for column, _why in entry.faults}
        sheet.write_number(line, 0, entry.number)
        sheet.write_string(line, 1, "；".join(why for _column, why in entry.faults), text)
        for index, cell in enumerate(entry.cells):
            if cell or index in marked:
                _cell(sheet, line, index + 2, cell, wrong if index in marked else text)


def _warned(
    sheet: xlsxwriter.worksheet.Worksheet, warned: Sequence[Entry],
    bold: xlsxwriter.format.Format, text: xlsxwriter.format.Format,
) -> None:  # fmt: skip
    _head(sheet, ["源文件行号", "提示", "名称"], bold)
    for line, entry in enumerate(sorted(warned, key=lambda one: one.number), start=1):
        sheet.write_number(line, 0, entry.number)
        sheet.write_string(line, 1, "；".join(entry.warnings), text)
        sheet.write_string(line, 2, str(entry.values.get("name", "")), text)


def _head(
    sheet: xlsxwriter.worksheet.Worksheet, headings: list[str], bold: xlsxwriter.format.Format
) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, 1, WIDTHS[1])
    sheet.set_column(2, max(2, len(headings) - 1), WIDTHS[2])
    for index, heading in enumerate(headings):
        sheet.write_string(0, index, heading, bold)


def _cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    index: int,
    cell: str,
    shape: xlsxwriter.format.Format,
) -> None:
    if cell:
        sheet.write_string(line, index, cell, shape)
    else:
        sheet.write_blank(line, index, None, shape)
