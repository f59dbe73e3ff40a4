"""行政处罚 as the agency knows them: whether what was decided is plausible, what is added when a fine is late. Pure.

The agency decides none of this. A hint says what the regulation allows; it never changes what the paper says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from rules.clocks import add_months
from rules.refusal import Refused

PERSON, INSTITUTION = "person", "institution"
PERCENT = 100
CENTS = 100


@dataclass(frozen=True)
class Hint:
    """What the regulation allows, in one sentence; `outside`: the figure of the paper does not fit."""

    text: str
    basis: str
    confidence: str
    outside: bool = False


@dataclass(frozen=True)
class PersonBar:
    basis: str
    from_on: date
    until: date


def acts(day: date) -> tuple[regulations.Row, ...]:
    """The articles a penalty may rest on, as far as something follows from them here."""
    return regulations.at(day).table("penalised_acts")


def act(key: str, day: date) -> regulations.Row:
    found = next((row for row in acts(day) if row.key == key), None)
    if found is None:
        raise Refused("适用条款不在可以选择的范围内。", cure="请重新选择；都不符合的选“其他”。")
    return found


def frauds(day: date) -> frozenset[str]:
    """The articles under which a decision settles that the fund was cheated; none before there were any."""
    try:
        return frozenset(row.key for row in acts(day) if row.extra.get("fraud"))
    except regulations.NotInForce:
        return frozenset()


def check_subject(key: str, *, person: bool, day: date) -> None:
    """Refuses an article about institutions for a person, and the reverse."""
    whom = str(act(key, day).extra["whom"])
    if person != (whom == PERSON):
        other = "个人" if whom == PERSON else "机构"
        raise Refused(
            f"“{act(key, day).label}”适用于{other}。",
            basis=act(key, day).basis,
            cure="请核对处罚决定书的处罚对象和条款。",
        )


def fine_hint(key: str, amount: int, loss: int, *, day: date) -> Hint | None:
    """The fine against its bounds of the day of the conduct. `amount`, `loss` in 分; None where nothing bounds it."""
    row = act(key, day)
    if "least" not in row.extra:
        return None
    law = regulations.at(day)
    least, most = law.value(str(row.extra["least"])), law.value(str(row.extra["most"]))
    if least.unit != "multiple":
        text = f"罚款应为 {least.value} 元以上 {most.value} 元以下。"
        outside = not least.value * CENTS <= amount <= most.value * CENTS
        return Hint(text, least.basis, least.confidence, outside)
    text = f"罚款应为造成损失金额的 {least.value} 倍以上 {most.value} 倍以下。"
    if not loss:
        return Hint(f"{text}没有登记损失金额，不能核对倍数。", least.basis, least.confidence)
    low, high = loss * least.value, loss * most.value
    text += f"按登记的损失金额为 {_yuan(low)} 元至 {_yuan(high)} 元。"
    return Hint(text, least.basis, least.confidence, not low <= amount <= high)


def department_hint(key: str, months: int, *, day: date) -> Hint | None:
    """How long a department may be stopped; None where the article knows no such thing and none was stopped."""
    row = act(key, day)
    if "department_least" not in row.extra:
        return None
    law = regulations.at(day)
    least = law.value(str(row.extra["department_least"]))
    most = law.value(str(row.extra["department_most"]))
    text = f"责令暂停相关责任部门的，应为 {least.value} 个月以上 {most.value} 个月以下。"
    outside = bool(months) and not least.value <= months <= most.value
    return Hint(text, least.basis, least.confidence, outside)


def bar(key: str, decided_on: date) -> PersonBar | None:
    """From the decision on, the person may not manage a designated institution; the last day is still barred."""
    row = act(key, decided_on)
    if "bar" not in row.extra:
        return None
    period = regulations.at(decided_on).value(str(row.extra["bar"]))
    return PersonBar(period.basis, decided_on, add_months(decided_on, period.value))


def late_addition(amount: int, due_on: date, day: date) -> int:
    """What the authority may add to a fine that is late, in 分: so much a day, at most the fine itself."""
    days = max(0, (day - due_on).days)
    law = regulations.at(day)
    added = (amount * law.case.late.value * days + PERCENT // 2) // PERCENT
    return min(amount, added)


def _yuan(cents: int) -> str:
    return f"{cents // CENTS:,}.{cents % CENTS:02d}"
