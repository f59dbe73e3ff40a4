"""How far back a shop that was ended or refused is remembered when a similar one applies."""

from __future__ import annotations

from datetime import date

import regulations
from rules.clocks import add_months


def looked_back_to(day: date) -> date:
    """The first day that still counts."""
    law = regulations.at(day)
    return add_months(day, -12 * law.apply.reskin_within.value)
