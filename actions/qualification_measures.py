"""What the ledger brings: one measure, the hold on settlement, one letter to every site; and its end.

After every line the measures on record are made those of the ledger (`scoring.points_settlement`): a suspension
is lengthened only by a total to which the table gives more months, revocation supersedes whatever runs, a measure of an
earlier year runs on beside a new one (docs/decisions/0008). What falls away by a correction, an appeal or a restoration
is silent from that day on, with its hold and the registrations it ended (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from actions import events, holds, letters, person_notices, registrations_ended, shares
from database import session
from models import Hold, Institution, Practitioner, QualificationMeasure
from models.qualification_measure import QualificationMeasureKind as Kind
from models.qualification_measure import Silenced
from queries import deductions, points_ledger, practitioners, qualification_measures
from rules import reinstatements
from rules.permissions import SYSTEM, Actor
from rules.qualification import Standing, Status
from scoring import points_settlement
from scoring.points_ledger import Term
from scoring.points_settlement import Settlement

ONE_DAY = timedelta(days=1)
WAITS = "，恢复须经申请、审核同意"
PAST = {
    True: "被冲销的记分自始不引起该措施，此前仅因该措施未结算的费用，可以按照协议补充申报审核。",
    False: "此前执行期间发生、依照规定不予支付的费用，不补办结算。",
}


@dataclass(frozen=True)
class Cause:
    """Why the measures are settled anew. `place`: told when the person is registered nowhere; `ground`: in the letter.

    `annuls`: what falls away is void from its beginning, so that its days are no longer refused.
    """

    silenced: Silenced
    place: Institution
    ground: str = ""
    annuls: bool = False


def settle(
    practitioner: Practitioner, cause: Cause, *, actor: Actor, on: date
) -> list[QualificationMeasure]:
    """Make the measures those of the ledger; returns what was imposed. The caller holds the person's lock."""
    shares.hold_sites(practitioner.id, on)
    rows = _all(practitioner.id)
    before = practitioners.status(practitioner, on)
    done = points_settlement.settle(
        points_ledger.lines(practitioner.id),
        [points_ledger.recorded(row) for row in rows],
        points_ledger.registered_from(practitioner.id),
        on,
    )
    gone = [row for row in rows if row.id in done.silenced]
    for row in gone:
        _silence(row, cause, actor=actor, on=on)
    if cause.annuls:
        _pay_again(rows, done)
    session.flush()
    imposed = [_impose(practitioner, term, on) for term in done.imposed]
    places = _registrations(practitioner, gone, imposed, on) or [cause.place]
    for measure in imposed:
        _announce(measure, places, actor=actor, on=on)
    _say_reinstated(practitioner, gone, before, places, cause, actor=actor, on=on)
    return imposed


