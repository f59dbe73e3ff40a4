"""Practitioners: who they are, where they are registered, what their status is on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from database import session
from models import (
    Appeal,
    Deduction,
    Document,
    Institution,
    PointsAccount,
    Practitioner,
    QualificationMeasure,
    Registration,
    Reinstatement,
    Restoration,
    Reversal,
)
from queries import commitments, qualification_measures
from queries.paging import Asked, Page, count, cut, like
from queries.scope import ADMINISTRATORS, visible
from rules import licences
from rules.permissions import Actor, Role
from rules.persons import PractitionerRole
from rules.qualification import Standing, Status

SORTS = {"name": Practitioner.name, "code": Practitioner.code, "points": PointsAccount.total}


@dataclass(frozen=True)
class Row:
    id: int
    code: str
    name: str
    role_label: str
    institutions: list[tuple[int, str]]
    points: int
    standing: Standing


def by_code(code: str) -> Practitioner | None:
    return session.scalar(select(Practitioner).where(Practitioner.code == code.strip().upper()))


def once_filed(code: str, institution_id: int) -> bool:
    """Was somebody with this code ever registered at the institution?"""
    query = (
        select(Registration.id)
        .join(Practitioner)
        .where(
            Practitioner.code == code.strip().upper(), Registration.institution_id == institution_id
        )
    )
    return session.scalar(query.limit(1)) is not None


def by_id_index(id_index: str, *, lock: bool = False) -> Practitioner | None:
    """The file of an ID number. `lock`: held until the transaction ends, so that two registrations queue."""
    query = select(Practitioner).where(Practitioner.id_index == id_index)
    return session.scalar(query.with_for_update() if lock else query)


def find(key: int, actor: Actor, *, lock: bool = False) -> Practitioner | None:
    """One person in the actor's scope: of the own region, or ever registered at an institution in scope.

    `lock` holds the file until the transaction ends.
    """
    found = session.scalar(_visible(select(Practitioner).where(Practitioner.id == key), actor))
    if found is None or not lock:
        return found
    return session.get(Practitioner, key, with_for_update=True, populate_existing=True)


def status(practitioner: Practitioner, day: date) -> Standing:
    """Whether normal, suspended or revoked on a day, until when and why: from the dated measures alone."""
    return qualification_measures.standings([practitioner.id], day)[practitioner.id]


def registrations(practitioner_id: int) -> list[Registration]:
    """Every registration, newest first."""
    return list(
        session.scalars(
            select(Registration)
            .where(Registration.practitioner_id == practitioner_id)
            .order_by(Registration.from_on.desc(), Registration.id.desc())
        )
    )


def letters(practitioner_id: int) -> list[Document]:
    """Every letter about a person, to whichever institution, newest first."""
    of_points = select(Deduction.id).where(Deduction.practitioner_id == practitioner_id)
    of_measures = select(QualificationMeasure.id).where(
        QualificationMeasure.practitioner_id == practitioner_id
    )
    against = {
        "appeal": select(Appeal.id).where(Appeal.deduction_id.in_(of_points)),
        "reversal": select(Reversal.id).where(Reversal.deduction_id.in_(of_points)),
        "restoration": select(Restoration.id).where(Restoration.practitioner_id == practitioner_id),
        "reinstatement": select(Reinstatement.id).where(
            Reinstatement.practitioner_id == practitioner_id
        ),
    }
    about = or_(
        and_(Document.subject == "deduction", Document.subject_id.in_(of_points)),
        *(
            and_(Document.subject == noun, Document.subject_id.in_(query))
            for noun, query in against.items()
        ),
        and_(Document.subject == "qualification_measure", Document.subject_id.in_(of_measures)),
    )
    return list(session.scalars(select(Document).where(about).order_by(Document.id.desc())))


def place(code: str, actor: Actor) -> Institution | None:
    """The institution of a national code, if it lies in the actor's scope."""
    query = select(Institution).where(Institution.code == code)
    return session.scalar(visible(query, actor, Institution.pooling_region, Institution.id))


def sites(practitioner_id: int, day: date) -> list[Institution]:
    """The institutions where the person is registered on the day."""
    return list(
        session.scalars(
            select(Institution)
            .join(Registration, Registration.institution_id == Institution.id)
            .where(Registration.practitioner_id == practitioner_id, registered_on(day))
            .distinct()
            .order_by(Institution.id)
        )
    )


def is_registered(practitioner_id: int, institution_id: int, day: date) -> bool:
    query = select(Registration.id).where(
        Registration.practitioner_id == practitioner_id,
        Registration.institution_id == institution_id,
        registered_on(day),
    )
    return session.scalar(query.limit(1)) is not None


