"""恢复支付资格申请: what may be asked for, what is open, the list."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from database import session
from models import Institution, Practitioner, QualificationMeasure, Reinstatement
from queries import practitioners, scope
from queries.paging import Asked, Page, count, cut, like
from rules.lifecycle import REINSTATEMENT, ReinstatementState
from rules.permissions import Actor
from rules.reinstatements import Facts


def facts(measure: QualificationMeasure, institution: Institution, on: date) -> Facts:
    waiting = open_of(measure.id)
    return Facts(
        person=measure.practitioner.name,
        revokes=measure.bar_until is not None,
        last_on=measure.bar_until or measure.until or date.max,  # one of the two, says the table
        on_application=measure.needs_application,
        stands=measure.superseded_on is None,
        reinstated_on=measure.reinstated_on,
        open=waiting.number if waiting else "",
        here=practitioners.is_registered(measure.practitioner_id, institution.id, on),
        basis=measure.basis,
    )


def open_of(measure_id: int) -> Reinstatement | None:
    query = select(Reinstatement).where(
        Reinstatement.measure_id == measure_id, Reinstatement.state == ReinstatementState.REQUESTED
    )
    return session.scalar(query)


def of_practitioner(practitioner_id: int) -> list[Reinstatement]:
    """Every request for a person, newest first."""
    query = select(Reinstatement).where(Reinstatement.practitioner_id == practitioner_id)
    return list(session.scalars(query.order_by(Reinstatement.id.desc())))


def possible(practitioner_id: int, day: date) -> list[QualificationMeasure]:
    """Measures whose time is over, whose end has to be applied for and was not: the oldest first."""
    measure = QualificationMeasure
    query = select(measure).where(
        measure.practitioner_id == practitioner_id,
        measure.needs_application,
        measure.reinstated_on.is_(None),
        measure.superseded_on.is_(None),
        or_(measure.until < day, measure.bar_until < day),
    )
    rows = session.scalars(query.order_by(measure.id))
    return [row for row in rows if open_of(row.id) is None]


def page(actor: Actor, ask: Asked) -> tuple[list[Reinstatement], Page]:
    """In the actor's scope by text and state, newest first."""
    query = select(Reinstatement).join(Reinstatement.practitioner)
    query = query.join(Institution, Institution.id == Reinstatement.institution_id)
    query = query.options(contains_eager(Reinstatement.practitioner))
    query = scope.visible(query, actor, Institution.pooling_region, Reinstatement.institution_id)
    if ask.q:
        names = (Reinstatement.number, Practitioner.name, Practitioner.code, Institution.name)
        query = query.where(or_(*(column.ilike(like(ask.q), escape="\\") for column in names)))
    if ask.word("state") in REINSTATEMENT.states:
        query = query.where(Reinstatement.state == ask.word("state"))
    total = count(query)
    rows = session.scalars(cut(query.order_by(Reinstatement.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)
