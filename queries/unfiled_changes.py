"""未申请变更: what the agency found, how its limit stands, which are due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from database import session
from models import Institution, StatutoryClock, UnfiledChange
from queries import calendar_days, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.lifecycle import UNFILED_CHANGE, AgreementState
from rules.lifecycle import UnfiledChangeState as S
from rules.permissions import Actor

OPEN = (S.FOUND, S.NOTED, S.OVERDUE)
LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)


@dataclass(frozen=True)
class ListRow:
    id: int
    number: str
    institution: str
    kind_label: str
    label: str
    source: str
    found_on: date
    approved_on: date | None
    state: Light
    due_on: date | None
    due: Light


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    query = _filtered(actor, ask)
    total = count(query)
    due = _due_on().label("due")
    found = session.execute(cut(query.add_columns(due).order_by(UnfiledChange.id.desc()), ask))
    return [_row(row.UnfiledChange, row.due, on) for row in found], Page(ask.page, ask.size, total)


def _due_on() -> Any:
    return (
        select(func.max(StatutoryClock.due_on))
        .where(
            StatutoryClock.subject == "unfiled_change",
            StatutoryClock.subject_id == UnfiledChange.id,
            StatutoryClock.finished_on.is_(None),
        )
        .scalar_subquery()
    )


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(UnfiledChange).join(Institution, UnfiledChange.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, UnfiledChange.institution_id)
    query = query.where(*named(ask, UnfiledChange.number))
    if ask.word("state") in UNFILED_CHANGE.states:
        query = query.where(UnfiledChange.state == ask.word("state"))
    return query.where(*of_family(ask))


def _row(row: UnfiledChange, due: date | None, on: date) -> ListRow:
    shown = UNFILED_CHANGE.states[row.state]
    light = clocks.light(due, on, calendar_days.workdays()) if due else Light("na", "—")
    return ListRow(
        row.id, row.number, row.institution.name, row.institution.kind.label, row.label, row.source,
        row.found_on, row.approved_on, Light(shown.light, shown.label), due, light,
    )  # fmt: skip


def open_of(institution_id: int, fields: Collection[str]) -> list[UnfiledChange]:
    """What is on record of these facts and neither filed, charged nor dismissed."""
    query = select(UnfiledChange).where(
        UnfiledChange.institution_id == institution_id,
        UnfiledChange.field.in_(fields),
        UnfiledChange.state.in_(OPEN),
    )
    return list(session.scalars(query.order_by(UnfiledChange.id)))


def settled_by(amendment_id: int) -> list[UnfiledChange]:
    query = select(UnfiledChange).where(
        UnfiledChange.amendment_id == amendment_id, UnfiledChange.state == S.SETTLED
    )
    return list(session.scalars(query.order_by(UnfiledChange.id)))


def of_institution(institution_id: int) -> list[UnfiledChange]:
    query = select(UnfiledChange).where(UnfiledChange.institution_id == institution_id)
    return list(session.scalars(query.order_by(UnfiledChange.id.desc())))


def running(day: date) -> list[int]:
    """Approved before the day and still not filed: each is asked again whether its limit has passed."""
    query = select(UnfiledChange.id).where(
        UnfiledChange.state == S.NOTED, UnfiledChange.approved_on < day
    )
    return list(session.scalars(query.order_by(UnfiledChange.id)))
