"""Ten ways clerks look at the work list. Words and days are drawn anew for every request."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from benchmarks.filling import INITIALS, MATTERS, WORDS

Mix = dict[str, str | int]


def mixes(dice: random.Random, on: date) -> list[Mix]:
    """One of each; three of ten look for a name."""
    name = "".join(dice.choices(WORDS, k=2))
    initials = "".join(dice.choices(INITIALS, k=2))
    opened = on - timedelta(days=dice.randrange(30, 110))
    matter = dice.choice(list(MATTERS))
    return [
        {},
        {"page": dice.randrange(2, 40)},
        {"light": "over", "sort": "-received_on"},
        {"matter": matter, "step": dice.choice(MATTERS[matter])},
        {"q": name},
        {"q": initials, "light": "ok"},
        {"q": name[:1], "tab": "over"},
        {"tab": "done", "sort": "number"},
        {"tab": "started", "light": "soon"},
        {"from": str(opened), "to": str(opened + timedelta(days=dice.randrange(5, 40)))},
    ]


def addresses(path: str, seed: int, on: date) -> Iterator[str]:
    """Endless, and the same for every contestant that gets this seed."""
    dice = random.Random(seed)  # noqa: S311 — the same questions for everybody
    while True:
        for mix in mixes(dice, on):
            yield f"{path}?{urlencode(mix)}" if mix else path
