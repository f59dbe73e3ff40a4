"""Booking lines of the points ledger under the lock of the person and of the year's account."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite

import database
from database import session
from models import Deduction, PointsAccount, PointsEntry, Practitioner, Restoration
from queries import points_ledger as ask
from scoring.points_ledger import EntryKind


def lock(practitioner_id: int, year: int) -> PointsAccount:
    """The account's row, made if absent, held until the transaction ends and read anew.

    The person is held first: a measure depends on every year's account, and lines are numbered in their order.
    """
    session.get_one(Practitioner, practitioner_id, with_for_update=True)
    insert = postgresql.insert if database.is_postgresql() else sqlite.insert
    values = {"practitioner_id": practitioner_id, "year": year, "total": 0}
    session.execute(insert(PointsAccount).values(**values).on_conflict_do_nothing())
    return session.get_one(
        PointsAccount, (practitioner_id, year), with_for_update=True, populate_existing=True
    )


def deduct(deduction: Deduction, *, on: date) -> PointsEntry:
    """Count a deduction."""
    return _book(EntryKind.DEDUCT, deduction.points, deduction, on)


def reverse(deduction: Deduction, *, on: date) -> PointsEntry:
    """Take a deduction back whole, after what is given in its place was booked."""
    return _book(EntryKind.REVERSE, -deduction.points, deduction, on, floor=True)


def hold(deduction: Deduction, *, on: date) -> PointsEntry:
    return _book(EntryKind.HOLD, 0, deduction, on)


def resume(deduction: Deduction, *, on: date) -> PointsEntry:
    return _book(EntryKind.RESUME, 0, deduction, on)


def restore(restoration: Restoration, *, on: date) -> PointsEntry:
    return _book(EntryKind.RESTORE, -restoration.points, restoration, on)


def _book(
    kind: EntryKind, points: int, source: Deduction | Restoration, on: date, *, floor: bool = False
) -> PointsEntry:
    account = session.get_one(PointsAccount, (source.practitioner_id, source.year))
    if floor:
        _give_room(account, source, on)
    account.total += points
    entry = PointsEntry(
        practitioner_id=source.practitioner_id,
        year=source.year,
        kind=kind,
        points=points,
        total_after=account.total,
        deduction_id=source.id if isinstance(source, Deduction) else None,
        restoration_id=source.id if isinstance(source, Restoration) else None,
        booked_on=on,
    )
    session.add(entry)
    session.flush()
    return entry


def _give_room(account: PointsAccount, source: Deduction | Restoration, on: date) -> None:
    """Points restored beyond what remains fall away first, newest first: nothing was there to restore."""
    for restoration in ask.standing_cancellable(account.practitioner_id, account.year):
        if account.total >= source.points:
            return
        _book(EntryKind.CANCEL, restoration.points, restoration, on)
