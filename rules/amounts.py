"""Figures that other systems write as text. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from rules.ladder import MOST_AMOUNT

_FIGURE = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,10})?")


def whole(text: str, unit: int) -> int | None:
    """In whole units (分, ten-thousandths of a point); None for what is no plain figure or has more decimals.

    Plain digits alone: what a machine may also read as a number (1e9, 1_000) no clerk writes into a bill.
    """
    if not _FIGURE.fullmatch(text):
        return None
    found = Decimal(text) * unit
    return int(found) if found == int(found) < MOST_AMOUNT else None
