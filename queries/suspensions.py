"""Suspensions: the facts the rules judge, which are due on a day, which wait for a person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from database import session
from models import Suspension
from rules import suspensions as rule
from rules.clocks import Light
from rules.permissions import Actor
from rules.suspensions import End, SuspensionFacts


def facts(suspension: Suspension) -> SuspensionFacts:
    document = suspension.document
    returned = [row.answered_on for row in suspension.resumptions if row.accepted is False]
    return SuspensionFacts(
        family=suspension.institution.kind.family,
        from_on=suspension.from_on,
        to_on=suspension.to_on,
        term_to=suspension.agreement.term_to,
        requested_on=suspension.resumption_requested_on,
        returned_on=returned[-1] if returned else None,
        served_on=document.served_on if document else None,
    )


def ending(day: date) -> list[int]:
    """Open suspensions whose decided period ended before the day."""
    return _ids(Suspension.ended_on.is_(None), Suspension.to_on < day)


def running_long(day: date) -> list[int]:
    """Open suspensions without a request to resume that are past their longest time."""
    rows = session.scalars(
        select(Suspension)
        .where(
            Suspension.ended_on.is_(None),
            Suspension.resumption_requested_on.is_(None),
            Suspension.from_on < day,
        )
        .order_by(Suspension.id)
    )
    return [row.id for row in rows if rule.overdue(facts(row), day).end is not End.WAIT]


def waiting(actor: Actor, day: date) -> list[tuple[Suspension, str]]:
    """Overdue suspensions of the actor's region that the night could not end, with the reason."""
    rows = [session.get_one(Suspension, key) for key in running_long(day)]
    judged = [
        (row, rule.overdue(facts(row), day))
        for row in rows
        if row.pooling_region == actor.pooling_region
    ]
    return [(row, verdict.why) for row, verdict in judged if verdict.end is End.ASK_A_PERSON]


def _ids(*conditions: object) -> list[int]:
    query = select(Suspension.id).where(*conditions)  # type: ignore[arg-type]  # column conditions
    return list(session.scalars(query.order_by(Suspension.id)))


def badge(suspension: Suspension) -> Light:
    """Running, asked to resume, or ended."""
    if suspension.ended_on is not None:
        return Light("na", f"{suspension.ended_on} 结束")
    if suspension.resumption_requested_on is not None:
        return Light("review", "已申请恢复")
    return Light("over", "中止中")
