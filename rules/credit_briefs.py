"""信用评价简报: how many changes stand in the text; the others go into the annex. Pure."""

from __future__ import annotations

from datetime import date

import regulations
from rules.cycle_decisions import FAMILY


def most_changes(day: date) -> int:
    law = regulations.at(day, FAMILY)
    return int(law.credit.brief_changes.value)
