"""核对 before grades are published: what of a rating a reviewer should look at first. Nothing follows from it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.cycle_decisions import FAMILY
from rules.words import Labelled


class Anomaly(Labelled):
    """In the order in which they are looked at."""

    OBJECTION = "objection", "异议在办", "due"
    VETO = "veto", "一票否决", "over"
    LEAP = "leap", "变动较大", "due"
    EDGE = "edge", "临近分数线", "soon"
    BOTTOM = "bottom", "末位", "soon"
    GAP = "gap", "缺少数据", "na"


@dataclass(frozen=True)
class Limits:
    """From how much on a move is large, and how near a line is near; shares in percent of the whole score."""

    grades: int
    leap: int
    edge: int


def limits(day: date) -> Limits:
    law = regulations.at(day, FAMILY)
    return Limits(
        law.credit.leap_grades.value, law.credit.leap_share.value, law.credit.edge_share.value
    )


@dataclass(frozen=True)
class Rated:
    """One rating as a reviewer sees it.

    `moved`: grades downwards since the time before, None the first time. `lines`: the scores at which a grade begins;
    `span`: from the least to the most a score can be; `before`: the score of the time before.
    """

    score: float
    before: float | None = None
    moved: int | None = None
    span: float = 100
    lines: Sequence[float] = ()
    vetoes: Sequence[str] = ()
    gaps: Sequence[str] = ()
    objected: bool = False
    bottom: str = ""


def found(one: Rated, limits: Limits) -> dict[Anomaly, str]:
    """Every anomaly of this rating with what it is about, in the order in which they are looked at."""
    said = {
        Anomaly.OBJECTION: "已受理或者待受理" if one.objected else "",
        Anomaly.VETO: "、".join(one.vetoes),
        Anomaly.LEAP: _leap(one, limits),
        Anomaly.EDGE: _edge(one, limits),
        Anomaly.BOTTOM: one.bottom,
        Anomaly.GAP: "、".join(one.gaps),
    }
    return {anomaly: words for anomaly, words in said.items() if words}


def _leap(one: Rated, limits: Limits) -> str:
    if one.moved is None or one.before is None:
        return ""
    step = round(one.score - one.before, 3)
    words = []
    if abs(one.moved) >= limits.grades:
        words.append(f"等级{'下降' if one.moved > 0 else '上升'}{abs(one.moved)}级")
    if 100 * abs(step) >= limits.leap * one.span:
        words.append(f"得分{'下降' if step < 0 else '上升'}{abs(step):g}分")
    return "，".join(words)


def _edge(one: Rated, limits: Limits) -> str:
    """The nearest line, where it is nearer than the limit: on it, just above it or just below it."""
    line = min(one.lines, key=lambda line: abs(one.score - line), default=None)
    if line is None or 100 * abs(one.score - line) >= limits.edge * one.span:
        return ""
    step = round(one.score - line, 3)
    if not step:
        return f"正在{line:g}分线上"
    return f"{'高出' if step > 0 else '低于'}{line:g}分线{abs(step):g}分"
