"""What a case asks others for: the talk of a decided measure, and the rectification of what was found."""

from __future__ import annotations

from datetime import date

from actions import rectifications, talks
from models import CaseMeasure, Rectification, Talk, Violation
from queries import talks as known
from rules import ladder
from rules.ladder import Step
from rules.lifecycle import CaseMeasureState, ViolationState
from rules.permissions import Actor, Permission, require
from rules.rectifications import Item
from rules.refusal import Refused
from rules.talks import Person

ENDED = (
    ViolationState.CLUE,
    ViolationState.SET_ASIDE,
    ViolationState.CLOSED,
    ViolationState.DISMISSED,
)


def call(
    row: CaseMeasure,
    *,
    name: str,
    capacity: str,
    planned_on: date,
    place: str,
    actor: Actor,
    on: date,
) -> Talk:
    """Call somebody to the talk that was decided. Refused before the decision and while one is arranged."""
    require(actor, Permission.RECORD_EXECUTION, row)
    violation = row.violation
    if row.step is not Step.TALK or row.state != CaseMeasureState.DECIDED:
        raise Refused("本案没有等待执行的约谈。")
    if known.open_of(("violation", violation.id)):
        raise Refused("本案的约谈已经通知。", cure="需要改期的，请在约谈页面改期。")
    return talks.call(
        violation.institution,
        source=("violation", violation.id),
        called=[Person(name.strip(), capacity.strip())],
        reason=violation.facts_text,
        basis=row.basis,
        planned_on=planned_on,
        place=place,
        actor=actor,
        on=on,
    )


def order(
    violation: Violation, *, measure: str, due_on: date, actor: Actor, on: date
) -> Rectification:
    """Order that what was found is put right: one item for each finding, or one for the facts of the case."""
    require(actor, Permission.RECORD_EXECUTION, violation)
    if violation.state in ENDED:
        raise Refused("本案还没有立案，或者已经结束，不能下达整改。")
    items = [
        Item(
            problem=f"{row.label}。{row.text}".strip()[:500],
            measure=measure.strip(),
            unit=row.department,
            person=row.practitioner.name if row.practitioner else "",
        )
        for row in violation.findings
    ] or [Item(problem=violation.facts_text[:500], measure=measure.strip())]
    basis = ladder.rung(Step.TALK, on, violation.institution.kind.family).basis
    return rectifications.order(
        violation.institution,
        source=("violation", violation.id),
        items=items,
        due_on=due_on,
        basis="；".join(dict.fromkeys(row.basis for row in violation.findings)) or basis,
        actor=actor,
        on=on,
    )
