"""The county's scheme as a first version would work it out: one institution after the other, plain Python.

Written apart from the engine; it is only ever measured, and its grades are compared with the engine's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.operators import Award, Deduct, Flag, Ladder, Linear, Operator
from scoring.scheme import Indicator, Item, Scheme

Facts = dict[str, Any]


def rated(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[float, str, int]]:
    """Institution → score, grade, rank in its group."""
    found, groups = {}, defaultdict(list)
    order = [grade.key for grade in scheme.grades]
    for row in rows:
        facts = completed(scheme, row)
        value = score(scheme, facts)
        grade = graded(scheme, facts, value, order)
        found[row["institution"]] = (value, grade)
        groups[row["peer_group"]].append((order.index(grade), -value, row["institution"]))
    places = {}
    for members in groups.values():
        for place, member in enumerate(sorted(members), 1):
            places[member[2]] = place
    return {key: (*result, places[key]) for key, result in found.items()}


def completed(scheme: Scheme, row: Mapping[str, Any]) -> Facts:
    facts = dict(row)
    for fact in scheme.facts:
        if facts.get(fact.column) is None:
            facts[fact.column] = fact.default
    heads, items = facts["practitioners"], facts["evaluation_items"]
    failed = facts["evaluation_items_failed"]
    facts["points_per_head"] = facts["practitioner_points"] / heads if heads else None
    facts["stopped_share"] = facts["practitioners_stopped"] * 100 / heads if heads else None
    facts["failed_share"] = failed * 100 / items if items and failed is not None else None
    checks, found = facts["inspections"], facts["inspections_failed"]
    facts["found_share"] = found * 100 / checks if checks else None
    facts["violation_ten_thousands"] = facts["violation_amount"] / 10000
    facts["overdue_ten_thousands"] = facts["money_overdue"] / 10000
    return facts


def points(item: Item, facts: Facts) -> float | None:
    if item.kinds and facts["family"] not in item.kinds:
        return None
    raw = facts[item.fact or ""]
    if raw is None:
        return item.points_when_missing if isinstance(item, Indicator) else 0.0
    return _curve(item.rule, raw)


def _curve(rule: Operator, raw: Any) -> float:
    if isinstance(rule, Deduct):
        cap = rule.full if rule.cap is None else rule.cap
        return rule.full - min(max(raw, 0) * rule.per, cap)
    if isinstance(rule, Award):
        return min(max(raw, 0) * rule.per, rule.cap)
    if isinstance(rule, Flag):
        return rule.when_true if raw else rule.when_false
    if isinstance(rule, Linear):
        share = (raw - rule.threshold) / (rule.target - rule.threshold)
        return min(max(share, 0.0), 1.0) * rule.full
    return _rung(rule, raw) if isinstance(rule, Ladder) else 0.0


def _rung(rule: Ladder, raw: float) -> float:
    for rung in rule.steps:
        if rung.at_most is not None and raw <= rung.at_most:
            return rung.points
        if rung.at_least is not None and raw >= rung.at_least:
            return rung.points
    return rule.otherwise


def score(scheme: Scheme, facts: Facts) -> float:
    top = weights = 0.0
    for domain in scheme.domains:
        got = full = 0.0
        for item in scheme.indicators:
            value = points(item, facts) if item.domain == domain.key else None
            if value is not None:
                got, full = got + value, full + item.rule.full
        if full:
            top, weights = top + domain.weight * got / full, weights + domain.weight
    total = 100 * top / weights
    for part, sign in ((scheme.bonus, 1), (scheme.malus, -1)):
        if part:
            extra = sum(points(item, facts) or 0.0 for item in part.items)
            total += sign * min(extra, part.cap)
    held = min(max(total, scheme.combine.floor), scheme.combine.ceiling)
    return float(Decimal(str(round(held, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


VETOES = {
    "agreement_terminated": lambda facts: facts["agreement_terminated"],
    "fraud_found": lambda facts: facts["fraud_found"],
    "blacklisted": lambda facts: facts["blacklisted"],
    "penalty_unperformed": lambda facts: facts["penalty_unperformed"],
    "half_stopped": lambda facts: (facts["stopped_share"] or 0) >= 50,
    "suspended": lambda facts: facts["suspension_days"] > 0,
}


def graded(scheme: Scheme, facts: Facts, value: float, order: list[str]) -> str:
    reached = order[-1]
    for grade in scheme.grades:
        if grade.at_least is not None and value >= grade.at_least:
            reached = grade.key
            break
    for veto in scheme.vetoes:
        if VETOES[veto.key](facts):
            if veto.grade:
                return veto.grade
            reached = max(reached, str(veto.cap), key=order.index)
    return reached
