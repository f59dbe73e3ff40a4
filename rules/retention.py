"""质量保证金: the part of a payable kept back, and what an assessment gives back of it. Pure; money in 分."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import regulations
from rules.refusal import Refused
from rules.words import Labelled

ALL, FULL_SCORE = Decimal(100), Decimal(100)


class Way(Labelled):
    """By what a release is measured."""

    LADDER = "ladder", "按考核得分阶梯"
    GRADE = "grade", "按信用等级"


@dataclass(frozen=True)
class Outcome:
    """`percent` of the retained sum that is given back; None: the leader's word within 0 to 100.

    `follows`: what the same paper adds for such a score. It is told, never done by itself.
    """

    percent: Decimal | None
    label: str
    basis: str
    confidence: str
    follows: str = ""


def portion(amount: int, percent: Decimal | int) -> int:
    """So many percent of a sum in 分, half a 分 up."""
    exact = Decimal(amount) * Decimal(percent) / ALL
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def rate(signed_on: date, family: str) -> regulations.Value:
    """The rate an agreement signed that day is under: a later change does not reach it."""
    return regulations.at(signed_on, family).deposit.rate


def withheld(payable: int, percent: int) -> int:
    """What is kept back of a payable sum. Never more than it, and nothing of less than nothing."""
    if payable < 0 or not 0 <= percent <= ALL:
        raise ValueError("a payable is not negative, a rate lies between 0 and 100")
    return portion(payable, percent)


def ladders(day: date) -> list[regulations.Row]:
    """Those that may be chosen; the one the county has chosen first."""
    rows = regulations.at(day).table("retention_ladders")
    return sorted(rows, key=lambda row: not row.extra["chosen"])


def by_score(ladder: str, score: Decimal, day: date) -> Outcome:
    """What the ladder gives for the score of the annual assessment. Refused outside 0 to 100 and for no such ladder."""
    if not 0 <= score <= FULL_SCORE:
        raise Refused("考核得分应当在0至100分之间。", cure="满分不是100分的，请先折算为百分制。")
    known = regulations.at(day).table("retention_bands")
    bands = [row for row in known if row.extra["ladder"] == ladder]
    if not bands:
        raise Refused("没有这种返还阶梯。", cure="请在列出的阶梯中选择。")
    band = max(
        (row for row in bands if row.extra["from_score"] <= score),
        key=lambda row: int(row.extra["from_score"]),
    )
    return Outcome(
        _percent(band, score), band.label, band.basis, band.confidence, band.extra["follows"]
    )


def _percent(band: regulations.Row, score: Decimal) -> Decimal | None:
    gives = band.extra["gives"]
    if gives == "judged":
        return None
    if gives == "per_point":
        lost = (Decimal(band.extra["below"]) - score) * Decimal(band.extra["per_point"])
        return max(ALL - lost, Decimal(0))
    return {"all": ALL, "none": Decimal(0), "score": score}[gives]


def settled_percent(outcome: Outcome, judged: Decimal | None) -> Decimal:
    """The percentage that holds: the ladder's own, or the leader's where it leaves him room.

    Refused without a word where one is needed, and with one where the ladder has spoken.
    """
    if outcome.percent is not None:
        if judged is not None and judged != outcome.percent:
            raise Refused(
                f"该档次的返还比例是 {said(outcome.percent)}%，不能另定。",
                basis=outcome.basis,
                cure="确需另定的，请选择其他阶梯，或者按信用等级办理。",
            )
        return outcome.percent
    if judged is None or not 0 <= judged <= ALL:
        raise Refused("该档次由经办机构酌情确定，请填写0至100之间的返还比例。", basis=outcome.basis)
    return judged


def divided(held: int, percent: Decimal) -> tuple[int, int]:
    """Given back, and kept for good: together exactly what was held."""
    if held < 0:
        raise ValueError("what is held is not negative")
    back = portion(held, percent)
    return back, held - back


def said(percent: Decimal) -> str:
    """70.00 → 70; 86.50 → 86.5"""
    return format(percent.normalize(), "f")
