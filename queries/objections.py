"""公示异议: the inbox, what stands against one notice, how many came in online."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from database import session
from models import Application, Institution, Objection, StatutoryClock
from queries import calendar_days, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.lifecycle import OBJECTION
from rules.objections import ONLINE, SOURCES
from rules.permissions import Actor


@dataclass(frozen=True)
class ObjectionRow:
    id: int
    number: str
    institution: str
    kind_label: str
    source: str
    raised_on: date
    state: Light
    due: Light
    answered_on: date | None


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ObjectionRow], Page]:
    """Objections in the actor's scope, the open ones first."""
    query = _filtered(actor, ask)
    total = count(query)
    order = (Objection.answered_on.is_not(None), Objection.raised_on.desc(), Objection.id.desc())
    rows = session.scalars(cut(query.order_by(*order), ask))
    return [_row(row, on) for row in rows], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Objection).join(Institution, Objection.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Objection.institution_id)
    query = query.where(*named(ask, Objection.number))
    if ask.word("state") in OBJECTION.states:
        query = query.where(Objection.state == ask.word("state"))
    return query.where(*of_family(ask))


def _row(row: Objection, on: date) -> ObjectionRow:
    shown = OBJECTION.states[row.state]
    return ObjectionRow(
        id=row.id,
        number=row.number,
        institution=row.institution.name,
        kind_label=row.institution.kind.label,
        source=SOURCES[row.source],
        raised_on=row.raised_on,
        state=Light(shown.light, shown.label),
        due=due(row, on),
        answered_on=row.answered_on,
    )


def due(row: Objection, on: date) -> Light:
    """The light of the clock that counts: the latest begun."""
    clock = session.scalar(
        select(StatutoryClock)
        .where(StatutoryClock.subject == "objection", StatutoryClock.subject_id == row.id)
        .order_by(StatutoryClock.id.desc())
    )
    if clock is None:
        return Light("na", "—")
    return clocks.light(clock.due_on, on, calendar_days.workdays(), finished_on=clock.finished_on)


def of_notice(application: Application) -> list[Objection]:
    """What was raised against the notice that is posted now, in order."""
    if application.notice_from is None:
        return []
    query = select(Objection).where(
        Objection.subject == "application",
        Objection.subject_id == application.id,
        Objection.raised_on >= application.notice_from,
    )
    return list(session.scalars(query.order_by(Objection.id)))


def online_on(application: Application, day: date) -> int:
    """How many came in on the public site that day against this application."""
    query = select(func.count(Objection.id)).where(
        Objection.subject == "application",
        Objection.subject_id == application.id,
        Objection.source == ONLINE,
        Objection.raised_on == day,
    )
    return session.scalar(query) or 0


def application_of(objection: Objection, *, lock: bool = False) -> Application:
    """The application an objection stands against."""
    return session.get_one(
        Application,
        objection.subject_id,
        with_for_update=lock or None,
        populate_existing=lock,
    )
