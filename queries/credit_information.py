"""信用信息 on record: the list, and what is valid of a region's subjects on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import CreditInformation, Institution, Office, Practitioner
from queries import scope
from queries.paging import Asked, Page, count, cut, like
from rules.credit_subjects import CreditSubject
from rules.lifecycle import CREDIT_INFORMATION
from rules.permissions import Actor
from rules.persons import OfficeRole

STATES = [(word, state.label) for word, state in CREDIT_INFORMATION.states.items()]
SUBJECTS = [(subject.value, subject.label) for subject in CreditSubject]
_GONE = ("rejected", "revoked")


def holds_office(id_index: str) -> bool:
    """Whether a person was ever the legal representative of an institution on file."""
    query = select(func.count()).select_from(Office)
    query = query.where(Office.id_index == id_index, Office.role == OfficeRole.LEGAL_REPRESENTATIVE)
    return bool(session.scalar(query))


def same(row: CreditInformation) -> CreditInformation | None:
    """Another piece of the same kind and day about the same subject that is not gone."""
    query = select(CreditInformation).where(
        CreditInformation.pooling_region == row.pooling_region,
        CreditInformation.institution_id == row.institution_id,
        CreditInformation.practitioner_id == row.practitioner_id,
        CreditInformation.person_index == row.person_index,
        CreditInformation.kind == row.kind,
        CreditInformation.happened_on == row.happened_on,
        CreditInformation.state.not_in(_GONE),
    )
    with session.no_autoflush:
        return session.scalar(query.limit(1))


def confirmed(region: str, subject: str, *, from_on: date | None, to_on: date) -> list[Any]:
    """Confirmed pieces that happened by the day, oldest first; with `from_on` only those of the period."""
    row = CreditInformation
    key = {
        CreditSubject.INSTITUTION: row.institution_id,
        CreditSubject.PRACTITIONER: row.practitioner_id,
    }.get(CreditSubject(subject), row.person_index)
    query = select(key, row.number, row.kind, row.happened_on, row.valid_to, row.figures).where(
        row.pooling_region == region,
        row.subject == subject,
        row.state == "confirmed",
        row.happened_on <= to_on,
    )
    if from_on is not None:
        query = query.where(row.happened_on >= from_on)
    return list(session.execute(query.order_by(row.happened_on, row.id)))


def page(actor: Actor, ask: Asked) -> tuple[list[CreditInformation], Page]:
    query = _filtered(actor, ask)
    total = count(query)
    query = query.options(
        joinedload(CreditInformation.institution), joinedload(CreditInformation.practitioner)
    )
    rows = session.scalars(cut(query.order_by(CreditInformation.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Any:
    query = (
        select(CreditInformation)
        .outerjoin(Institution, Institution.id == CreditInformation.institution_id)
        .outerjoin(Practitioner, Practitioner.id == CreditInformation.practitioner_id)
    )
    query = scope.visible(
        query, actor, CreditInformation.pooling_region, CreditInformation.institution_id
    )
    for name, column in (
        ("state", CreditInformation.state),
        ("subject", CreditInformation.subject),
        ("kind", CreditInformation.kind),
    ):
        if ask.word(name):
            query = query.where(column.in_([ask.word(name)]))
    if ask.q:
        wanted = (
            CreditInformation.number,
            Institution.name,
            Practitioner.name,
            CreditInformation.source,
        )
        pattern = like(ask.q)
        query = query.where(or_(*(column.like(pattern, escape="\\") for column in wanted)))
    return query
