"""事实更正: what may be put in the place of a frozen fact, and the facts with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, Protocol

from rules.refusal import Refused

FLAGS = {"是": True, "否": False}
COUNTED = {
    "件",
    "人",
    "人次",
    "份",
    "天",
    "家",
    "条",
    "次",
    "级",
    "项",
}  # there is no half of these
LARGEST = 10**9


class FactShape(Protocol):
    """What is asked of a fact of a scheme."""

    @property
    def column(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def unit(self) -> str: ...


def fact_of(facts: Iterable[Any], column: str) -> Any:
    """The fact of this column; refused for a column the scheme does not read."""
    found = next((fact for fact in facts if fact.column == column), None)
    if found is None:
        raise Refused("请选择有误的事实。", cure="只能更正评价方案所用的事实。")
    return found


def value(fact: FactShape, typed: str) -> Any:
    """What was typed as the scheme's type; nothing typed means that nothing is known."""
    word = typed.strip()
    if not word:
        return None
    if fact.type == "flag":
        if word not in FLAGS:
            raise Refused(f"“{fact.label}”请填写是或者否。")
        return FLAGS[word]
    if fact.type == "number":
        return _number(fact.label, word, fact.unit)
    if fact.type == "date":
        return _day(fact.label, word)
    return word


def _number(label: str, word: str, unit: str) -> int | float:
    try:
        number = float(word)
    except ValueError:
        raise Refused(f"“{label}”请填写数字。") from None
    if not isfinite(number) or not 0 <= number <= LARGEST:
        raise Refused(f"“{label}”请填写 0 以上、不超过 {LARGEST} 的数字。")
    if unit in COUNTED and not number.is_integer():
        raise Refused(f"“{label}”按{unit}计数，请填写整数。")
    return int(number) if number.is_integer() else number


def _day(label: str, word: str) -> str:
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        raise Refused(f"“{label}”请填写日期，例如 2026-01-31。") from None


def check(label: str, before: Any, after: Any, reason: str, evidence: str) -> None:
    """Refused when nothing would change, or without reason and evidence."""
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        raise Refused(f"“{label}”更正前后相同。", cure="请核对正确的数。")
    if not reason.strip() or not evidence.strip():
        raise Refused("更正事实须写明理由和证据。", cure="请写明证据的名称或者文号。")


def corrected(
    facts: Sequence[Mapping[str, Any]], key: str, changes: Mapping[tuple[str, str], Any]
) -> list[dict[str, Any]]:
    """The facts with other values where `changes` (subject as text, column) says so; the order stays."""
    return [
        {name: changes.get((str(row[key]), name), found) for name, found in row.items()}
        for row in facts
    ]
