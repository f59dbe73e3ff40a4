"""办事指南: what to bring and how long it takes, by the law in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from rules.clock_words import UNITS


@dataclass(frozen=True)
class Paper:
    label: str
    basis: str
    required: bool


@dataclass(frozen=True)
class Limit:
    """`sure`: the article's text was read; else people are told to ask the agency."""

    label: str
    length: str
    basis: str
    sure: bool


def papers(family: str, day: date) -> tuple[Paper, ...]:
    """The statutory checklist of an application."""
    rows = regulations.at(day, family).table("application_materials")
    return tuple(Paper(row.label, row.basis, row.extra["required"]) for row in rows)


def limits(family: str, day: date) -> tuple[Limit, ...]:
    """The periods an institution meets, from the application to the renewal."""
    law = regulations.at(day, family)
    values = (
        law.apply.min_operating,
        law.apply.supplement_notice,
        law.eval.max,
        law.eval.retry_after,
        law.publicity.apply,
        law.agreement.term,
        law.agreement.change_report,
        law.agreement.renew_before,
        law.agreement.suspend_max,
        law.agreement.voluntary_notice,
    )
    return tuple(_limit(value) for value in values)


def _limit(value: regulations.Value) -> Limit:
    sure = value.confidence == "official"
    return Limit(value.label, f"{value.value} {UNITS[value.unit]}", value.basis, sure)
