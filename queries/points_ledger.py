"""The ledger of points: its lines, what they add up to on a day, and what stands on record beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from database import session
from models import Deduction, PointsEntry, QualificationMeasure, Registration, Restoration
from rules import qualification
from rules.qualification import Standing
from scoring import points_settlement
from scoring.points_ledger import EntryKind, Line
from scoring.points_settlement import Recorded


def lines(practitioner_id: int, *, by: date | None = None) -> list[Line]:
    """Every line of a person in the order in which it was booked; `by`: as the ledger stood at the end of a day."""
    query = (
        select(PointsEntry, Deduction, Restoration)
        .outerjoin(Deduction, Deduction.id == PointsEntry.deduction_id)
        .outerjoin(Restoration, Restoration.id == PointsEntry.restoration_id)
        .where(PointsEntry.practitioner_id == practitioner_id)
        .order_by(PointsEntry.id)
    )
    if by is not None:
        query = query.where(PointsEntry.booked_on <= by)
    return [_line(*row) for row in session.execute(query)]


def _line(entry: PointsEntry, given: Deduction | None, restored: Restoration | None) -> Line:
    gives = given if entry.kind is EntryKind.DEDUCT else None
    return Line(
        kind=entry.kind,
        points=entry.points,
        decided_on=given.decided_on if given else restored.took_part_on if restored else date.min,
        booked_on=entry.booked_on,
        deduction=entry.deduction_id or 0,
        restoration=entry.restoration_id or 0,
        replaces=(gives.replaces_id or 0) if gives else 0,
        adjusts=bool(restored and restored.adjusts),
    )


def prospective(deduction: Deduction, on: date) -> Line:
    """The line that confirming a deduction would add."""
    return Line(
        EntryKind.DEDUCT,
        deduction.points,
        deduction.decided_on,
        on,
        deduction=deduction.id,
        replaces=deduction.replaces_id or 0,
    )


def total(practitioner_id: int, day: date) -> int:
    """Points of the calendar year of the day, as far as they were booked by then."""
    query = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
        PointsEntry.practitioner_id == practitioner_id,
        PointsEntry.year == day.year,
        PointsEntry.booked_on <= day,
    )
    return int(session.scalar(query) or 0)


def balance(practitioner_id: int, year: int) -> int:
    """What the account of a year comes to with every line there is."""
    query = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
        PointsEntry.practitioner_id == practitioner_id, PointsEntry.year == year
    )
    return int(session.scalar(query) or 0)


def booked(practitioner_id: int) -> list[PointsEntry]:
    """The lines for a page, newest first."""
    query = (
        select(PointsEntry)
        .where(PointsEntry.practitioner_id == practitioner_id)
        .order_by(PointsEntry.id.desc())
    )
    return list(session.scalars(query))


def restored(practitioner_id: int, year: int) -> int:
    """Points taken off the year by restoration, less those that fell away again."""
    query = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
        PointsEntry.practitioner_id == practitioner_id,
        PointsEntry.year == year,
        PointsEntry.restoration_id.is_not(None),
    )
    return -int(session.scalar(query) or 0)


def taken_back(deduction_id: int) -> date | None:
    """The day on which the points of a deduction were taken back."""
    query = select(PointsEntry.booked_on).where(
        PointsEntry.deduction_id == deduction_id, PointsEntry.kind == EntryKind.REVERSE
    )
    return session.scalar(query)


def all_taken_back(practitioner_id: int) -> set[int]:
    """Ids of the person's deductions that were taken back."""
    query = select(PointsEntry.deduction_id).where(
        PointsEntry.practitioner_id == practitioner_id, PointsEntry.kind == EntryKind.REVERSE
    )
    return {key for key in session.scalars(query) if key is not None}


def not_taken_back(by: date | None = None) -> ColumnElement[bool]:
    """The condition that a deduction still counts; `by`: as the ledger stood at the end of a day."""
    line = aliased(PointsEntry)
    reverse = and_(line.deduction_id == Deduction.id, line.kind == EntryKind.REVERSE)
    return ~exists().where(reverse if by is None else and_(reverse, line.booked_on <= by))


def standing_cancellable(practitioner_id: int, year: int) -> list[Restoration]:
    """Restorations of a year that still count, the newest first."""
    cancelled = exists().where(
        PointsEntry.restoration_id == Restoration.id, PointsEntry.kind == EntryKind.CANCEL
    )
    query = (
        select(Restoration)
        .where(
            Restoration.practitioner_id == practitioner_id,
            Restoration.year == year,
            Restoration.state == "confirmed",
            ~cancelled,
        )
        .order_by(Restoration.id.desc())
    )
    return list(session.scalars(query))


def registered_from(practitioner_id: int) -> list[date]:
    """The first days of the person's registrations: one after the bar ends a revocation."""
    query = select(Registration.from_on).where(Registration.practitioner_id == practitioner_id)
    return list(session.scalars(query))


def recorded(measure: QualificationMeasure) -> Recorded:
    end = measure.bar_until or measure.until or date.max  # one of the two, says the table
    suspends = (
        measure.until is not None
    )  # a revocation is ended by registering anew, agreed to or not
    return Recorded(
        key=measure.id,
        deduction=measure.deduction_id,
        revokes=measure.bar_until is not None,
        total=measure.total,
        basis=measure.basis,
        from_on=measure.from_on,
        end=end,
        silent_from=measure.superseded_on or (measure.reinstated_on if suspends else None),
        waits=suspends and measure.needs_application and measure.reinstated_on is None,
    )


@dataclass(frozen=True)
class Replayed:
    """Total and status of a person on a day, computed from the ledger and the rules of each line's day alone."""

    total: int
    standing: Standing


def replay(practitioner_id: int, day: date) -> Replayed:
    """What was decided by the end of a day; nothing that was only stored is looked at."""
    known, registered = lines(practitioner_id, by=day), registered_from(practitioner_id)
    return Replayed(_sum(known, day.year), _standing(known, registered, day))


def _sum(known: Sequence[Line], year: int) -> int:
    return sum(line.points for line in known if line.decided_on.year == year)


def _standing(known: Sequence[Line], registered: Collection[date], day: date) -> Standing:
    measures = [one.as_measure() for one in points_settlement.replay(known, registered)]
    return qualification.standing(measures, registered, day)


def deductions_of(practitioner_id: int) -> dict[int, Deduction]:
    """The deductions of a person by id, for pages that name them beside their lines."""
    query = (
        select(Deduction)
        .options(joinedload(Deduction.institution))
        .where(Deduction.practitioner_id == practitioner_id)
    )
    return {row.id: row for row in session.scalars(query)}
