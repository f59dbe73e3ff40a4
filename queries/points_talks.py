"""Talks that points call for: whose year reached the mark, and which talks of the year there are."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from database import session
from models import PointsAccount, Talk
from rules import talks as talk_rule
from rules.lifecycle import TalkState
from rules.talks import Host


def due(day: date) -> list[int]:
    """Practitioners at the mark without a talk of the year, and those below it whose talk still waits."""
    mark = talk_rule.mark(day)
    year = select(PointsAccount.practitioner_id).where(PointsAccount.year == day.year)
    done = _of_year(day).with_only_columns(Talk.practitioner_id)
    waits = done.where(Talk.state.in_((TalkState.CALLED, TalkState.MISSED)))
    reached = year.where(PointsAccount.total >= mark, PointsAccount.practitioner_id.not_in(done))
    fallen = year.where(PointsAccount.total < mark, PointsAccount.practitioner_id.in_(waits))
    return sorted({*session.scalars(reached), *session.scalars(fallen)})


def called(practitioner_id: int, day: date) -> bool:
    """Was there a talk this year that was not called off?"""
    query = _of_year(day).where(Talk.practitioner_id == practitioner_id)
    return session.scalar(query.limit(1)) is not None


def waiting(practitioner_id: int, day: date) -> list[Talk]:
    """Talks of the year that were called and not held."""
    query = _of_year(day).where(
        Talk.practitioner_id == practitioner_id,
        Talk.state.in_((TalkState.CALLED, TalkState.MISSED)),
    )
    return list(session.scalars(query.order_by(Talk.id)))


def _of_year(day: date) -> Select[Any]:
    return select(Talk).where(
        Talk.host == Host.INSTITUTION,
        Talk.practitioner_id.is_not(None),
        Talk.called_on.between(date(day.year, 1, 1), day),
        Talk.state != TalkState.CANCELLED,
    )
