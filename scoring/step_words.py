"""The workings of a scheme in sentences: steps, rounding, what is counted from lists of events, the bottom."""

from __future__ import annotations

import re

from scoring.operators import Earned, Operator, said
from scoring.scheme import Item, Scheme
from scoring.sources import Source, Tally
from scoring.sql_words import said_sql
from scoring.steps import Rounding, Step
from scoring.works import Work

BOTTOM_TIES = {
    "spare": "名次并列而跨过末位线的，一律不列入，另行标明",
    "take": "名次并列而跨过末位线的，一律列入",
}
ROUNDING = {"half_up": "四舍五入", "half_even": "四舍六入、逢五取双", "down": "截去尾数"}


def step_words(step: Step, scheme: Scheme) -> str:
    """How the step comes to its number, columns called by their labels."""
    labels = scheme.labels

    def name(column: str) -> str:
        return labels.get(column, column)

    if isinstance(step.rule, Work):
        how = step.rule.words(name)
    else:
        how = f"“{name(step.fact)}”" if step.fact else said_sql(step.sql or "", labels)
        how += f"：{_curve(step.rule, step, scheme)}" if step.rule else ""
    if set(step.says) == {0, 1}:
        return f"{how}；成立的为“{step.says[1]}”，不成立的为“{step.says[0]}”"
    says = "、".join(f"{said(number)}写作“{word}”" for number, word in step.says.items())
    parts = (how, rounding_words(step.rounding), says)
    return "；".join(part for part in parts if part)


def _curve(rule: Operator, step: Step, scheme: Scheme) -> str:
    """A curve speaks of points; a step may give stars or percent instead."""
    words = rule.words(scheme.units.get(step.fact or "", ""))
    return re.sub(r"(?<=\d)分", step.unit, words) if step.unit else words


def item_words(item: Item, scheme: Scheme) -> str:
    """The curve of an indicator, a bonus or a malus."""
    if isinstance(item.rule, Earned):
        return f"按“{scheme.labels[item.rule.step]}”计，满分{said(item.rule.full)}分"
    return item.rule.words(scheme.unit_of(item))


def rounding_words(rounding: Rounding | None) -> str:
    if rounding is None:
        return ""
    places = f"保留{rounding.digits}位小数" if rounding.digits else "取整数"
    return f"{ROUNDING[rounding.mode]}，{places}"


def step_rows(scheme: Scheme) -> tuple[tuple[str, ...], ...]:
    """Label, unit, working, basis, note: one row per step, in their order."""
    return tuple(
        (step.label, step.unit, step_words(step, scheme), step.basis, step.note)
        for step in scheme.steps
    )  # fmt: skip


def tally_rows(scheme: Scheme) -> tuple[tuple[str, ...], ...]:
    """Label, list, way of counting, day, meaning."""
    return tuple(
        (tally.label, source.label, _tally_words(tally, source), _day(tally, scheme), tally.meaning)
        for source in scheme.sources
        for tally in source.tallies
    )


def _tally_words(tally: Tally, source: Source) -> str:
    labels = {fact.column: fact.label for fact in source.facts}
    return tally.words(labels, said_sql(tally.where, labels) if tally.where else "")


def _day(tally: Tally, scheme: Scheme) -> str:
    if isinstance(tally.as_of, str):
        return scheme.labels[tally.as_of]
    return str(tally.as_of or "")


def bottom_words(scheme: Scheme) -> str:
    """The rule as it is stated beside the list; nothing for a scheme without one."""
    rule = scheme.elimination
    if rule is None or not rule.percent:
        return ""
    within = "、".join(scheme.labels[name] for name in scheme.bottom_within)
    who = f"每一{within}" if within else "全部对象"
    return (
        f"按{who}已评定等级的家数的{said(rule.percent)}%（取整数部分）从最后一名往前数；{BOTTOM_TIES[rule.ties]}。"
        f"末位只作模拟，不改变等级；列入的{rule.effect}，由人依法决定"
    )
