"""Evaluation: who must sit in the team, and what the signed opinions add up to (令3 Art 8, 令2 Art 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused

SECOND_FAIL = "second_fail"  # the ground of the ban that follows a second failed evaluation


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


def require_answer(row: regulations.Row, answer: Mapping[str, object] | None) -> None:
    """Refused for an item left open, for a fail that says nothing, and for a score beyond what a local text allows."""
    if answer is None or answer.get("passed") is None:
        raise Refused(
            f"“{row.label}”没有评估结论。",
            basis=row.basis,
            cure="请对每一项选择符合或者不符合。",
        )
    if not answer["passed"] and not str(answer.get("remark") or "").strip():
        raise Refused(
            f"“{row.label}”不符合的，须写明问题。",
            basis=row.basis,
            cure="请写明不符合之处，作为整改建议的依据。",
        )
    full, score = full_score(row), answer.get("score")
    if full is None or score in (None, ""):
        return
    if not isinstance(score, int) or not 0 <= score <= full:
        raise Refused(f"“{row.label}”的分值应在 0 到 {full} 之间。")


def full_score(row: regulations.Row) -> int | None:
    """The highest score a local text gives this item; the orders know none, and no score decides anything."""
    full = row.extra.get("full")
    return full if isinstance(full, int) else None


@dataclass(frozen=True)
class Spread:
    """How the members saw one item, after all have signed: what each said, in the order they sit."""

    key: str
    name: str
    basis: str
    said: tuple[bool, ...]
    remarks: tuple[str, ...]
    scores: tuple[int | None, ...]

    @property
    def divided(self) -> bool:
        return len(set(self.said)) > 1


def spread(
    opinions: Sequence[Mapping[str, Mapping[str, object]]], law: regulations.Law
) -> list[Spread]:
    """Item by item, where the members agree and where they do not."""
    return [
        Spread(
            row.key,
            row.label,
            row.basis,
            tuple(bool(opinion[row.key]["passed"]) for opinion in opinions),
            tuple(str(opinion[row.key].get("remark") or "") for opinion in opinions),
            tuple(_score(opinion[row.key].get("score")) for opinion in opinions),
        )
        for row in law.table("evaluation_items")
        if all(row.key in opinion for opinion in opinions)  # an item added later was never asked
    ]


def _score(given: object) -> int | None:
    return given if isinstance(given, int) else None


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
