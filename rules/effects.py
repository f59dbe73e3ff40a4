"""还会影响谁: what may be decided about each one who is hit, and whether the approval still sees what was looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from rules.refusal import Refused
from rules.words import Labelled

LOOK_AGAIN = "请重新核对影响范围，逐项决定后再批准。"


class Choice(Labelled):
    """`letter`: another agency has to act and is told; `exempt`: nothing follows, for a written reason."""

    FOLLOW = "follow", "同时处理"
    LETTER = "letter", "发函通报"
    EXEMPT = "exempt", "不同时处理"


@dataclass(frozen=True)
class Line:
    """One who is hit. `own`: our agreement ends with the measure; else another agency has to be told."""

    key: str
    name: str
    relation: str
    effect: str
    own: bool
    choice: Choice | None = None
    reason: str = ""


def choices(own: bool) -> list[Choice]:
    """What may be decided: we end our own agreements, and write to others about theirs."""
    return [Choice.FOLLOW if own else Choice.LETTER, Choice.EXEMPT]


def digest(lines: Iterable[Line]) -> str:
    """What was looked at, in 16 signs: who is hit, by which relation, with which effect."""
    plain = sorted(f"{line.key}|{line.relation}|{line.effect}" for line in lines)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()[:16]


def check_choice(line: Line, choice: Choice, reason: str) -> None:
    """Refused for a choice the line does not offer, and without the reason or the addressee."""
    if choice not in choices(line.own):
        offered = "、".join(one.label for one in choices(line.own))
        raise Refused(f"“{line.name}”不能选择{choice.label}。", cure=f"可以选择：{offered}。")
    if choice is Choice.LETTER and not reason.strip():
        raise Refused("发函通报须写明收函的经办机构。")
    if choice is Choice.EXEMPT and not reason.strip():
        raise Refused("不同时处理的，须写明理由。", cure="请写明事实和依据。")


def check_settled(kept: Iterable[Line], now: Iterable[Line]) -> None:
    """Refused when the set changed since it was looked at, or a line has no decision."""
    kept, now = list(kept), list(now)
    if digest(kept) != digest(now):
        raise Refused(f"影响范围在核对以后发生了变化：{changes(kept, now)}。", cure=LOOK_AGAIN)
    open_ones = [line.name for line in kept if line.choice is None]
    if open_ones:
        names = "、".join(open_ones)
        raise Refused(
            f"还有 {len(open_ones)} 项影响没有决定：{names}。",
            cure="请经办或者复核人员在“还会影响谁”中逐项决定。",
        )


def changes(kept: Iterable[Line], now: Iterable[Line]) -> str:
    """In words: who came, who is gone, whose relation is another."""
    before, after = {line.key: line for line in kept}, {line.key: line for line in now}
    words = [f"新增{after[key].name}" for key in after if key not in before]
    words += [f"{before[key].name}不再受影响" for key in before if key not in after]
    words += [
        f"{after[key].name}的关系或者影响有变"
        for key in after
        if key in before
        and (before[key].relation, before[key].effect) != (after[key].relation, after[key].effect)
    ]
    return "、".join(words)
