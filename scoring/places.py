"""Every number of a scheme that may be tried otherwise: its path, what it is called, what it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.operators import (
    AsIs,
    Award,
    Deduct,
    Earned,
    Flag,
    Ladder,
    Linear,
    Operator,
    Piecewise,
    said,
)
from scoring.scheme import Item, Scheme

WEIGHTS, LINES, VETOES, CURVES = "维度权重", "等级分数线", "一票否决", "指标计分办法"
PARAMETERS, LIMITS, BOTTOM = "算式和条件中的数", "加减分和总分的上下限", "末位"
EVENTS, USES = "信用信息计多久", "等级的用途"
ON, OFF = "on", "off"
FIELDS = {
    "full": "满分", "per": "每{unit}计", "cap": "最多计", "threshold": "得0分的界限", "target": "得满分的界限",
    "when_true": "是得分", "when_false": "否得分", "otherwise": "其余得分",
}  # fmt: skip
OF_RULE = {
    Deduct: ("full", "per", "cap"),
    Award: ("per", "cap"),
    Linear: ("threshold", "target", "full"),
    Flag: ("when_true", "when_false"),
    AsIs: ("full",),
    Earned: ("full",),
}


@dataclass(frozen=True)
class Place:
    """`value` as it would be typed; `options`: the words to choose from where it is no number."""

    path: str
    label: str
    group: str
    value: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        return dict(self.options).get(self.value, self.value) or "不写"


def places(scheme: Scheme) -> list[Place]:
    """In the order in which a page shows them."""
    return [
        *_weights(scheme),
        *_lines(scheme),
        *_vetoes(scheme),
        *_items(scheme),
        *_parameters(scheme),
        *_limits(scheme),
        *_bottom(scheme),
        *_events(scheme),
        *_uses(scheme),
    ]


def number(path: str, label: str, group: str, value: float | None) -> Place:
    return Place(path, label, group, "" if value is None else said(value))


def _weights(scheme: Scheme) -> Iterator[Place]:
    if scheme.combine.method != "weighted_mean":
        return
    for domain in scheme.domains:
        yield number(f"domains.{domain.key}.weight", domain.label, WEIGHTS, domain.weight)


def _lines(scheme: Scheme) -> Iterator[Place]:
    for grade in scheme.grades[:-1]:
        yield number(f"grades.{grade.key}.at_least", grade.label, LINES, grade.at_least)


def _vetoes(scheme: Scheme) -> Iterator[Place]:
    for veto in scheme.vetoes:
        switch = ((ON, "执行"), (OFF, "不执行"))
        yield Place(f"vetoes.{veto.key}", veto.label, VETOES, ON, switch)


def _items(scheme: Scheme) -> Iterator[Place]:
    parts: list[tuple[str, Item]] = [(f"indicators.{item.key}", item) for item in scheme.indicators]
    parts += [(f"{name}.items.{item.key}", item) for name, item in scheme.extras]
    for path, item in parts:
        for field, label, value in curve(item.rule, scheme.unit_of(item)):
            yield number(f"{path}.rule.{field}", f"{item.label}：{label}", CURVES, value)
        yield from _weight(path, item)


def _weight(path: str, item: Item) -> Iterator[Place]:
    weight = getattr(item, "weight", None)
    if weight is not None:
        yield number(f"{path}.weight", f"{item.label}：权重", CURVES, weight)


def curve(rule: Operator, unit: str) -> Iterator[tuple[str, str, float | None]]:
    """Field, what it is called, its number: every number of a curve."""
    for field in OF_RULE.get(type(rule), ()):
        yield field, FIELDS[field].format(unit=unit or "单位"), getattr(rule, field)
    if isinstance(rule, Ladder):
        yield from _rungs(rule)
    if isinstance(rule, Piecewise):
        for n, (value, points) in enumerate(rule.corners):
            yield f"corners.{n}.0", f"第{n + 1}点的数值", value
            yield f"corners.{n}.1", f"第{n + 1}点的得分", points


def _rungs(rule: Ladder) -> Iterator[tuple[str, str, float | None]]:
    for n, rung in enumerate(rule.steps):
        bound = "at_most" if rung.at_least is None else "at_least"
        word = "不高于" if bound == "at_most" else "不低于"
        yield f"steps.{n}.{bound}", f"第{n + 1}档{word}", getattr(rung, bound)
        yield f"steps.{n}.points", f"第{n + 1}档得分", rung.points
    yield "otherwise", FIELDS["otherwise"], rule.otherwise


def _parameters(scheme: Scheme) -> Iterator[Place]:
    for one in scheme.parameters:
        unit = f"（{one.unit}）" if one.unit else ""
        yield number(f"parameters.{one.name}.value", f"{one.label}{unit}", PARAMETERS, one.value)


def _limits(scheme: Scheme) -> Iterator[Place]:
    for name, label, part in (("bonus", "加分", scheme.bonus), ("malus", "减分", scheme.malus)):
        if part:
            yield number(f"{name}.cap", f"{label}合计最多", LIMITS, part.cap)
    combine = scheme.combine
    if combine.method == "sum":
        yield number("combine.base", "基准分", LIMITS, combine.base)
    yield number("combine.floor", "总分最低", LIMITS, combine.floor)
    yield number("combine.ceiling", "总分最高", LIMITS, combine.ceiling)


def _bottom(scheme: Scheme) -> Iterator[Place]:
    rule = scheme.elimination
    yield number("elimination.percent", "每组末位比例（%）", BOTTOM, rule.percent if rule else 0.0)
    yield Place(
        "elimination.ties",
        "并列而跨过末位线的",
        BOTTOM,
        rule.ties if rule else "spare",
        (("spare", "一律不列入"), ("take", "一律列入")),
    )


def _events(scheme: Scheme) -> Iterator[Place]:
    """How long an event counts, and from which month on with which share; undated ones count without end."""
    for source in scheme.sources:
        for tally in source.tallies:
            path = f"sources.{source.name}.tallies.{tally.column}"
            if tally.months:
                yield number(f"{path}.months", f"{tally.label}：有效月数", EVENTS, tally.months)
            for n, step in enumerate(tally.fading):
                where, what = f"{path}.fading.{n}", f"{tally.label}：第{n + 1}次减轻"
                yield number(f"{where}.from_month", f"{what}，满多少个月", EVENTS, step.from_month)
                yield number(f"{where}.share", f"{what}，所计份额", EVENTS, step.share)


def _uses(scheme: Scheme) -> Iterator[Place]:
    """What each grade leads to, day by day."""
    for key, use in scheme.uses.items():
        for day, values in sorted(use.values.items()):
            for grade in scheme.grades:
                path = f"uses.{key}.values.{day}.{grade.key}"
                label = f"{use.label}（{day} 起）：{grade.label}"
                value = values[grade.key]
                if isinstance(value, str):
                    yield Place(path, label, USES, value, tuple(use.choices.items()))
                else:
                    yield number(path, f"{label}（%）", USES, value)
