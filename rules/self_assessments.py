"""自评: when it may be handed in, and what is kept of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.lifecycle import CycleState
from rules.refusal import Refused


@dataclass(frozen=True)
class OwnFact:
    """One frozen fact of an institution: `found` as people read it, empty where nothing is recorded."""

    fact: str
    label: str
    unit: str
    found: str


def is_open(state: str, until: date | None, on: date) -> bool:
    return state == CycleState.SELF_ASSESSING and until is not None and on <= until


def require_open(state: str, until: date | None, on: date) -> None:
    if not is_open(state, until, on):
        raise Refused(
            "自评的期限已经结束。" if until else "本次评价不组织自评。",
            cure="对结果有异议的，可以在公示期间提出。",
        )


def require_over(state: str, until: date | None, on: date, *, missing: int) -> None:
    """The rating is worked out when the period is over, or when everybody has answered."""
    if is_open(state, until, on) and missing:
        raise Refused(f"自评到 {until} 结束，还有 {missing} 家没有提交。", cure="请在期满后测算。")


def items(facts: Sequence[OwnFact], stated: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Only what differs from what was found. Refused without a reason for the difference."""
    found = []
    for fact in facts:
        word, remark = (part.strip() for part in stated.get(fact.fact, ("", "")))
        if not word or word == fact.found:
            continue
        if not remark:
            raise Refused(f"“{fact.label}”与系统记录不同，请写明理由和证据。")
        found.append(
            {"fact": fact.fact, "label": fact.label, "found": fact.found, "stated": word[:64],
             "remark": remark[:300]}
        )  # fmt: skip
    return found
