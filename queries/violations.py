"""违规案件 as lists and case pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from database import session
from models import (
    Agreement,
    Document,
    Institution,
    StatutoryClock,
    Suspension,
    Termination,
    Violation,
)
from models.violation import Measure
from queries import calendar_days, case_measures, recusals, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import bans, clocks, measures
from rules.clocks import Light
from rules.lifecycle import VIOLATION, ViolationState
from rules.permissions import Actor

STEPS = [
    ("核查线索", ("clue",)),
    ("登记事实", ("registered",)),
    ("听取陈述申辩", ("heard",)),
    ("复核", ("proposed",)),
    ("负责人决定", ("reviewed",)),
    ("送达办结", ("decided",)),
]
DECISIONS = (
    "suspension",
    "termination",
    "denial",
    "recovery",
    "damages",
    "payment_hold",
    "staff_suspension",
)


@dataclass(frozen=True)
class ListRow:
    id: int
    number: str
    institution_id: int
    institution: str
    kind_label: str
    measure: str
    ground: str
    found_on: date
    state: Light
    due: Light


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """Cases in the actor's scope by state, measure, kind and text, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    due = (
        select(StatutoryClock.due_on)
        .where(
            StatutoryClock.subject == "violation",
            StatutoryClock.subject_id == Violation.id,
            StatutoryClock.finished_on.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        cut(query.add_columns(due.label("due")).order_by(Violation.id.desc()), ask)
    )
    return [_row(row.Violation, row.due, on) for row in found], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Violation).join(Institution, Violation.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Violation.institution_id)
    query = query.where(Violation.id.not_in(recusals.cases(actor)))
    query = query.where(*named(ask, Violation.number))
    if ask.word("state") in VIOLATION.states:
        query = query.where(Violation.state == ask.word("state"))
    if ask.word("measure") in measures.WORDS:
        query = query.where(Violation.measure == ask.word("measure"))
    return query.where(*of_family(ask))


def _row(violation: Violation, due: date | None, on: date) -> ListRow:
    institution = violation.institution
    return ListRow(
        id=violation.id,
        number=violation.number,
        institution_id=institution.id,
        institution=institution.name,
        kind_label=institution.kind.label,
        measure=violation.words,
        ground=violation.ground_text,
        found_on=violation.found_on,
        state=badge(violation.state),
        due=clocks.light(due, on, calendar_days.workdays()) if due else Light("na", "—"),
    )


def badge(state: ViolationState) -> Light:
    shown = VIOLATION.states[state]
    return Light(shown.light, shown.label)


def steps(violation: Violation) -> list[dict[str, str]]:
    """The steps: done, current, to come. A case that began with facts had no clue to check."""
    current = next(
        (i for i, (_, states) in enumerate(STEPS) if violation.state in states), len(STEPS)
    )
    if violation.state == ViolationState.DISMISSED:
        current = 3 if violation.opinion else 2
    if violation.state == ViolationState.SET_ASIDE:
        current = 0
    notes = [
        violation.taken_up_on if violation.clue_text else None,
        violation.found_on,
        violation.views_on,
        None,
        violation.decided_on,
        None,
    ]
    shown = []
    first = 0 if violation.clue_text else 1
    for index, (label, _states) in list(enumerate(STEPS))[first:]:
        state = "done" if index < current else "cur" if index == current else ""
        note = str(notes[index]) if notes[index] and state else ""
        if state == "cur":
            note = VIOLATION.states[violation.state].label
        shown.append({"label": label, "note": note, "state": state})
    return shown


def open_class(violation: Violation, day: date) -> str:
    """The proposed ban class where the ground leaves it to the decision, else nothing."""
    if violation.measure is None:
        return ""
    family = violation.institution.kind.family
    row = measures.ground(violation.ground, violation.measure, day, family)
    return str(row.extra["ban"]) if row and row.extra.get("ban_open") else ""


def preview(violation: Violation, day: date) -> list[str]:
    """What the letter of the decision would say if it were taken on the day, sentence by sentence."""
    rungs = [
        f"{case_measures.said(row)}（{row.basis}）。" for row in case_measures.living(violation)
    ]
    return rungs + (_preview_of_ending(violation, day) if violation.measure else [])


def _preview_of_ending(violation: Violation, day: date) -> list[str]:
    family = violation.institution.kind.family
    ending = str(violation.measure)
    row = measures.ground(violation.ground, ending, day, family)
    start = max(violation.suspend_from or day, day)
    said = [
        f"上述情形属于“{violation.ground_text}”，依据为{violation.basis}。",
        measures.planned(ending, start, violation.suspend_to, 0).removeprefix("拟"),
    ]
    if row is None or violation.measure == Measure.SUSPEND or row.extra.get("ban_open"):
        return said
    bars = bans.started_by(
        row,
        str(row.extra["ban"]),
        effective_on=start,
        found_on=violation.found_on,
        obligation="",
        family=family,
    )
    subjects = {True: "三类责任人所在机构", False: "本机构"}
    return [
        *said,
        *(f"{subjects[bar.person]}申请定点不予受理至 {bar.until}（{bar.basis}）。" for bar in bars),
    ]


def agreement(violation: Violation) -> Agreement:
    return session.get_one(Agreement, violation.agreement_id)


def decisions(violation: Violation) -> list[Suspension | Termination]:
    """What the case brought: its suspension, or its termination and those of the branches."""
    suspended = session.scalars(
        select(Suspension).where(Suspension.violation_id == violation.id).order_by(Suspension.id)
    )
    ended = session.scalars(
        select(Termination).where(Termination.violation_id == violation.id).order_by(Termination.id)
    )
    return [*suspended, *ended]


def letters(violation: Violation) -> list[Document]:
    """Every letter of the case and of what it brought, newest first."""
    of_case = and_(Document.subject == "violation", Document.subject_id == violation.id)
    of_decisions = [
        and_(Document.subject == row.__tablename__, Document.subject_id == row.id)
        for row in (*decisions(violation), *violation.measures)
    ]
    query = select(Document).where(or_(of_case, *of_decisions)).order_by(Document.id.desc())
    return list(session.scalars(query))


def unserved(violation: Violation) -> list[Document]:
    """Letters of the decision that still need proof of service (the report goes to the bureau and needs none)."""
    return [row for row in letters(violation) if row.kind in DECISIONS and row.served_on is None]


def of_institution(institution_id: int, actor: Actor) -> list[Violation]:
    query = select(Violation).where(
        Violation.institution_id == institution_id, Violation.id.not_in(recusals.cases(actor))
    )
    return list(session.scalars(query.order_by(Violation.id.desc())))
