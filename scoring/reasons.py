"""Why a subject's grade or rank is another by another scheme: one sentence, the weightiest cause first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.operators import said
from scoring.scheme import Scheme

Row = Mapping[str, Any]
NOISE = 0.0005


def reason(before: Row, after: Row, old: Scheme, new: Scheme) -> str:
    """Vetoes outrank lines, lines outrank points; who did not move at all was overtaken or left behind."""
    found = _vetoes(before, after, old, new)
    if not found and before["grade"] != after["grade"] and before["score"] == after["score"]:
        found = _lines(before, old, new)
    found = found or _points(before, after, old, new)
    return "；".join(found) or "本机构得分未变，同类机构的得分或者等级有变化"


def _vetoes(before: Row, after: Row, old: Scheme, new: Scheme) -> list[str]:
    was, now = _hits(before), _hits(after)
    labels = {veto.key: veto.label for veto in (*old.vetoes, *new.vetoes)}
    if before["grade"] == after["grade"]:
        return []
    return [f"不再执行一票否决“{labels[key]}”" for key in was if key not in now] + [
        f"新触及一票否决“{labels[key]}”" for key in now if key not in was
    ]


def _hits(row: Row) -> list[str]:
    return [key for key in (row["vetoes"] or "").split("、") if key]


def _lines(before: Row, old: Scheme, new: Scheme) -> list[str]:
    """Lines between the two that lie on the other side of the score now."""
    measure = before[old.graded_by or "score"]
    if measure is None:
        return []
    found = []
    for one, two in zip(old.grades, new.grades, strict=True):
        low, high = one.at_least, two.at_least
        if low is None or high is None or low == high:
            continue
        if (measure >= low) != (measure >= high):
            found.append(
                f"“{one.label}”的分数线由{said(low)}改为{said(high)}（得{said(measure)}分）"
            )
    return found


def _points(before: Row, after: Row, old: Scheme, new: Scheme) -> list[str]:
    """Among the parts that moved the way the score moved, the one that moved most; the whole where there is none."""
    was, now = before["score"], after["score"]
    if was is None or now is None or was == now:
        return []
    moves = [m for m in _moves(before, after, old, new) if (m.step > 0) == (now > was)]
    whole = f"得分由{said(was)}变为{said(now)}"
    if not moves:
        return [whole]
    most = max(moves, key=lambda move: (abs(move.step), move.label))
    sign = "增加" if most.step > 0 else "减少"
    return [
        f"{whole}，其中“{most.label}”由{_two(most.was)}变为{_two(most.now)}（{sign}{_two(abs(most.step))}）"
    ]


@dataclass(frozen=True)
class Move:
    label: str
    was: float
    now: float

    @property
    def step(self) -> float:
        return self.now - self.was


def _two(value: float) -> str:
    return said(round(value, 2))


def _moves(before: Row, after: Row, old: Scheme, new: Scheme) -> list[Move]:
    """What each part adds to the score, before and after; domains as wholes when it is their weights that changed."""
    found = [
        Move(label, _sum(before, columns, sign), _sum(after, columns, sign))
        for label, columns, sign in _parts(old, new)
    ]
    if new.combine.method == "sum":
        found.append(Move("基准分", old.combine.base, new.combine.base))
    return [move for move in found if abs(move.step) > NOISE]


def _parts(old: Scheme, new: Scheme) -> Iterator[tuple[str, list[str], int]]:
    if new.combine.method == "step":
        step = new.step(new.combine.step or "")
        yield step.label, [step.name], 1
    elif [domain.weight for domain in old.domains] != [domain.weight for domain in new.domains]:
        for domain in _either(old.domains, new.domains):
            items = (*old.in_domain(domain.key), *new.in_domain(domain.key))
            yield domain.label, list(dict.fromkeys(f"gain·{item.key}" for item in items)), 1
    else:
        for item in _either(old.indicators, new.indicators):
            yield item.label, [f"gain·{item.key}"], 1
    yield "加分", ["bonus"], 1
    yield "减分", ["malus"], -1


def _either(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """The parts of both, by key; what only one of the schemes has adds nothing in the other."""
    return list(({part.key: part for part in old} | {part.key: part for part in new}).values())


def _sum(row: Row, columns: list[str], sign: int) -> float:
    return sign * sum((row.get(name) or 0.0) for name in columns)
