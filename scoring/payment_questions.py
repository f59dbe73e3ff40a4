"""Questions by the file: a CSV with one service a row in, the same rows with the answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from rules.refusal import Refused
from scoring import payments

INSTITUTION, PRACTITIONER, DAY = "institution", "practitioner", "service_date"
EMERGENCY, DEPARTMENT = "emergency", "department"
SAME = {"fixmedins_code": INSTITUTION}  # as the national platform calls it
YES, NO = {"1", "true", "yes", "是", "y"}, {"", "0", "false", "no", "否", "n"}


def answered(
    source: Path,
    *,
    institutions: dict[str, int],
    people: dict[str, int],
    lines: Mapping[str, Sequence[Any]],
) -> pl.DataFrame:
    """The rows of the file with `payable` and `reasons`. Refused, naming the row, when a row cannot be understood.

    `institutions`, `people`: national code → key; `lines`: the book (`queries.payment_book.lines`). An unknown
    institution or person is no fault of the file: such a service is not payable.
    """
    rows = _read(source)
    asked = pl.DataFrame(
        {
            "place": _keys(rows[INSTITUTION], institutions),
            "person": _keys(_column(rows, PRACTITIONER), {**people, "": 0}),
            "department": _column(rows, DEPARTMENT),
            "day": _days(rows),
            "emergency": _flags(rows),
        }
    )
    answers = payments.answer(asked, payments.book(lines))
    return rows.with_columns(answers)


Row = tuple[str, str, str, date, bool]  # institution, practitioner, department, day, emergency


def of_rows(
    rows: Sequence[Row],
    *,
    institutions: dict[str, int],
    people: dict[str, int],
    lines: Mapping[str, Sequence[Any]],
) -> list[dict[str, Any]]:
    """The same for questions that came another way, already read: `payable` and the codes of `reasons` of each."""
    if not rows:
        return []
    answers = table_of_rows(rows, institutions=institutions, people=people, lines=lines)
    return [
        {"payable": payable, "reasons": [code for code in codes.split(";") if code]}
        for payable, codes in answers.iter_rows()
    ]


def table_of_rows(
    rows: Sequence[Row],
    *,
    institutions: dict[str, int],
    people: dict[str, int],
    lines: Mapping[str, Sequence[Any]],
) -> pl.DataFrame:
    """`payable` and `reasons` as columns."""
    everyone = {**people, "": 0}
    keyed = [(institutions.get(row[0]), everyone.get(row[1]), *row[2:]) for row in rows]
    schema = {
        "place": pl.Int64, "person": pl.Int64, "department": pl.String, "day": pl.Date, "emergency": pl.Boolean,
    }  # fmt: skip
    return payments.answer(pl.DataFrame(keyed, schema=schema, orient="row"), payments.book(lines))


def _read(source: Path) -> pl.DataFrame:
    try:
        rows = pl.read_csv(source, infer_schema=False).fill_null("")
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise Refused(
            f"{source.name} 不是可以读取的 CSV 文件。", cure="请另存为 UTF-8 编码的 CSV 文件。"
        ) from error
    rows = rows.rename({name: SAME.get(name.strip(), name.strip()) for name in rows.columns})
    missing = [name for name in (INSTITUTION, DAY) if name not in rows.columns]
    if missing:
        raise Refused(
            f"{source.name} 缺少列：{'、'.join(missing)}。",
            cure=f"首行须有 {INSTITUTION}、{DAY}，可以有 {PRACTITIONER}、{DEPARTMENT}、{EMERGENCY}。",
        )
    return rows


def _column(rows: pl.DataFrame, name: str) -> pl.Series:
    """An absent column is empty in every row."""
    if name not in rows.columns:
        return pl.Series(name, [""] * len(rows), dtype=pl.String)
    return rows[name].str.strip_chars()


def _keys(codes: pl.Series, numbers: dict[str, int]) -> pl.Series:
    """Code → key; null where nobody bears the code."""
    known = codes.str.strip_chars().str.to_uppercase()
    return known.replace_strict(numbers, default=None, return_dtype=pl.Int64)


def _days(rows: pl.DataFrame) -> pl.Series:
    days = _column(rows, DAY).str.to_date("%Y-%m-%d", strict=False)
    _refuse(days.is_null(), DAY, "不是日期", "请写成 2026-01-31 的样子")
    return days


def _flags(rows: pl.DataFrame) -> pl.Series:
    words = _column(rows, EMERGENCY).str.to_lowercase()
    _refuse(~words.is_in([*YES, *NO]), EMERGENCY, "既不是“是”也不是“否”", "请写 1 或者 0")
    return words.is_in([*YES])


def _refuse(wrong: pl.Series, column: str, why: str, cure: str) -> None:
    first = wrong.arg_true()
    if len(first):
        number = first[0] + 2  # the first row holds the names
        raise Refused(
            f"第 {number} 行的 {column} {why}，共 {len(first)} 行。", cure=f"{cure}，然后重试。"
        )