def _all(practitioner_id: int) -> list[QualificationMeasure]:
    """Every measure, read anew and held: the nightly end may be at work on one of them."""
    query = (
        select(QualificationMeasure)
        .where(QualificationMeasure.practitioner_id == practitioner_id)
        .order_by(QualificationMeasure.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _silence(row: QualificationMeasure, cause: Cause, *, actor: Actor, on: date) -> None:
    row.superseded_on, row.silenced = on, cause.silenced
    holds.release(row, last_on=on - ONE_DAY)
    if cause.silenced is not Silenced.REPLACED:
        title = f"{row.kind.label}：{cause.silenced.label}"
        events.record(row, "lift", title, actor=actor, on=on, basis=row.basis, text=cause.ground)


def _pay_again(rows: Sequence[QualificationMeasure], done: Settlement) -> None:
    """Days that the ledger, as it now reads, does not refuse are no longer held; those it does refuse stay so."""
    brought = {(term.deduction, term.revokes) for term in done.terms}
    for row in rows:
        if (row.deduction_id, row.bar_until is not None) in brought:
            continue
        covered = [
            date.max if term.revokes else term.end
            for term in done.terms
            if term.from_on <= row.from_on and term.speaks_after(row.from_on)
        ]
        holds.release(row, last_on=max(covered, default=row.from_on - ONE_DAY))


def _impose(practitioner: Practitioner, term: Term, on: date) -> QualificationMeasure:
    kind = Kind.REVOKE if term.revokes else Kind.SUSPEND
    measure = QualificationMeasure(
        practitioner_id=practitioner.id,
        practitioner=practitioner,
        deduction_id=term.deduction,
        kind=kind,
        needs_application=reinstatements.on_application(kind, on),
        from_on=on,
        until=None if term.revokes else term.end,
        bar_until=term.end if term.revokes else None,
        total=term.total,
        basis=term.basis,
    )
    session.add(measure)
    session.flush()
    _stop_payment(measure)
    return measure


def _registrations(
    practitioner: Practitioner,
    gone: Sequence[QualificationMeasure],
    imposed: Sequence[QualificationMeasure],
    on: date,
) -> list[Institution]:
    """Revocation ends the filing everywhere, and its falling away reopens it; returns the sites to be told."""
    revoking = next((one for one in imposed if one.kind is Kind.REVOKE), None)
    ended = [key for row in gone for key in row.registrations]
    if revoking is None:
        if practitioners.status(practitioner, on).status is not Status.REVOKED:
            registrations_ended.reopen(ended, on=on)
        return practitioners.sites(practitioner.id, on)
    places = practitioners.sites(practitioner.id, on) or registrations_ended.places(ended)
    revoking.registrations = [*ended, *registrations_ended.end(practitioner.id, on=on)]
    return places


def _announce(
    measure: QualificationMeasure, places: Sequence[Institution], *, actor: Actor, on: date
) -> None:
    title = f"{measure.kind.label}（{measure.total} 分）"
    events.record(
        measure, measure.kind.value, title, actor=actor, on=on, basis=measure.basis, **_told(measure)
    )  # fmt: skip
    for place in places:
        tell(measure, place, measure.kind.value, actor=actor, on=on, from_on=on)
        shares.watch(place, on=on)
    word = measure.kind.value
    person_notices.tell(measure, places, word, actor=actor, on=on, from_on=on)


def _say_reinstated(
    practitioner: Practitioner,
    gone: Sequence[QualificationMeasure],
    before: Standing,
    places: Sequence[Institution],
    cause: Cause,
    *,
    actor: Actor,
    on: date,
) -> None:
    """One letter to every site when nothing stands any more that stood this morning."""
    after = practitioners.status(practitioner, on)
    if not gone or after.status is not Status.NORMAL or before.status is Status.NORMAL:
        return
    measure = gone[-1]
    title = "恢复医保支付资格"
    events.record(measure, "reinstate", title, actor=actor, on=on, basis=measure.basis)
    ground = f"{measure.kind.label}的措施，{cause.ground}"
    for place in places:
        tell(
            measure, place, "reinstate", actor=actor, on=on, from_on=on,
            ground=ground, past=PAST[cause.annuls],
        )  # fmt: skip
    person_notices.tell(measure, places, "reinstate", actor=actor, on=on, from_on=on)


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
        else f"暂停期满，支付资格仍为{standing.label}{WAITS if measure.needs_application else ''}"
    )
    events.record(measure, "reinstate", title, actor=SYSTEM, on=due, basis=measure.basis)
    if standing is Status.NORMAL:
        places = practitioners.sites(measure.practitioner_id, due)
        for place in places:
            tell(measure, place, "reinstate", actor=SYSTEM, on=due, from_on=due)
        person_notices.tell(measure, places, "reinstate", actor=SYSTEM, on=due, from_on=due)
    return True


def _stop_payment(measure: QualificationMeasure) -> None:
    """Not settled from this day on, at any site; emergency and rescue are.

    A revocation has no end of its own, nor has a suspension that ends on application.
    """
    session.add(
        Hold(
            practitioner_id=measure.practitioner_id,
            source=measure.__tablename__,
            source_id=measure.id,
            from_on=measure.from_on,
            to_on=None if measure.needs_application else measure.until,
            emergency_exempt=True,
            basis=measure.basis[:200],
        )
    )


def release(practitioner_id: int, *, on: date) -> None:
    """End the hold of a revocation when the person is registered anew on this day, after the bar."""
    for measure in _all(practitioner_id):
        if measure.bar_until is not None and measure.superseded_on is None:
            holds.release(measure, last_on=on - ONE_DAY)


def tell(
    measure: QualificationMeasure,
    place: Institution,
    word: str,
    *,
    actor: Actor,
    on: date,
    from_on: date,
    ground: str = "",
    past: str = "",
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
        ground=ground,
        past=past,
        on_application=measure.needs_application and word != "reinstate",
    )


def _told(measure: QualificationMeasure) -> dict[str, Any]:
    return {
        "practitioner_id": measure.practitioner_id,
        "total": measure.total,
        "until": measure.until,
        "bar_until": measure.bar_until,
    }
