"""Evaluation: who must sit in the team, and what the signed opinions add up to (令3 Art 8, 令2 Art 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused


@dataclass(frozen=True)
class ItemResult:
    key: str
    name: str
    basis: str
    passed: bool
    remark: str


def require_specialties(present: Iterable[str], law: regulations.Law) -> None:
    """Refused unless every specialty that must sit in the team does."""
    given = set(present)
    missing = [row for row in law.table("evaluation_specialties") if row.key not in given]
    if missing:
        names = "、".join(row.label for row in missing)
        raise Refused(
            f"评估组缺少{names}方面的人员。",
            basis=missing[0].basis,
            cure="请补充相应专业的人员后再开始评估。",
        )


def add_up(
    opinions: Sequence[Mapping[str, Mapping[str, object]]], law: regulations.Law
) -> list[ItemResult]:
    """Item by item: met only when no member found it wanting; the remarks of those who did are kept.

    An opinion maps item key → {"passed": bool, "remark": str}.
    """
    results = []
    for row in law.table("evaluation_items"):
        found = [opinion[row.key] for opinion in opinions]
        remarks = "；".join(dict.fromkeys(str(one["remark"]) for one in found if one["remark"]))
        passed = all(bool(one["passed"]) for one in found)
        results.append(ItemResult(row.key, row.label, row.basis, passed, remarks))
    return results


def items(kind: str, *, on: date) -> tuple[regulations.Row, ...]:
    """What is looked at, item by item, by the law of the day the evaluation began."""
    return regulations.at(on, kind).table("evaluation_items")


def specialty_labels(kind: str, *, on: date) -> dict[str, str]:
    """The specialties that must sit in the team, by key."""
    return {row.key: row.label for row in regulations.at(on, kind).table("evaluation_specialties")}
