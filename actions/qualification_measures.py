"""What crossing a threshold brings: one measure, the hold on settlement, one letter to every site; and its end.

A suspension is lengthened only by a total to which the table gives more months; it then ends by the difference later,
and the older measure is superseded. Revocation supersedes whatever runs. A measure of an earlier year runs on beside
a new one, and the status follows the one that ends last (docs/decisions/0008).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from actions import events, holds, letters
from database import session
from models import Deduction, Hold, Institution, QualificationMeasure, Registration
from models.qualification_measure import QualificationMeasureKind as Kind
from queries import deductions, practitioners, qualification_measures
from rules import clocks, qualification
from rules.permissions import SYSTEM, Actor
from rules.qualification import Status
from scoring.points import PointsLaw, Revoke, Suspend

ONE_DAY = timedelta(days=1)


def impose(
    deduction: Deduction, change: Suspend | Revoke, law: PointsLaw, *, actor: Actor, on: date
) -> QualificationMeasure | None:
    """Write the measure of a confirmed entry, with its hold and letters. The caller holds the account's lock.

    None when something heavier already stands: nobody revoked is suspended, and no bar gets shorter.
    """
    running = _running(deduction.practitioner_id, on)
    measure = _measure(deduction, change, law, running, on)
    if _outweighed(measure, on):
        return None
    for old in running:
        if isinstance(change, Revoke) or old in _prolonged(deduction, change, running):
            _supersede(old, on)
    session.add(measure)
    session.flush()
    _stop_payment(measure)
    places = practitioners.sites(deduction.practitioner_id, on) or [deduction.institution]
    if measure.kind is Kind.REVOKE:
        _end_registrations(deduction.practitioner_id, on)
    title = f"{measure.kind.label}（{measure.total} 分）"
    events.record(
        measure,
        measure.kind.value,
        title,
        actor=actor,
        on=on,
        basis=measure.basis,
        **_told(measure),
    )
    for place in places:
        _tell(measure, place, measure.kind.value, actor=actor, on=on, from_on=on)
    return measure


def end_qualification_suspensions(day: date) -> int:
    """End every suspension whose last day is over. Returns how many; a second run finds none.

    A job that commits case by case walks `queries.qualification_measures.suspensions_over(day)` itself.
    """
    return sum(end_suspension(key, day=day) for key in qualification_measures.suspensions_over(day))


def end_suspension(measure_id: int, *, day: date) -> bool:
    """Carry out the end of one suspension, dated the day after its last. False when there is nothing to do (again).

    Where another measure still stands on that day, the end is noted and nobody is told of a reinstatement.
    """
    measure = session.get(
        QualificationMeasure, measure_id, with_for_update=True, populate_existing=True
    )
    if measure is None or measure.until is None or measure.until >= day:
        return False
    if measure.superseded_on is not None or measure.ended_on is not None:
        return False
    due = measure.until + ONE_DAY
    measure.ended_on = due
    standing = practitioners.status(measure.practitioner, due).status
    title = (
        "恢复医保支付资格"
        if standing is Status.NORMAL
        else f"暂停期满，支付资格仍为{standing.label}"
    )
    events.record(measure, "reinstate", title, actor=SYSTEM, on=due, basis=measure.basis)
    if standing is Status.NORMAL:
        for place in practitioners.sites(measure.practitioner_id, due):
            _tell(measure, place, "reinstate", actor=SYSTEM, on=due, from_on=due)
    return True


def _running(practitioner_id: int, on: date) -> list[QualificationMeasure]:
    """Measures not superseded, read anew and held: the nightly end may be at work on one of them."""
    query = (
        select(QualificationMeasure)
        .where(
            QualificationMeasure.practitioner_id == practitioner_id,
            QualificationMeasure.superseded_on.is_(None),
        )
        .order_by(QualificationMeasure.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [one for one in session.scalars(query) if one.until is None or one.until >= on]


def _measure(
    deduction: Deduction,
    change: Suspend | Revoke,
    law: PointsLaw,
    running: list[QualificationMeasure],
    on: date,
) -> QualificationMeasure:
    measure = QualificationMeasure(
        practitioner_id=deduction.practitioner_id,
        practitioner=deduction.practitioner,
        deduction_id=deduction.id,
        from_on=on,
        total=change.total,
        basis=change.basis,
    )
    if isinstance(change, Revoke):
        measure.kind = Kind.REVOKE
        measure.bar_until = clocks.add_months(on, change.bar_months)
        return measure
    measure.kind = Kind.SUSPEND
    measure.until = _last_day(deduction, change, law, running, on)
    return measure


def _last_day(
    deduction: Deduction,
    change: Suspend,
    law: PointsLaw,
    running: list[QualificationMeasure],
    on: date,
) -> date:
    """A longer term replaces a shorter one of the year: only the months it has more are added."""
    if not change.prolongs:
        return qualification.suspended_until(on, change.months)
    more = change.months - law.suspension_months(change.total - deduction.points)
    still = [old.until for old in _prolonged(deduction, change, running) if old.until]
    return qualification.suspended_until(on, more, running_until=max(still, default=None))


def _prolonged(
    deduction: Deduction, change: Suspend | Revoke, running: list[QualificationMeasure]
) -> list[QualificationMeasure]:
    """The suspensions of the same year's account that this change lengthens."""
    if isinstance(change, Revoke) or not change.prolongs:
        return []
    account = {
        entry.id
        for entry in deductions.of(deduction.practitioner_id)
        if entry.year == deduction.year
    }
    return [old for old in running if old.until and old.deduction_id in account]


