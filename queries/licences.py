"""证照 that are about to end or have ended without a following one, of institutions with an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from database import session
from models import Agreement, Institution, Licence
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from queries.unfiled_changes import LIVE
from rules import licences as rule
from rules.clocks import Light
from rules.permissions import Actor

ENDED = "ended"


@dataclass(frozen=True)
class ListRow:
    id: int
    institution_id: int
    institution: str
    kind_label: str
    kind: str
    number: str
    valid_to: date
    light: Light


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """Ending within the asked number of days (the first step of the warning, if nothing is asked), or ended."""
    query = _filtered(actor, ask, on)
    found = session.scalars(cut(query.order_by(Licence.valid_to, Licence.id), ask))
    rows = [_row(row, on) for row in found]
    return rows, Page(ask.page, ask.size, count(query))


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query = select(Licence).join(Institution, Licence.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Licence.institution_id)
    query = query.where(_last(), _designated(Licence.institution_id))
    if ask.word("within") == ENDED:
        query = query.where(Licence.valid_to < on)
    else:
        steps = {str(step): step for step in rule.steps(on)}
        days = steps.get(ask.word("within"), rule.steps(on)[0])
        query = query.where(Licence.valid_to.between(on, on + timedelta(days=days)))
    query = query.where(*named(ask, Licence.number))
    return query.where(*of_family(ask))


def _last() -> ColumnElement[bool]:
    """Not revoked, and not followed by another of the same kind that is valid longer."""
    later = aliased(Licence)
    followed = exists().where(
        later.institution_id == Licence.institution_id,
        later.kind == Licence.kind,
        later.revoked_on.is_(None),
        or_(later.valid_to.is_(None), later.valid_to > Licence.valid_to),
    )
    return and_(Licence.revoked_on.is_(None), Licence.valid_to.is_not(None), ~followed)


def _designated(institution_id: Any) -> ColumnElement[bool]:
    return exists().where(Agreement.institution_id == institution_id, Agreement.state.in_(LIVE))


def _row(row: Licence, on: date) -> ListRow:
    ends, institution = row.valid_to or on, row.institution
    return ListRow(
        row.id, institution.id, institution.name, institution.kind.label, row.kind, row.number, ends,
        rule.light(ends, on),
    )  # fmt: skip


def ending(day: date) -> list[int]:
    """Licences within the first step of the warning: each is asked again whether a further step is reached."""
    last = day + timedelta(days=rule.steps(day)[0])
    query = select(Licence.id).where(
        _last(), Licence.valid_to.between(day, last), _designated(Licence.institution_id)
    )
    return list(session.scalars(query.order_by(Licence.valid_to, Licence.id)))


def of_institution_ending(institution_id: int, *, on: date) -> list[Licence]:
    """What the institution itself should renew now, and what it should have renewed."""
    last = on + timedelta(days=rule.steps(on)[0])
    query = select(Licence).where(
        _last(), Licence.institution_id == institution_id, Licence.valid_to <= last
    )
    query = query.where(_designated(Licence.institution_id))
    return list(session.scalars(query.order_by(Licence.valid_to, Licence.id)))


def of_kind(institution_id: int, kind: str) -> list[Licence]:
    query = select(Licence).where(Licence.institution_id == institution_id, Licence.kind == kind)
    return list(session.scalars(query.order_by(Licence.id)))
