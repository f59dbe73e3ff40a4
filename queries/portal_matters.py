"""The two shapes the portal's first page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.clocks import Light


@dataclass(frozen=True)
class Matter:
    """Something under way. `mine`: the institution itself acts next, and `todo` says what. `until` is a sentence."""

    subject: str
    subject_id: int
    title: str
    state: Light
    mine: bool
    until: str
    todo: str = ""


@dataclass(frozen=True)
class Act:
    """What happened, as both sides know it."""

    at: date
    title: str
    text: str = ""