def _outweighed(measure: QualificationMeasure, on: date) -> bool:
    standing = practitioners.status(measure.practitioner, on)
    if standing.status is not Status.REVOKED or standing.until is None:
        return False
    return measure.bar_until is None or measure.bar_until <= standing.until


def _supersede(old: QualificationMeasure, on: date) -> None:
    old.superseded_on = on
    holds.release(old, last_on=on - ONE_DAY)


def _stop_payment(measure: QualificationMeasure) -> None:
    """Not settled from this day on, at any site; emergency and rescue are. A revocation has no end of its own."""
    session.add(
        Hold(
            practitioner_id=measure.practitioner_id,
            source=measure.__tablename__,
            source_id=measure.id,
            from_on=measure.from_on,
            to_on=measure.until,
            emergency_exempt=True,
            basis=measure.basis[:200],
        )
    )


def release(practitioner_id: int, *, on: date) -> None:
    """End the hold of a revocation when the person is registered anew on this day, after the bar."""
    for measure in _running(practitioner_id, on):
        if measure.bar_until is not None:
            holds.release(measure, last_on=on - ONE_DAY)


def _end_registrations(practitioner_id: int, on: date) -> None:
    """Revocation ends the filing everywhere; after the bar the person files anew."""
    query = select(Registration).where(
        Registration.practitioner_id == practitioner_id, practitioners.registered_on(on)
    )
    for registration in session.scalars(query):
        registration.to_on = on


def _tell(
    measure: QualificationMeasure,
    place: Institution,
    word: str,
    *,
    actor: Actor,
    on: date,
    from_on: date,
) -> None:
    letters.issue(
        "qualification",
        measure,
        place,
        actor=actor,
        on=on,
        practitioner=measure.practitioner.name,
        practitioner_code=measure.practitioner.code,
        institution=place.name,
        measure=word,
        from_on=from_on,
        until=measure.until if word == Kind.SUSPEND else None,
        bar_until=measure.bar_until,
        total=measure.total
        if word != "reinstate"
        else deductions.total(measure.practitioner_id, on),
        basis=measure.basis,
    )


def _told(measure: QualificationMeasure) -> dict[str, Any]:
    return {
        "practitioner_id": measure.practitioner_id,
        "total": measure.total,
        "until": measure.until,
        "bar_until": measure.bar_until,
    }
