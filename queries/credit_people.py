"""The people of an institution as facts: how many, their points, who was stopped, what they signed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import and_, exists, or_, select

from database import session
from models import Commitment, Deduction, QualificationMeasure, Registration
from queries import points_ledger, qualification_measures
from queries.credit_period import Life, Period, Source, Values, counted, note, regional


def _here(period: Period) -> Any:
    """Registered on the last day."""
    still = or_(Registration.to_on.is_(None), Registration.to_on >= period.to_on)
    return and_(Registration.from_on <= period.to_on, still)


def _people(period: Period, _lives: list[Life]) -> Values:
    """Registered on the last day, and of the registrations those for which a commitment was signed."""
    signed = exists().where(
        Commitment.registration_id == Registration.id, Commitment.signed_on <= period.to_on
    )
    query = regional(
        select(Registration.institution_id, Registration.practitioner_id, signed),
        Registration,
        period,
    ).where(_here(period))
    people: dict[int, set[int]] = {}
    found = counted("practitioners", "registrations", "commitments_signed")
    for key, person, has in session.execute(query):
        people.setdefault(key, set()).add(person)
        found[key]["registrations"] += 1
        found[key]["commitments_signed"] += bool(has)
    for key, own in people.items():
        found[key]["practitioners"] = len(own)
    return found


def _points(period: Period, _lives: list[Life]) -> Values:
    """Confirmed points of the calendar year, at the institution where the conduct was."""
    query = regional(
        select(Deduction.institution_id, Deduction.points, Deduction.number), Deduction, period
    ).where(
        Deduction.state == "confirmed",
        points_ledger.not_taken_back(),
        Deduction.decided_on.between(period.year_from, period.to_on),
    )
    found = counted("practitioner_points")
    for key, points, number in session.execute(query.order_by(Deduction.number)):
        found[key]["practitioner_points"] += points
        note(found[key], "points_evidence", number)
    return found


def _stopped(period: Period, _lives: list[Life]) -> Values:
    """People suspended or revoked in the calendar year while they were registered here, wherever it came from."""
    measure = QualificationMeasure
    here = and_(
        Registration.practitioner_id == measure.practitioner_id,
        Registration.from_on <= measure.from_on,
        or_(Registration.to_on.is_(None), Registration.to_on >= measure.from_on),
    )
    query = regional(
        select(Registration.institution_id, measure.practitioner_id, Deduction.number)
        .select_from(measure)
        .join(Registration, here)
        .join(Deduction, Deduction.id == measure.deduction_id)
        .distinct(),
        Registration,
        period,
    ).where(
        measure.from_on.between(period.year_from, period.to_on), qualification_measures.not_void()
    )
    people: dict[int, set[int]] = defaultdict(set)
    found: Values = defaultdict(dict)
    for key, person, number in session.execute(query.order_by(Deduction.number)):
        people[key].add(person)
        note(found[key], "stopped_evidence", number)
    return {key: {"practitioners_stopped": len(own), **found[key]} for key, own in people.items()}


SOURCES = (
    Source({"practitioners": 0, "registrations": 0, "commitments_signed": 0}, _people),
    Source({"practitioner_points": 0, "points_evidence": ""}, _points),
    Source({"practitioners_stopped": 0, "stopped_evidence": ""}, _stopped),
)
