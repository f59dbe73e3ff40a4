"""Bans on applying: which a termination starts, how long, and when one still stands (令3 Art 11, 令2 Art 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.clocks import add_months
from rules.refusal import Refused
from rules.words import cn

ILLEGAL, BREACH, NONE = "illegal", "breach", "none"


@dataclass(frozen=True)
class Bar:
    """One ban that a termination starts. `person`: of the office holders, else of the institution."""

    ground: str
    label: str
    basis: str
    from_on: date
    until: date
    person: bool = False
    obligation: str = ""


@dataclass(frozen=True)
class BanFacts:
    """A ban on file. `whose` says how it concerns the applicant: itself, a re-registration, a person."""

    ground: str
    basis: str
    from_on: date
    until: date
    whose: str
    obligation: str = ""
    obligation_met_on: date | None = None


def class_of(ground: regulations.Row, stated: str | None) -> str:
    """The ban class of a termination on this ground. Refused when the text leaves it open and nobody stated it."""
    proposed = str(ground.extra["ban"])
    if not ground.extra.get("ban_open"):
        return proposed
    if stated not in {ILLEGAL, BREACH, NONE}:
        raise Refused(
            f"“{ground.label}”可能属于违法违规，也可能属于违约，须明确认定后再解除。",
            basis=ground.basis,
            cure="请在决定中选择限制类别。",
        )
    return stated


def started_by(
    ground: regulations.Row,
    ban_class: str,
    *,
    effective_on: date,
    found_on: date,
    obligation: str,
    family: str,
) -> list[Bar]:
    """The bans that a termination starts on its effective day; fraud in applying counts from its discovery.

    A period of months ends with the day of the same number, that day still barred; it is not moved by rest days.
    """
    law = regulations.at(effective_on, family)
    row = next(row for row in law.table("ban_classes") if row.key == ban_class)
    months = {ILLEGAL: law.ban.terminated_illegal, BREACH: law.ban.terminated_breach}
    bars = []
    if ban_class in months:
        owed = obligation or ""
        period = months[ban_class].value
        bars.append(_bar(f"terminated_{ban_class}", row, period, effective_on, obligation=owed))
    if row.extra["person_period"]:
        bars.append(_bar("person", row, law.ban.person.value, effective_on, person=True))
    if ground.extra.get("also") and ban_class != NONE:
        bars.append(_fraud(law, ground, found_on))
    return bars


def choices(day: date, family: str) -> list[tuple[str, str]]:
    """The classes to choose from where the text leaves it open, with what each starts."""
    law = regulations.at(day, family)
    months = {
        ILLEGAL: f"，{law.ban.terminated_illegal.value} 个月内不受理申请，相关责任人 {law.ban.person.value} 个月",
        BREACH: f"，{law.ban.terminated_breach.value} 个月内不受理申请",
    }
    return [(row.key, row.label + months.get(row.key, "")) for row in law.table("ban_classes")]


def stands(ban: BanFacts, on: date) -> bool:
    """A ban ends when its period is over **and** its obligation is met; a future one does not stand yet."""
    return ban.from_on <= on and (on <= ban.until or bool(owed(ban, on)))


def ended_on(ban: BanFacts, day: date) -> date | None:
    """The first day on which it stood no longer; None while it stands on the day or did not begin."""
    if ban.from_on > day or stands(ban, day):
        return None
    met = ban.obligation_met_on if ban.obligation else None
    return max(ban.until + timedelta(days=1), met or ban.until)


def owed(ban: BanFacts, on: date) -> str:
    """What is still owed on the day, or an empty text."""
    met = ban.obligation_met_on is not None and ban.obligation_met_on <= on
    return "" if met else ban.obligation


def words(ban: BanFacts, on: date) -> tuple[str, str]:
    """What is said to the applicant: the sentence, and what ends the ban."""
    running = on <= ban.until
    still = owed(ban, on)
    text = f"{ban.whose}，限制期至{cn(ban.until)}" + ("" if running else "，期间虽已届满")
    if still:
        text += f"，{'且' if running else '但'}尚有责任未履行完毕：{still}"
    cures = []
    if running:
        cures.append(f"{cn(ban.until)}之后再行申请")
    if still:
        cures.append("履行完毕并提交证明")
    return f"{text}。", "，并".join(cures) + "。"


def ground_label(ground: str) -> str:
    """Why the bar exists, in a few words."""
    return {
        "terminated_illegal": "因违法违规被解除协议",
        "terminated_breach": "因严重违反协议被解除协议",
        "person": "曾因严重违法违规致所在机构被解除协议",
        "fraud_apply": "申请定点时弄虚作假",
        "second_fail": "再次评估仍不合格",
        "manager": "因基金违法行为被处罚，在限制从业期间",
    }.get(ground, ground)


def _bar(
    ground: str,
    row: regulations.Row,
    months: int,
    start: date,
    *,
    person: bool = False,
    obligation: str = "",
) -> Bar:
    return Bar(ground, row.label, row.basis, start, add_months(start, months), person, obligation)


def _fraud(law: regulations.Law, ground: regulations.Row, found_on: date) -> Bar:
    period = law.ban.fraud_apply
    until = add_months(found_on, period.value)
    return Bar("fraud_apply", ground.label, period.basis, found_on, until)
