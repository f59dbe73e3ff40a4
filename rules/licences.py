"""证照: when to say that one is about to end. Saying so changes nothing about its validity."""

from __future__ import annotations

from datetime import date

import regulations
from rules.clocks import Light

REVOKED = ("吊销", "注销")


def steps(day: date) -> tuple[int, ...]:
    """Days before the end on which somebody is told, the earliest first."""
    law = regulations.at(day)
    return (
        law.licence.warn_first.value,
        law.licence.warn_second.value,
        law.licence.warn_last.value,
    )


def step_reached(valid_to: date, day: date) -> int | None:
    """The last step reached on the day; none before the first one and once the licence has ended."""
    left = (valid_to - day).days
    reached = [step for step in steps(day) if left <= step]
    return reached[-1] if reached and left >= 0 else None


def light(valid_to: date, day: date) -> Light:
    """How near its end a licence is: the last day itself is still valid."""
    left = (valid_to - day).days
    if left < 0:
        return Light("over", f"已过期 {-left} 日")
    if left == 0:
        return Light("due", "今日到期")
    reached = step_reached(valid_to, day)
    if reached is None:
        return Light("ok", "正常")
    return Light("due" if reached == steps(day)[-1] else "soon", f"剩余 {left} 日")
