"""岗位轮换: which posts of auditing and paying change hands, and after how long. Pure."""

from __future__ import annotations

from datetime import date

import regulations

RULE = "audit.rotation"
_YEAR = 12


def posts(on: date) -> dict[str, str]:
    """Role → the words for its post."""
    return {row.key: row.label for row in regulations.at(on).table("rotated_posts")}


def period(on: date) -> regulations.Value:
    """How long one person holds such a post at most."""
    found: regulations.Value = regulations.at(on).audit.rotation
    return found


def months(since: date, on: date) -> int:
    """Whole months from a day to another, never less than none."""
    whole = (on.year - since.year) * _YEAR + on.month - since.month - (on.day < since.day)
    return max(0, whole)
