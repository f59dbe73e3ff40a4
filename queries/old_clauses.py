"""Which agreements still hold the old clause: living ones whose text was drawn up before the model last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import selectinload

from database import session
from models import Agreement, Institution, LocalClause
from models.local_clause import LocalState
from queries import scope
from queries.agreement_terms import ON_ITS_WAY
from queries.filters import of_family
from queries.paging import Asked, Page, count, cut
from rules import clause_library, clauses
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.permissions import Actor


@dataclass(frozen=True)
class Holder:
    """`keys`: its model clauses whose wording is not the one of the day."""

    id: int
    number: str
    institution: str
    kind_label: str
    form_label: str
    text_on: date
    term_to: date
    keys: tuple[str, ...]


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[Holder], Page]:
    """In the actor's scope, those that end last first: they hold the old wording longest. `clause`: only this one."""
    query = _holding(actor, ask.word("clause"), on).where(*of_family(ask))
    total = count(query)
    query = query.options(selectinload(Agreement.institution))
    rows = session.scalars(cut(query.order_by(Agreement.term_to.desc(), Agreement.id), ask))
    own = _approved(actor.pooling_region, on)
    return [_holder(row, own, on) for row in rows], Page(ask.page, ask.size, total)


def total(actor: Actor, *, on: date, clause: str = "") -> int:
    return count(_holding(actor, clause, on))


def _holding(actor: Actor, key: str, on: date) -> Select[Any]:
    query = select(Agreement).join(Institution, Agreement.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Agreement.institution_id)
    query = query.where(Agreement.state.in_(ON_ITS_WAY), Agreement.term_to >= on)
    moved = [*_model_moved(key, on), *_local_moved(actor, key, on)]
    return query.where(or_(false(), *moved))


def _model_moved(key: str, on: date) -> list[ColumnElement[bool]]:
    """One condition for each day of change: the kinds and forms it concerned."""
    groups: dict[tuple[Any, date], list[InstitutionKind]] = {}
    for form, kind, day in clause_library.changed_since(on, key=key):
        groups.setdefault((form, day), []).append(kind)
    return [
        and_(Agreement.form == form, Institution.kind.in_(kinds), Agreement.text_on < day)
        for (form, day), kinds in groups.items()
    ]


def _local_moved(actor: Actor, key: str, on: date) -> list[ColumnElement[bool]]:
    pharmacy = Institution.kind == InstitutionKind.RETAIL_PHARMACY
    whose = {"": true(), MEDICAL: ~pharmacy, PHARMACY: pharmacy}
    return [
        and_(Agreement.text_on < row.since, whose[row.family])
        for row in _approved(actor.pooling_region, on)
        if not key or row.key == key
    ]


def _approved(region: str, on: date) -> list[LocalClause]:
    query = select(LocalClause).where(
        LocalClause.pooling_region == region,
        LocalClause.state == LocalState.APPROVED,
        LocalClause.since <= on,
    )
    return list(session.scalars(query.order_by(LocalClause.id)))


def _holder(row: Agreement, own: list[LocalClause], on: date) -> Holder:
    kind = row.institution.kind
    keys = clauses.differing(kind, row.form, row.text_on, on)
    keys += [one.key for one in own if one.since > row.text_on and one.family in ("", kind.family)]
    return Holder(
        id=row.id,
        number=row.number,
        institution=row.institution.name,
        kind_label=kind.label,
        form_label=row.form.label,
        text_on=row.text_on,
        term_to=row.term_to,
        keys=tuple(dict.fromkeys(keys)),
    )
