"""Measures on payment qualification: what they say of people, which have run out, how an institution stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from database import session
from models import QualificationMeasure, Registration
from models.qualification_measure import Silenced
from rules import qualification
from rules.qualification import Measure, Standing, Status


def standings(ids: Iterable[int], day: date) -> dict[int, Standing]:
    """The status of many on a day, in two queries."""
    wanted = list(ids)
    said: dict[int, list[Measure]] = defaultdict(list)
    for row in session.scalars(
        select(QualificationMeasure).where(QualificationMeasure.practitioner_id.in_(wanted))
    ):
        said[row.practitioner_id].append(fact_of(row))
    first: dict[int, list[date]] = defaultdict(list)
    for person, from_on in session.execute(
        select(Registration.practitioner_id, Registration.from_on).where(
            Registration.practitioner_id.in_(list(said))
        )
    ):
        first[person].append(from_on)
    return {key: qualification.standing(said[key], first[key], day) for key in wanted}


def fact_of(row: QualificationMeasure) -> Measure:
    """The dated facts of a measure."""
    return Measure(
        row.from_on, row.until, row.bar_until, row.superseded_on, row.total, row.basis,
        row.needs_application, row.reinstated_on,
    )  # fmt: skip


def measures(practitioner_id: int) -> list[QualificationMeasure]:
    """Every measure on a person, newest first."""
    return list(
        session.scalars(
            select(QualificationMeasure)
            .where(QualificationMeasure.practitioner_id == practitioner_id)
            .order_by(QualificationMeasure.id.desc())
        )
    )


def suspensions_over(day: date) -> list[int]:
    """Ids of suspensions whose last day lies before the day and whose end was not carried out yet."""
    query = (
        select(QualificationMeasure.id)
        .where(
            QualificationMeasure.until < day,
            QualificationMeasure.superseded_on.is_(None),
            QualificationMeasure.ended_on.is_(None),
        )
        .order_by(QualificationMeasure.until, QualificationMeasure.id)
    )
    return list(session.scalars(query))


def revoked_at(practitioner_id: int, institution_id: int, day: date) -> bool:
    """Was the person's filing at this institution ended by a revocation that still speaks on the day?"""
    rows = session.scalars(
        select(QualificationMeasure).where(
            QualificationMeasure.practitioner_id == practitioner_id,
            QualificationMeasure.bar_until.is_not(None),
            QualificationMeasure.from_on <= day,
        )
    )
    ended = {
        key
        for row in rows
        if row.superseded_on is None or row.superseded_on > day
        for key in row.registrations
    }
    query = select(Registration.id).where(
        Registration.id.in_(ended), Registration.institution_id == institution_id
    )
    status = standings([practitioner_id], day)[practitioner_id].status
    return status is Status.REVOKED and session.scalar(query.limit(1)) is not None


def not_void() -> ColumnElement[bool]:
    """The condition that a measure counts for others: neither corrected away nor held by an appeal."""
    silenced = QualificationMeasure.silenced
    return or_(silenced.is_(None), silenced.not_in((Silenced.CORRECTED, Silenced.HELD)))
