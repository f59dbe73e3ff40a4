"""处理措施 of a case: who has to decide, what is intended, what is still open before the case may be closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import CaseMeasure, Violation
from models.violation import Measure
from queries import clock_views
from queries.clock_views import ClockView
from rules import ladder, measures
from rules.clocks import Light
from rules.ladder import Level, Rung, Step
from rules.lifecycle import CASE_MEASURE, CaseMeasureState

GONE = (CaseMeasureState.STRUCK,)


@dataclass(frozen=True)
class Approval:
    """Who decides, and the rows of the table that say so."""

    level: Level
    rows: tuple[Rung, ...]


@dataclass(frozen=True)
class Line:
    """One measure as the case page lists it. Amounts in 分."""

    id: int
    version: int
    label: str
    said: str
    basis: str
    money: bool
    due: int
    open: int
    light: Light


@dataclass(frozen=True)
class Limit:
    """Who decides about a measure from an amount on. `check`: the figure is local."""

    label: str
    who: str
    basis: str
    check: bool


def lines(violation: Violation) -> list[Line]:
    return [
        Line(
            row.id,
            row.version,
            row.step.label,
            said(row),
            row.basis,
            row.step in ladder.MONEY,
            row.amount - row.written_down,
            row.balance,
            badge(row),
        )
        for row in violation.measures
    ]


def badge(row: CaseMeasure) -> Light:
    shown = CASE_MEASURE.states[row.state]
    return Light(shown.light, shown.label)


def clocks(row: CaseMeasure, *, on: date) -> list[ClockView]:
    return clock_views.of("case_measure", row.id, on=on)


def limits(step: Step, day: date) -> list[Limit]:
    """The table of approval for this measure, as the form shows it."""
    return [
        Limit(row.label, Level(row.extra["level"]).label, row.basis, row.confidence != "official")
        for row in ladder.levels(step, day)
    ]


def living(violation: Violation) -> list[CaseMeasure]:
    """Those that were not struck out."""
    return [row for row in violation.measures if row.state not in GONE]


def any_planned(violation: Violation) -> bool:
    return violation.measure is not None or bool(living(violation))


def approval(violation: Violation, day: date) -> Approval:
    """The highest level that one of the measures asks for; the agreement itself is never below the leader."""
    rows = tuple(ladder.level(row.step, row.amount, day) for row in living(violation))
    levels = [Level(row.extra["level"]) for row in rows]
    if violation.measure is not None:
        major = violation.measure is Measure.TERMINATE
        levels.append(Level.COLLECTIVE if major else Level.LEADER)
    return Approval(max(levels, key=lambda one: one.rank, default=Level.LEADER), rows)


def collective_row(violation: Violation, day: date) -> Rung | None:
    """The row of the ladder that asks for a group, if one does."""
    rows = (ladder.level(row.step, row.amount, day) for row in living(violation))
    return next((row for row in rows if row.extra["level"] == Level.COLLECTIVE), None)


def said(row: CaseMeasure) -> str:
    """The measure in one sentence."""
    person = row.practitioner
    return ladder.said(row.plan, f"{person.name}（{person.code}）" if person else "")


def planned(violation: Violation) -> str:
    """Everything intended, one line each, as the notice says it."""
    lines = [f"拟{said(row)}。" for row in living(violation)]
    if violation.measure is not None:
        lines.append(
            measures.planned(
                violation.measure, violation.suspend_from, violation.suspend_to, violation.amount
            )
        )
    if len(lines) <= 1:
        return "".join(lines)
    return "\n".join(f"（{number}）{line}" for number, line in enumerate(lines, 1))


def basis(violation: Violation) -> str:
    """Every article the case rests on, each once."""
    given = [violation.basis, *(row.basis for row in living(violation))]
    given += [row.basis for row in violation.findings]
    return "；".join(dict.fromkeys(text for text in given if text))


def found_amount(violation: Violation) -> int:
    """What the findings add up to, in 分."""
    return sum(row.amount for row in violation.findings)
