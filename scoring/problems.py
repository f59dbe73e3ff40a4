"""What checks of a scheme share: the finding itself, names that must exist, and SQL that must make sense."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from scoring.facts import TYPES
from scoring.formula import columns_of, outcome
from scoring.scheme import Scheme

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    where: Path
    why: str
    cure: str


def columns(scheme: Scheme) -> list[str]:
    """Every column the parts after the steps may read."""
    counted = [tally.column for tally in scheme.tallies]
    named = [one.name for one in scheme.parameters]
    return [*scheme.fact_columns, *counted, *named, *(step.name for step in scheme.steps)]


def known_name(
    where: Path, name: str | None, known: Collection[str], what: str
) -> Iterator[Problem]:
    if name is None or name in known:
        return
    close = difflib.get_close_matches(name, list(known), n=1)
    cure = f"是否应为 {close[0]}" if close else f"可用的有：{'、'.join(known)}"
    yield Problem(where, f"{what}“{name}”没有定义", cure)


def sql_problems(
    where: Path, sql: str, wanted: str, types: Mapping[str, pl.DataType]
) -> Iterator[Problem]:
    """`wanted`: number or condition."""
    try:
        unknown = [
            p for name in columns_of(sql) for p in known_name(where, name, types, "算式用到的列")
        ]
        found = None if unknown else outcome(sql, {name: types[name] for name in columns_of(sql)})
    except ValueError as error:
        yield Problem(
            where,
            str(error),
            "按 SQL 表达式书写列之间的算术、比较和 CASE；含空格或与 SQL 关键字同名的列名加双引号",
        )
        return
    yield from unknown
    if found is not None and wanted == "condition" and found != pl.Boolean:
        yield Problem(where, f"“{sql}”不是一个成立或不成立的条件", "写成比较，如 count > 0")
    if found is not None and wanted == "number" and not (found.is_numeric() or found == pl.Boolean):
        yield Problem(where, f"“{sql}”算出来的不是数", "改成得出数字或是否的算式")


def types_of(scheme: Scheme, names: Sequence[str]) -> dict[str, pl.DataType]:
    """Key columns hold names; steps and counts hold numbers."""
    types = {fact.column: TYPES[fact.type] for fact in scheme.facts}
    keys = dict.fromkeys(scheme.key_columns, pl.String())
    return {name: types.get(name) or keys.get(name) or pl.Float64() for name in names}