def registered_on(day: date) -> ColumnElement[bool]:
    """Registrations whose period holds the day, first and last day included."""
    return and_(
        Registration.from_on <= day, or_(Registration.to_on.is_(None), Registration.to_on >= day)
    )


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[Row], Page]:
    """People in the actor's scope by text, role, status, institution and points, most points first."""
    query = _filtered(actor, ask, on)
    total = count(query)
    chosen = cut(_sorted(query, ask.word("sort") or "-points"), ask)
    found = session.execute(chosen.with_only_columns(Practitioner, PointsAccount.total)).all()
    ids = [person.id for person, _points in found]
    standing, places = qualification_measures.standings(ids, on), _places(ids, on)
    rows = [
        Row(
            id=person.id,
            code=person.code,
            name=person.name,
            role_label=person.role.label,
            institutions=places[person.id],
            points=points or 0,
            standing=standing[person.id],
        )
        for person, points in found
    ]
    return rows, Page(ask.page, ask.size, total)


def _places(ids: list[int], day: date) -> dict[int, list[tuple[int, str]]]:
    places: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(Registration.practitioner_id, Institution.id, Institution.name)
        .join(Institution, Institution.id == Registration.institution_id)
        .where(Registration.practitioner_id.in_(ids), registered_on(day))
        .order_by(Institution.id)
    )
    for person, key, name in session.execute(query):
        places[person].append((key, name))
    return places


def _visible(query: Select[Any], actor: Actor) -> Select[Any]:
    """People of the region and people registered in it; an institution sees the people it registered."""
    if actor.role in ADMINISTRATORS:
        return query.where(Practitioner.id < 0)
    place = aliased(Institution)
    there = exists().where(
        Registration.practitioner_id == Practitioner.id, Registration.institution_id == place.id
    )
    if actor.role is Role.INSTITUTION:
        return query.where(there.where(place.id == actor.institution_id))
    return query.where(
        or_(
            Practitioner.pooling_region == actor.pooling_region,
            there.where(place.pooling_region == actor.pooling_region),
        )
    )


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    account = and_(PointsAccount.practitioner_id == Practitioner.id, PointsAccount.year == on.year)
    query = _visible(select(Practitioner).outerjoin(PointsAccount, account), actor)
    if ask.q:
        names = (Practitioner.name, Practitioner.code, Practitioner.pinyin)
        query = query.where(or_(*(column.ilike(like(ask.q), escape="\\") for column in names)))
    if ask.word("role") in list(PractitionerRole):
        query = query.where(Practitioner.role == ask.word("role"))
    if ask.word("points").isdecimal():
        query = query.where(PointsAccount.total >= int(ask.word("points")[:4]))
    if ask.word("institution").isdecimal():
        query = query.where(
            exists().where(
                Registration.practitioner_id == Practitioner.id,
                Registration.institution_id == int(ask.word("institution")[:9]),
                registered_on(on),
            )
        )
    query = query.where(*_papers(ask, on))
    wanted = ask.word("status")
    return query.where(_has_status(wanted, on)) if wanted in list(Status) else query


def _papers(ask: Asked, day: date) -> list[ColumnElement[bool]]:
    """People whose certificate is over or about to be, and those whose commitment is missing at a site of today."""
    ends, found = Practitioner.licence_valid_to, []
    soon = day + timedelta(days=licences.steps(day)[0])
    if ask.word("licence") == "lapsed":
        found.append(ends < day)
    elif ask.word("licence") == "due":
        found.append(ends.between(day, soon))
    if ask.word("commitment") == "missing":
        here = and_(Registration.practitioner_id == Practitioner.id, registered_on(day))
        found.append(exists().where(here, commitments.missing()))
    return found


def _has_status(wanted: str, day: date) -> ColumnElement[bool]:
    """`rules.qualification.standing` as a condition, so that filter and list agree."""
    measure = QualificationMeasure
    mine = and_(
        measure.practitioner_id == Practitioner.id,
        measure.from_on <= day,
        or_(measure.superseded_on.is_(None), measure.superseded_on > day),
    )
    anew = exists().where(
        Registration.practitioner_id == Practitioner.id,
        Registration.from_on > measure.bar_until,
        Registration.from_on <= day,
    )
    revoked = exists().where(mine, measure.bar_until.is_not(None), ~anew)
    waits = and_(
        measure.needs_application,
        or_(measure.reinstated_on.is_(None), measure.reinstated_on > day),
    )
    suspended = exists().where(mine, measure.until.is_not(None), or_(measure.until >= day, waits))
    return {
        Status.REVOKED: revoked,
        Status.SUSPENDED: and_(suspended, ~revoked),
        Status.NORMAL: and_(~suspended, ~revoked),
    }[Status(wanted)]


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"), PointsAccount.total)
    order = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(order.nulls_last(), Practitioner.id)
