"""Every parameter and table in force on a day, in words: what the page of parameters shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from regulations import NotInForce, Row, Value

UNITS = {
    "working_day": "个工作日",
    "day": "日",
    "month": "个月",
    "year": "年",
    "point": "分",
    "percent": "%",
    "times": "次",
    "person": "人",
    "bed": "张床",
    "yuan": "元",
    "multiple": "倍",
    "grade": "级",
    "institution": "家",
}
CONFIDENCES = {
    "official": "原文核对",
    "secondary": "二手资料转引",
    "local": "地方做法",
    "assumed": "暂定",
}
TO_CHECK = {
    "local",
    "assumed",
}  # nobody may rest a decision on these before the local paper was read
KINDS = {"": "两类机构", "medical": "医疗机构", "pharmacy": "零售药店"}
PEGS = {
    "conduct_on": "行为发生日",
    "decided_on": "决定日",
    "applied_on": "申请日",
    "signed_on": "签订日",
    "started_on": "起算日",
    "year_end": "年度末",
}
EXTRAS = {  # columns of tables that people understand; the rest steers the program
    "number": "项次",
    "required": "必需",
    "specialty": "专业",
    "measure": "措施",
    "rank": "顺序",
    "min": "下限",
    "max": "上限",
    "points": "分值",
    "months": "月数",
    "band": "档次",
    "period": "期限",
    "ban": "限制类别",
    "route": "途径",
    "prefix": "前缀",
    "length": "长度",
}


@dataclass(frozen=True)
class Line:
    """A parameter of one kind of institution, or of both where they agree."""

    key: str
    label: str
    kind: str
    value: str
    since: date
    basis: str
    sources: tuple[str, ...]
    confidence: str
    note: str
    pegged_to: str
    awaits: str
    local: bool

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def confidence_label(self) -> str:
        return CONFIDENCES[self.confidence]

    @property
    def to_check(self) -> bool:
        return self.confidence in TO_CHECK


@dataclass(frozen=True)
class TableLine:
    key: str
    label: str
    kind_label: str
    since: date
    basis: str
    confidence: str
    confidence_label: str
    to_check: bool
    extra: str


@dataclass(frozen=True)
class Table:
    name: str
    label: str
    awaits: str
    rows: tuple[TableLine, ...]


def in_force(day: date) -> list[Line]:
    """Every parameter of the day by key; one line where both kinds have the same value on the same basis."""
    keys = sorted(regulations.book().parameters)
    return [line for key in keys for line in _of_key(key, day)]


def tables(day: date) -> list[Table]:
    """Every table that has rows on the day."""
    law, book = regulations.at(day), regulations.book()
    found = []
    for name, label in law.tables().items():
        try:
            rows = tuple(_table_line(row) for row in law.table(name))
        except NotInForce:
            continue
        found.append(Table(name, label, book.tables[name].awaits, rows))
    return found


def source_titles(keys: Iterable[str]) -> dict[str, str]:
    """Key → title of the source, for the filter."""
    known = regulations.sources()
    return {key: known[key].title for key in sorted(set(keys)) if key in known}


def _of_key(key: str, day: date) -> list[Line]:
    by_kind = {kind: _value(key, day, kind) for kind in regulations.FAMILIES}
    medical, pharmacy = by_kind["medical"], by_kind["pharmacy"]
    both = _value(key, day, None)
    if both and medical and pharmacy and medical.value == pharmacy.value:
        return [_line(both, "")]
    return [_line(value, kind) for kind, value in by_kind.items() if value]


def _value(key: str, day: date, kind: str | None) -> Value | None:
    try:
        return regulations.at(day, kind).value(key)
    except NotInForce:
        return None


def _line(value: Value, kind: str) -> Line:
    return Line(
        key=value.key,
        label=value.label,
        kind=kind,
        value=f"{value.value} {UNITS[value.unit]}",
        since=value.since,
        basis=value.basis,
        sources=tuple(value.source.split("、")),
        confidence=value.confidence,
        note=value.note,
        pegged_to=PEGS.get(value.pegged_to, value.pegged_to),
        awaits=value.awaits,
        local=value.local,
    )


def _table_line(row: Row) -> TableLine:
    return TableLine(
        key=row.key,
        label=row.label,
        kind_label=KINDS[row.kind or ""],
        since=row.since,
        basis=row.basis,
        confidence=row.confidence,
        confidence_label=CONFIDENCES[row.confidence],
        to_check=row.confidence in TO_CHECK,
        extra="；".join(
            f"{EXTRAS[name]}：{_word(value)}" for name, value in row.extra.items() if name in EXTRAS
        ),
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
