"""A slow scorer in exact fractions, written apart from the engine: what the engine must equal on any facts."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NUMBERS = ("violations_confirmed", "violations_open", "suspension_days", "practitioner_points",
           "practitioners_stopped", "rectifications_overdue", "late_filings", "supplement_rounds", "violation_amount",
           "money_overdue", "inspections", "inspections_failed", "pledges_breached")  # fmt: skip
VETOES = {
    "agreement_terminated": lambda f: f["agreement_terminated"],
    "fraud_found": lambda f: f["fraud_found"],
    "blacklisted": lambda f: f["blacklisted"],
    "penalty_unperformed": lambda f: f["penalty_unperformed"],
    "half_stopped": lambda f: f["stopped_share"] is not None and f["stopped_share"] >= 50,
    "suspended": lambda f: f["suspension_days"] > 0,
}


def exact(number):
    return None if number is None else Fraction(str(number))


def divided(top, bottom):
    return None if top is None or not bottom else Fraction(top) / bottom


def completed(row):
    f = {
        name: exact(value) if type(value) in (int, float) else value for name, value in row.items()
    }
    f |= {name: f[name] or Fraction(0) for name in NUMBERS}
    f |= {name: bool(f[name]) for name in list(VETOES)[:4]}
    f["points_per_head"] = divided(f["practitioner_points"], f["practitioners"])
    f["stopped_share"] = divided(100 * f["practitioners_stopped"], f["practitioners"])
    failed = f["evaluation_items_failed"]
    f["failed_share"] = divided(None if failed is None else 100 * failed, f["evaluation_items"])
    f["found_share"] = divided(100 * f["inspections_failed"], f["inspections"])
    f["violation_ten_thousands"] = f["violation_amount"] / 10000
    f["overdue_ten_thousands"] = f["money_overdue"] / 10000
    return f


def curve(rule, raw):
    name = rule.operator
    if name == "deduct":
        cap = rule.full if rule.cap is None else rule.cap
        return exact(rule.full) - min(max(raw, 0) * exact(rule.per), exact(cap))
    if name == "award":
        return min(max(raw, 0) * exact(rule.per), exact(rule.cap))
    if name == "flag":
        return exact(rule.when_true if raw else rule.when_false)
    if name == "linear":
        share = (raw - exact(rule.threshold)) / (exact(rule.target) - exact(rule.threshold))
        return min(max(share, Fraction(0)), Fraction(1)) * exact(rule.full)
    assert name == "ladder"
    held = (r.points for r in rule.steps if reached(r, raw))
    return exact(next(held, rule.otherwise))


def reached(rung, raw):
    return raw >= exact(rung.at_least) if rung.at_most is None else raw <= exact(rung.at_most)


def points(item, facts):
    if item.kinds and facts["family"] not in item.kinds:
        return None
    raw = facts[item.fact]
    if raw is not None:
        return curve(item.rule, Fraction(raw))
    return exact(item.points_when_missing)


def score(scheme, facts):
    top = bottom = Fraction(0)
    for domain in scheme.domains:
        found = [(i, points(i, facts)) for i in scheme.indicators if i.domain == domain.key]
        found = [(i, p) for i, p in found if p is not None]
        if found:
            full = sum(exact(i.rule.full) for i, _ in found)
            top += exact(domain.weight) * sum(p for _, p in found) / full
            bottom += exact(domain.weight)
    bonus = sum(points(i, facts) or 0 for i in scheme.bonus.items if facts[i.fact] is not None)
    malus = sum(points(i, facts) or 0 for i in scheme.malus.items if facts[i.fact] is not None)
    value = (
        100 * top / bottom
        + min(bonus, exact(scheme.bonus.cap))
        - min(malus, exact(scheme.malus.cap))
    )
    value = min(max(value, Fraction(0)), Fraction(100))
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade(scheme, facts, value):
    keys = [g.key for g in scheme.grades]
    reached = next(g.key for g in scheme.grades if g.at_least is None or value >= exact(g.at_least))
    for veto in scheme.vetoes:
        if VETOES[veto.key](facts):
            if veto.grade:
                return veto.grade
            reached = max(reached, veto.cap, key=keys.index)
    return reached


def rated(scheme, rows):
    """[(score, grade, rank)] in the order of the rows; the better-placed in the same peer group are counted."""
    keys = [g.key for g in scheme.grades]
    found = []
    for row in rows:
        facts = completed(row)
        value = score(scheme, facts)
        found.append((row["peer_group"], keys.index(grade(scheme, facts, value)), -value))
    ahead = [sum(o[0] == own[0] and o[1:] < own[1:] for o in found) for own in found]
    return [(-f[2], keys[f[1]], n + 1) for f, n in zip(found, ahead, strict=True)]
