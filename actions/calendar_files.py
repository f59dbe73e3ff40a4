"""A year's arrangement as somebody sends it: JSON, YAML or a CSV of days, with the notice it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.calendar_days import DayRow
from regulations.holidays import year_of
from rules import names
from rules.refusal import Refused

REST = {"休息", "放假", "休", "节假日", "true", "1", "是"}
WORK = {"上班", "调休上班", "班", "工作日", "补班", "false", "0", "否"}
DAY, KIND, NAME = (
    ("日期", "date", "day"),
    ("类型", "安排", "isoffday", "是否休息"),
    ("名称", "节日", "name"),
)


@dataclass(frozen=True)
class Arrangement:
    """`left_out`: days of the file that belong to another year's notice."""

    year: int
    source: str
    days: list[DayRow]
    left_out: list[date]


def of_mapping(raw: Any, source: str) -> Arrangement:
    """From JSON or YAML: {year, days: [{date, name, isOffDay}]} or the form of `regulations/calendar`."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("year"), int):
        raise Refused(
            "文件中没有年份。", cure="请提供 year 和 days，或者 year、notices 和 holidays。"
        )
    try:
        if "holidays" in raw:
            own = year_of(dict(raw))
            return _arranged(own.year, source or f"{own.title}（{own.number}）", own.days)
        rows = [
            (date.fromisoformat(str(day["date"])), _rest(day["isOffDay"]), day["name"])
            for day in raw["days"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(
            "文件中的日期或者安排无法读取。", cure="请核对每一天的 date、isOffDay 和 name。"
        ) from None
    papers = raw.get("source") or "、".join(str(paper) for paper in raw.get("papers", ()))
    return _arranged(raw["year"], source or str(papers), rows)


def of_grid(grid: list[list[str]], source: str) -> Arrangement:
    """From a table with the columns 日期, 类型 (休息 or 上班), 名称. All days must lie in one year."""
    heading = [names.clean(cell).casefold() for cell in grid[0]]
    day_at, kind_at, name_at = (_column(heading, words) for words in (DAY, KIND, NAME))
    try:
        rows = [
            (date.fromisoformat(row[day_at].strip()), _rest(row[kind_at]), row[name_at].strip())
            for row in grid[1:]
            if any(row)
        ]
    except (IndexError, ValueError):
        raise Refused(
            "表格中的日期或者类型无法读取。", cure="日期按 2026-01-01 填写，类型填休息或者上班。"
        ) from None
    if not rows:
        raise Refused("表格中没有日期。", cure="请填写日期、类型和名称。")
    return _arranged(rows[0][0].year, source, rows)


def _column(heading: list[str], words: tuple[str, ...]) -> int:
    found = next((index for index, word in enumerate(heading) if word in words), None)
    if found is None:
        raise Refused(f"表格缺少“{words[0]}”列。", cure="表头应有日期、类型、名称三列。")
    return found


def _rest(text: Any) -> bool:
    word = str(text).strip().casefold()
    if word not in REST | WORK:
        raise ValueError(word)
    return word in REST


def _arranged(year: int, source: str, rows: Iterable[DayRow]) -> Arrangement:
    all_days = list(rows)
    return Arrangement(
        year=year,
        source=source,
        days=[row for row in all_days if row[0].year == year],
        left_out=[row[0] for row in all_days if row[0].year != year],
    )
