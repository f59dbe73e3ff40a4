"""服务承诺书: which text is signed on a day. A text is never changed, so that what was signed can be shown for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.clocks import Light


@dataclass(frozen=True)
class Text:
    key: str
    label: str
    clauses: tuple[str, ...]
    basis: str
    confidence: str

    @property
    def sha256(self) -> str:
        """Of title and clauses, as they are read."""
        return hashlib.sha256("\n".join([self.label, *self.clauses]).encode()).hexdigest()


def text(family: str, day: date) -> Text | None:
    """The newest text in force on the day for the family; None before there was one."""
    try:
        rows = regulations.at(day, family).table("commitment_texts")
    except regulations.NotInForce:
        return None
    return of_row(max(rows, key=lambda row: row.since))


def by_key(key: str, day: date) -> Text:
    """A text that was signed once, whenever that was."""
    rows = regulations.at(day).table("commitment_texts")
    return of_row(next(row for row in rows if row.key == key))


def due(first: date, day: date) -> date:
    """The last day for handing in the commitment of a registration, by the law of a day.

    People registered before the rule have its time from the rule's first day.
    """
    within = regulations.at(day).staff.commitment_within
    return max(first, within.since) + timedelta(days=within.value)


def light(first: date, signed_on: date | None, day: date) -> Light:
    """Whether the commitment is there, still has time, or is late."""
    if signed_on is not None:
        return Light("ok", f"{signed_on} 已签署")
    last = due(first, day)
    return Light("due", f"待签，{last} 前") if day <= last else Light("over", "逾期未签")


def of_row(row: regulations.Row) -> Text:
    return Text(row.key, row.label, tuple(row.extra["clauses"]), row.basis, row.confidence)
