"""Whether a published cycle may be filed away."""

from __future__ import annotations

from datetime import date, timedelta

from models import Cycle
from queries import calendar_days, rating_corrections, rating_objections
from rules import clocks
from rules.cycle_decisions import FAMILY


def waiting(cycle: Cycle, on: date) -> str:
    """What still stands against it; empty when nothing does."""
    if cycle.published_on is None:
        return "等级还没有公布。"
    due = clocks.due(
        rule="credit.objection",
        start=cycle.published_on,
        kind=FAMILY,
        workdays=calendar_days.workdays(),
    ).due
    if on <= due:
        return f"异议期到 {due} 才结束，{due + timedelta(days=1)} 起可以归档。"
    if rating_objections.open_of_cycle(cycle.id):
        return "还有异议没有答复。"
    if rating_corrections.is_waiting(cycle.id) or rating_corrections.run_of(cycle.id):
        return "有事实更正没有办结。"
    return ""
