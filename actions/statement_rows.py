"""One row of a file of claimed services becomes one line: of which statement, what, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.import_columns import Columns
from actions.import_rows import Entry, day
from actions.sheets import Sheet
from models import Claim
from rules import amounts, codes, names
from rules import statements as rule
from rules.insurance import InsuranceKind
from rules.statements import Line

_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:月|[-/.]\d{1,2}.*)?")
_TEXTS = {
    "voucher": Claim.voucher, "practitioner_code": Claim.practitioner_code, "department": Claim.department,
    "drg_group": Claim.drg_group,
}  # fmt: skip
YES, NO = {"1", "是", "true", "y", "yes"}, {"", "0", "否", "false", "n", "no"}
INSURANCES = {
    word: kind
    for kind, more in (
        (InsuranceKind.EMPLOYEE, ("职工", "城镇职工基本医疗保险", "310")),
        (InsuranceKind.RESIDENT, ("居民", "城乡居民医疗保险", "390")),
    )
    for word in (str(kind), kind.label, *more)
}
_FEN, _POINTS = 100, 10_000
_DECEMBER = 12


@dataclass(slots=True)
class Row(Entry):
    """`line` is empty as long as the row cannot be understood; its number in the statement is given later."""

    place_code: str = ""
    insurance: InsuranceKind | None = None
    month: date | None = None
    head: dict[str, Any] = field(default_factory=dict)
    line: Line | None = None

    @property
    def statement(self) -> tuple[str, InsuranceKind | None, date | None]:
        """What all rows of one statement share."""
        return self.place_code, self.insurance, self.month


def rows(sheet: Sheet, columns: Columns) -> Iterator[Row]:
    """Every row below the heading that is not blank."""
    first = columns.heading_row + 1
    for number, cells in enumerate(sheet.grid[first:], start=first + 1):
        if any(cell.strip() for cell in cells):
            yield _row(number, cells, columns)


def _row(number: int, cells: list[str], columns: Columns) -> Row:
    row = Row(number, cells)
    if any(cell.strip() for cell in cells[len(columns.headings) :]):
        row.reject("", "单元格多于表头的列，可能错列。")
        return row
    raw = {name: names.clean(cells[i]) for name, i in columns.fields.items() if i < len(cells)}
    for name, text in columns.defaults.items():
        raw[name] = raw.get(name) or text
    row.values["name"] = f"{raw.get('institution_code', '')} {raw.get('voucher', '')}".strip()
    _of_statement(row, raw)
    _service(row, raw)
    return row


def _of_statement(row: Row, raw: dict[str, str]) -> None:
    row.place_code = codes.tidy(raw.get("institution_code", ""))
    if not row.place_code:
        row.reject("institution_code", "机构编码为空。")
    row.insurance = INSURANCES.get(raw.get("insurance", ""))
    if row.insurance is None:
        row.reject("insurance", f"险种“{raw.get('insurance', '')[:20]}”无法识别。")
    row.month = month(raw.get("month", ""))
    if row.month is None:
        row.reject("month", f"申报月份“{raw.get('month', '')[:20]}”不是月份。")
    row.head = {
        "claimed_on": _day(row, "claimed_on", raw, "申报日期"),
        "total": _number(row, "total", raw, "申报总金额", _FEN),
        "line_count": _number(row, "line_count", raw, "申报总笔数", 1),
    }


def month(text: str) -> date | None:
    """2026-05, 202605, 2026年5月 or a day of the month: its first day."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= _DECEMBER or int(found[1]) == 0:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _service(row: Row, raw: dict[str, str]) -> None:
    for name, column in _TEXTS.items():
        if len(raw.get(name, "")) > (getattr(column.type, "length", 0) or 0):
            row.reject(name, "内容过长。")
    if not raw.get("voucher"):
        row.reject("voucher", "单据号为空。")
    on = _day(row, "service_date", raw, "服务日期")
    if not raw.get("service_date"):
        row.reject("service_date", "服务日期为空。")
    if on and not rule.judged_by_law(on):
        row.reject("service_date", rule.too_early(on))
    admitted = _day(row, "admission_date", raw, "入院日期")
    inpatient, emergency = _flag(row, "inpatient", raw), _flag(row, "emergency", raw)
    amount = _number(row, "amount", raw, "金额", _FEN)
    if not amount:
        row.reject("amount", "金额应当大于零。")
    if inpatient and not raw.get("admission_date"):
        row.reject("admission_date", "住院费用没有入院日期。")
    if on and admitted and admitted > on:
        row.reject("admission_date", "入院日期晚于服务日期。")
    points = _number(row, "points", raw, "点数", _POINTS)
    if not row.faults and on and amount:
        row.line = Line(
            0, raw["voucher"], on, amount, codes.tidy(raw.get("practitioner_code", "")), raw.get("department", ""),
            emergency, inpatient, admitted, raw.get("drg_group", ""), points,
        )  # fmt: skip


def _day(row: Row, name: str, raw: dict[str, str], label: str) -> date | None:
    text = raw.get(name, "")
    found = day(text) if text else None
    if text and found is None:
        row.reject(name, f"{label}“{text[:20]}”不是日期。")
    return found


def _flag(row: Row, name: str, raw: dict[str, str]) -> bool:
    text = raw.get(name, "").casefold()
    if text not in YES | NO:
        row.reject(name, f"“{text[:20]}”应当写是或者否。")
    return text in YES


def _number(row: Row, name: str, raw: dict[str, str], label: str, unit: int) -> int | None:
    """A number in whole units (分, ten-thousandths of a point); more decimals than that are refused, not rounded."""
    text = raw.get(name, "").replace(",", "").replace("，", "")
    if not text:
        return None
    found = amounts.whole(text, unit)
    if found is None:
        row.reject(name, f"{label}“{text[:20]}”不是有效的数字，或者小数位过多。")
    return found
