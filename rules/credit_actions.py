"""What can be done about a fact of a rating, in words: advice beside the smallest change. Pure."""

from __future__ import annotations

from datetime import date

import regulations


def actions(day: date) -> dict[str, str]:
    """Column of the facts → what to do; a fact that is not in the table has no advice."""
    return {row.key: row.label for row in regulations.at(day).table("credit_actions")}
