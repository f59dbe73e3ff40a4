"""How long an applicant may be silent after a notice of supplement, and what the silence leads to.

The orders name no period: it is a parameter, and by default nothing is ended by a machine.
"""

from __future__ import annotations

from datetime import date

import regulations
from rules import clocks
from rules.workdays import Workdays

RULE = "apply.supplement_silence"


def last_day(since: date, family: str, workdays: Workdays) -> date:
    """The last day before the next reminder; `since` is the notice or the reminder before."""
    return clocks.due(RULE, since, family, workdays=workdays, strict=False).due


def is_over(since: date, family: str, day: date, workdays: Workdays) -> bool:
    return day > last_day(since, family, workdays)


def lapses(reminders: int, *, on: date) -> bool:
    """After so many reminders the application counts as withdrawn; nought: never by itself."""
    most = regulations.at(on).apply.supplement_lapse.value
    return most > 0 and reminders >= most
