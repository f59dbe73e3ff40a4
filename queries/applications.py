"""定点申请 as lists and case pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from database import session
from models import Agreement, Application, Institution, StatutoryClock
from models.material import MaterialState
from queries import calendar_days, conditions, refusals, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from queries.remembered import remembered
from rules import clocks
from rules.checks import CONDITION_WORDS, GROUND_WORDS, LIGHTS, Result
from rules.clocks import Light
from rules.lifecycle import APPLICATION, ApplicationState
from rules.permissions import Actor

ENDED = ("declined", "withdrawn", "failed", "barred", "unsettled", "signed")
STEPS = [
    ("材料受理", ("draft", "submitted", "supplementing"), "accepted_on"),
    ("组建评估组", ("accepted",), "evaluation_started_on"),
    ("现场评估", ("evaluating", "clarifying", "evaluated"), "evaluated_on"),
    ("结果公示", ("passed", "on_notice", "objected"), "notice_to"),
    ("协商签约", ("to_sign", "signing"), "signed_on"),
]
MATERIAL_LIGHTS = {"missing": "na", "given": "review", "passed": "ok", "returned": "back"}


# what a list may be narrowed to: label and condition
FLAGS = {
    "again": ("二次补正告知", Application.supplements > 1),
    "silent": (
        "逾期未补正",
        and_(Application.state == "supplementing", Application.reminders > 0),
    ),
    "proxy": ("代为填报", Application.proxy_by_id.is_not(None)),
}


@dataclass(frozen=True)
class ListRow:
    id: int
    number: str
    institution_id: int
    institution: str
    kind_label: str
    state: Light
    received_on: date | None
    due: Light


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """Applications in the actor's scope by state, kind and text."""
    query = _filtered(actor, ask)
    total = count(query)
    due = (
        select(func.min(StatutoryClock.due_on))
        .where(
            StatutoryClock.subject == "application",
            StatutoryClock.subject_id == Application.id,
            StatutoryClock.finished_on.is_(None),
            StatutoryClock.paused_on.is_(None),
        )
        .scalar_subquery()
    )
    found = session.execute(
        cut(query.add_columns(due.label("due")).order_by(Application.id.desc()), ask)
    )
    return [_list_row(row.Application, row.due, on) for row in found], Page(
        ask.page, ask.size, total
    )


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Application).join(Institution, Application.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    query = query.where(*named(ask, Application.number))
    if ask.word("state") in APPLICATION.states:
        query = query.where(Application.state == ask.word("state"))
    if ask.word("flag") in FLAGS:
        query = query.where(FLAGS[ask.word("flag")][1])
    return query.where(*of_family(ask))


def _list_row(application: Application, due: date | None, on: date) -> ListRow:
    institution = application.institution
    return ListRow(
        id=application.id,
        number=application.number,
        institution_id=institution.id,
        institution=institution.name,
        kind_label=institution.kind.label,
        state=badge(application.state),
        received_on=application.received_on,
        due=clocks.light(due, on, calendar_days.workdays()) if due else Light("na", "—"),
    )


def badge(state: ApplicationState) -> Light:
    """The state as a badge."""
    shown = APPLICATION.states[state]
    return Light(shown.light, shown.label)


def flagged(actor: Actor) -> dict[str, int]:
    """Open applications that somebody should look at: told twice to supplement, silent in spite of a reminder."""
    return remembered(
        ("flagged", actor.role, actor.pooling_region, actor.institution_id), lambda: _flagged(actor)
    )


def _flagged(actor: Actor) -> dict[str, int]:
    names = ("again", "silent")
    counts = [func.count().filter(FLAGS[name][1]) for name in names]
    query: Any = select(*counts).select_from(Application)
    query = query.join(Institution, Application.institution_id == Institution.id)
    query = query.where(Application.state.not_in(["declined", "withdrawn", "failed", "signed"]))
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    return dict(zip(names, session.execute(query).one(), strict=True))


def state_counts(actor: Actor) -> dict[str, int]:
    """How many applications stand in each state, in the actor's scope."""
    query: Any = select(Application.state, func.count()).join(
        Institution, Application.institution_id == Institution.id
    )
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    return {
        str(state): number for state, number in session.execute(query.group_by(Application.state))
    }


def steps(application: Application) -> list[dict[str, str]]:
    """The five steps with their days: done, current, to come."""
    order = [label for label, states, _day in STEPS if application.state in states]
    current = next((i for i, step in enumerate(STEPS) if order and step[0] == order[0]), len(STEPS))
    if application.state in ("declined", "withdrawn"):
        current = 0
    if application.state in ("failed", "barred"):
        current = 3 if application.notice_from else 2
    if application.state == "unsettled":
        current = 4
    shown = []
    for index, (label, _states, day_name) in enumerate(STEPS):
        day = _step_day(application, day_name)
        state = "done" if index < current else "cur" if index == current else ""
        note = str(day) if state == "done" and day else ""
        if state == "cur":
            note = APPLICATION.states[application.state].label
        shown.append({"label": label, "note": note, "state": state})
    return shown


def _step_day(application: Application, name: str) -> date | None:
    if name == "evaluation_started_on":
        return application.evaluations[-1].started_on if application.evaluations else None
    if name == "signed_on":
        return application.state_since if application.state == "signed" else None
    found: date | None = getattr(application, name)
    return found


def materials(application: Application) -> list[dict[str, Any]]:
    """The checklist as a task list."""
    return [
        {
            "id": m.id,
            "name": m.label,
            "href": f"/applications/{application.id}/materials/{m.id}" if m.sha256 else "",
            "note": m.reason or m.file_name or ("省级要求时提交" if not m.required else ""),
            "light": Light(MATERIAL_LIGHTS[m.state], m.state.label),
            "basis": m.basis.rpartition("）")[
                2
            ],  # the order is the same for all; its article tells them apart
            "row": m,
        }
        for m in application.materials
    ]


def materials_note(application: Application) -> str:
    done = sum(m.state is MaterialState.PASSED for m in application.materials)
    back = sum(m.state is MaterialState.RETURNED for m in application.materials)
    waiting = sum(m.state is MaterialState.GIVEN for m in application.materials)
    return f"通过 {done} / {len(application.materials)}，退回 {back}，待审核 {waiting}"


def conditions_note(application: Application, on: date) -> Light:
    """The conditions in one light: how many are met, not met, not looked at."""
    return _note([one.result for one in conditions.of(application, on=on)], CONDITION_WORDS)


def grounds_note(application: Application, on: date) -> Light:
    """The grounds of refusal in one light."""
    return _note([one.result for one in refusals.check(application, on)], GROUND_WORDS)


def _note(results: list[Result], words: dict[Result, str]) -> Light:
    worst = next((one for one in (Result.AGAINST, Result.OPEN) if one in results), Result.FINE)
    counted = [f"{words[one]} {results.count(one)}" for one in Result if one in results]
    return Light(LIGHTS[worst], "，".join(counted))


def of_institution(institution_id: int) -> list[Application]:
    """Every application of an institution, newest first."""
    return list(
        session.scalars(
            select(Application)
            .where(Application.institution_id == institution_id)
            .order_by(Application.id.desc())
        )
    )


def agreement_of(application: Application) -> Agreement | None:
    """The agreement drafted from this application."""
    return session.scalar(select(Agreement).where(Agreement.application_id == application.id))


def notices_due(day: date) -> list[int]:
    """Applications whose notice period was over before the day and that nobody objected to."""
    query = select(Application.id).where(
        Application.state == "on_notice", Application.notice_to < day
    )
    return list(session.scalars(query.order_by(Application.id)))


def awaiting_supplement(day: date) -> list[int]:
    """Applications whose supplement was asked for, or reminded of, before the day; the rule decides on each."""
    since = func.coalesce(Application.reminded_on, Application.supplement_requested_on)
    query = select(Application.id).where(Application.state == "supplementing", since < day)
    return list(session.scalars(query.order_by(Application.id)))


def applicants(actor: Actor, *, limit: int = 500) -> list[Institution]:
    """Institutions in scope with neither an application under way nor an agreement, for whom one may be begun."""
    busy = select(Application.institution_id).where(Application.state.not_in(ENDED))
    held = select(Agreement.institution_id).where(
        Agreement.state.in_(["negotiating", "offered", "countersigning", "concluded", "suspended"])
    )
    query = select(Institution).where(Institution.id.not_in(busy), Institution.id.not_in(held))
    query = scope.visible(query, actor, Institution.pooling_region, Institution.id)
    return list(session.scalars(query.order_by(Institution.name).limit(limit)))
