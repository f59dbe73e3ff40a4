"""The book the settlement gate reads: who may be paid for services of which days, kept with every change.

The periods of an institution or person are worked out again in the transaction that changes an agreement, a hold, a
registration or a measure; what they said before stays with the instants between which it was known.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event as hooks
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import clock
import database
from database import session
from models import (
    Agreement,
    Hold,
    PaymentPeriod,
    QualificationMeasure,
    Registration,
    Suspension,
    Termination,
)
from queries import payment_book, payment_facts
from rules.eligibility import Reason
from rules.payability import Period

_BOOK_LOCK = 735_2024  # any constant: two transactions do not work out the same subject at once
OF_PLACES = (Agreement, Suspension, Termination)
OF_PEOPLE = (Registration, QualificationMeasure)


def keep_institution(institution_id: int) -> bool:
    """Bring the book up to date for an institution and its departments; says whether anything was new."""
    found = payment_facts.of_institution(institution_id)
    rows = {
        (institution_id, 0, department): told(periods, whole=not department)
        for department, periods in found.items()
    }
    here = (PaymentPeriod.institution_id == institution_id) & (PaymentPeriod.practitioner_id == 0)
    return _keep(rows, here)


def keep_person(practitioner_id: int) -> bool:
    """The same for a person, everywhere and at each institution."""
    found = payment_facts.of_person(practitioner_id)
    rows = {
        (place, practitioner_id, ""): told(periods, whole=place != payment_facts.EVERYWHERE)
        for place, periods in found.items()
    }
    return _keep(rows, PaymentPeriod.practitioner_id == practitioner_id)


def complete() -> None:
    """Write down whoever the book does not hold yet: what was there before the book was."""
    for key in payment_book.institutions_missing():
        keep_institution(key)
    for key in payment_book.people_missing():
        keep_person(key)


def told(periods: list[Period], *, whole: bool) -> list[tuple[Any, ...]]:
    """The lines of these periods: of a department or a person everywhere only what stops it, else every day."""
    return [
        (
            one.from_on,
            one.to_on,
            _codes(one.reasons),
            _codes(one.in_emergency),
            [_plain(reason, reason in one.in_emergency) for reason in one.reasons],
        )
        for one in periods
        if whole or one.reasons
    ]


def _codes(reasons: tuple[Reason, ...]) -> str:
    return ";".join(reason.code for reason in reasons)


def _plain(reason: Reason, stands: bool) -> list[Any]:
    days = [day.isoformat() if day else None for day in (reason.from_on, reason.to_on)]
    return [reason.code, reason.article, *days, stands]


def _keep(rows: dict[tuple[int, int, str], list[tuple[Any, ...]]], whose: Any) -> bool:
    """Replace what the book says of each key where it says something else."""
    now = clock.now()
    said: dict[tuple[int, int, str], list[PaymentPeriod]] = {}
    query = select(PaymentPeriod).where(whose, PaymentPeriod.known_until.is_(None))
    for row in session.scalars(query.order_by(PaymentPeriod.from_on)):
        key = (row.institution_id, row.practitioner_id, row.department)
        said.setdefault(key, []).append(row)
    new = {
        key: rows.get(key, [])
        for key in rows.keys() | said.keys()
        if rows.get(key, []) != [_of(row) for row in said.get(key, [])]
    }
    for key in new:
        for row in said.get(key, []):
            row.known_until = max(now, row.known_from)
    session.flush()
    session.add_all(_row(key, line, now) for key, lines in new.items() for line in lines)
    return bool(new)


def _of(row: PaymentPeriod) -> tuple[Any, ...]:
    return (row.from_on, row.to_on, row.codes, row.emergency_codes, row.reasons)


def _row(key: tuple[int, int, str], line: tuple[Any, ...], now: Any) -> PaymentPeriod:
    place, person, department = key
    from_on, to_on, codes, emergency_codes, reasons = line
    return PaymentPeriod(
        institution_id=place,
        practitioner_id=person,
        department=department,
        from_on=from_on,
        to_on=to_on,
        codes=codes,
        emergency_codes=emergency_codes,
        reasons=reasons,
        known_from=now,
    )


def _touched(work: Session, _context: Any) -> None:
    """Remember whom a flush concerns; what is rolled back is only looked at once more for nothing."""
    for row in (*work.new, *work.dirty, *work.deleted):
        if isinstance(row, OF_PEOPLE) or (isinstance(row, Hold) and row.practitioner_id):
            session.info.setdefault("paid_people", set()).add(row.practitioner_id)
        elif isinstance(row, (*OF_PLACES, Hold)):
            session.info.setdefault("paid_places", set()).add(row.institution_id)


def _write(work: Session) -> None:
    if work.in_nested_transaction():
        return
    work.flush()
    places = session.info.pop("paid_places", set())
    people = session.info.pop("paid_people", set())
    if not places and not people:
        return
    if database.is_postgresql():
        work.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _BOOK_LOCK})
    for key in sorted(places):
        keep_institution(key)
    for key in sorted(people):
        keep_person(key)


def follow() -> None:
    """From now on the book is kept with every commit. Called once at start; again does nothing."""
    if not hooks.contains(session, "after_flush", _touched):
        hooks.listen(session, "after_flush", _touched)
        hooks.listen(session, "before_commit", _write, insert=True)  # before the log takes its lock
