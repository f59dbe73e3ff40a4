"""Which column of a table is which field: by its heading, or by the mapping somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from regulations import Law, Row
from rules import names
from rules.refusal import Refused

INSTITUTIONS, PEOPLE, STATEMENTS = "institutions", "people", "statements"
ESSENTIAL = {STATEMENTS: "voucher"}  # what a heading must have, where that is no name
SEARCHED = 10  # rows in which the heading may stand, under a title
_MARKS = re.compile(r"（[^（）]*）|[\s*＊_:：·]")


@dataclass(frozen=True)
class Columns:
    """`fields`: field → column; `defaults`: field → text for every row; `unused`: headings that nothing takes."""

    heading_row: int
    headings: list[str]
    fields: dict[str, int]
    defaults: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    table: str = INSTITUTIONS

    def shown(self, law: Law) -> list[tuple[str, str]]:
        """(heading, label of the field) for the preview."""
        labels = {row.key: row.label for row in _rows(law, self.table)}
        return [(self.headings[index], labels[name]) for name, index in self.fields.items()]


def match(
    grid: list[list[str]],
    law: Law,
    mapping: Mapping[str, Any] | None = None,
    *,
    table: str = INSTITUTIONS,
) -> Columns:
    """Find the heading and match it. Refused when no column is the name, or the mapping names what is not there."""
    known = _headings(law, table)
    given, defaults = _mapping(mapping, law, table)
    found = [
        (len(_fields(row, known, given)), -number) for number, row in enumerate(grid[:SEARCHED])
    ]
    best = max((one for one in found if one[0]), default=None)
    headings = [names.clean(cell) for cell in grid[-best[1]]] if best else []
    while headings and not headings[-1]:
        headings.pop()
    fields = _fields(headings, known, given)
    missing = sorted(set(given) - set(headings))
    if missing:
        raise Refused(f"映射文件中的列“{'、'.join(missing)}”在文件里不存在。", cure="请核对列名。")
    essential = ESSENTIAL.get(table, "name")
    if essential not in fields:
        cure = f"请核对表头，或者用映射文件指定：columns: {{您的列名: {essential}}}。"
        label = next(row.label for row in _rows(law, table) if row.key == essential)
        raise Refused(f"没有找到“{label}”列。", cure=cure)
    taken = set(fields.values())
    unused = [heading for index, heading in enumerate(headings) if heading and index not in taken]
    return Columns(-best[1] if best else 0, headings, fields, defaults, unused, table)


def _fields(
    headings: list[str], known: Mapping[str, list[str]], given: Mapping[str, str]
) -> dict[str, int]:
    """Named columns first; then each field takes the heading it prefers among those left."""
    cells = [names.clean(cell) for cell in headings]
    fields = {given[cell]: index for index, cell in enumerate(cells) if cell in given}
    free = {
        _plain(cell): index
        for index, cell in reversed(list(enumerate(cells)))
        if cell and cell not in given
    }
    for name, words in known.items():
        if name in fields:
            continue
        index = next((free[word] for word in words if word in free), None)
        if index is not None and index not in fields.values():
            fields[name] = index
    return fields


def _plain(heading: str) -> str:
    return _MARKS.sub("", names.clean_name(heading)).casefold()


def _rows(law: Law, table: str) -> tuple[Row, ...]:
    """The fields of what is imported, with their headings."""
    if table == PEOPLE:
        return law.table("practitioner_columns")
    if table == STATEMENTS:
        return law.table("statement_columns")
    return law.table("institution_columns")


@lru_cache(maxsize=16)
def _headings(law: Law, table: str) -> dict[str, list[str]]:
    rows = _rows(law, table)
    return {row.key: [_plain(word) for word in (row.label, *row.extra["headings"])] for row in rows}


def _mapping(
    mapping: Mapping[str, Any] | None, law: Law, table: str
) -> tuple[dict[str, str], dict[str, str]]:
    """`columns: {heading: field}` and `defaults: {field: text}`; a field by its key or its label."""
    if not mapping:
        return {}, {}
    if set(mapping) - {"columns", "defaults"} or not all(
        isinstance(part, dict) for part in mapping.values()
    ):
        raise Refused(
            "映射文件只能有 columns 和 defaults 两段。", cure="例：columns: {单位名: name}。"
        )
    known = {word: row.key for row in _rows(law, table) for word in (row.key, row.label)}
    asked = [*mapping.get("columns", {}).values(), *mapping.get("defaults", {})]
    unknown = sorted({str(name) for name in asked} - set(known))
    if unknown:
        raise Refused(
            f"映射文件中的字段“{'、'.join(unknown)}”不存在。",
            cure=f"可用字段：{'、'.join(known)}。",
        )
    columns = {
        names.clean(str(heading)): known[name]
        for heading, name in mapping.get("columns", {}).items()
    }
    return columns, {known[name]: str(text) for name, text in mapping.get("defaults", {}).items()}
