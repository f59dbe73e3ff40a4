"""备案: the bureau's queue, and where each filing stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from database import session
from models import Filing, Institution, StatutoryClock
from queries import calendar_days, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.filings import FilingKind
from rules.lifecycle import FILING
from rules.permissions import Actor

KINDS = [(str(kind), kind.label) for kind in FilingKind]


@dataclass(frozen=True)
class FilingRow:
    id: int
    number: str
    kind: str
    institution: str
    kind_label: str
    filed_on: date
    state: Light
    due: Light
    bureau_number: str
    confirmed_on: date | None


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[FilingRow], Page]:
    """Filings in the actor's scope, those that wait for the bureau first."""
    query = _filtered(actor, ask)
    total = count(query)
    order = (Filing.state.desc(), Filing.filed_on.desc(), Filing.id.desc())
    rows = session.scalars(cut(query.order_by(*order), ask))
    return [_row(row, on) for row in rows], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Filing).join(Institution, Filing.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Filing.institution_id)
    query = query.where(*named(ask, Filing.number, Filing.bureau_number))
    if ask.word("state") in FILING.states:
        query = query.where(Filing.state == ask.word("state"))
    if ask.word("matter") in dict(KINDS):
        query = query.where(Filing.kind == ask.word("matter"))
    return query.where(*of_family(ask))


def _row(row: Filing, on: date) -> FilingRow:
    return FilingRow(
        id=row.id,
        number=row.number,
        kind=row.kind.label,
        institution=row.institution.name,
        kind_label=row.institution.kind.label,
        filed_on=row.filed_on,
        state=Light(FILING.states[row.state].light, FILING.states[row.state].label),
        due=_due(row, on),
        bureau_number=row.bureau_number,
        confirmed_on=row.confirmed_on,
    )


def _due(row: Filing, on: date) -> Light:
    clock = session.scalar(
        select(StatutoryClock)
        .where(StatutoryClock.subject == "filing", StatutoryClock.subject_id == row.id)
        .order_by(StatutoryClock.id.desc())
    )
    if clock is None:
        return Light("na", "—")
    return clocks.light(clock.due_on, on, calendar_days.workdays(), finished_on=clock.finished_on)


def waiting(actor: Actor) -> int:
    """How many the bureau has not confirmed yet."""
    query = select(func.count(Filing.id)).join(Institution, Filing.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Filing.institution_id)
    return session.scalar(query.where(Filing.state == "sent")) or 0


def of_subject(subject: str, subject_id: int) -> list[Filing]:
    """The filings of one decision, for its case page."""
    query = select(Filing).where(Filing.subject == subject, Filing.subject_id == subject_id)
    return list(session.scalars(query.order_by(Filing.id)))
