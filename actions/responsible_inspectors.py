"""分片包干: the chief says which inspector answers for an institution; open work goes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from actions import events, holds, work_items
from database import session
from models import Institution, ResponsibleInspector, User
from queries import responsible_inspectors as ask
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused

ONE_DAY = timedelta(days=1)


def assign(
    institutions: Sequence[Institution], user: User, *, actor: Actor, on: date
) -> list[ResponsibleInspector]:
    """From the day on this inspector answers for these institutions; whoever did before ends the day before.

    Refused for somebody who is no inspector of the region or whose account is off.
    """
    if user.role is not Role.INSPECTOR or user.disabled_on is not None:
        raise Refused("责任稽核员只能指定在用的稽核岗人员。", cure="请选择本统筹区的稽核岗人员。")
    holds.lock(*(one.id for one in institutions))
    return [
        row
        for one in sorted(institutions, key=lambda one: one.id)
        if (row := _assign(one, user, actor=actor, on=on)) is not None
    ]


def _assign(
    institution: Institution, user: User, *, actor: Actor, on: date
) -> ResponsibleInspector | None:
    require(actor, Permission.ASSIGN_INSPECTOR, institution)
    if user.pooling_region != institution.pooling_region:
        raise Refused("责任稽核员和机构不在同一统筹区。")
    now = ask.now(institution.id)
    if now is not None and now.user_id == user.id:
        return None
    before = now.user_id if now else None
    _end(now, on)
    row = ResponsibleInspector(
        institution=institution, user_id=user.id, from_on=on, assigned_by_id=actor.id
    )
    session.add(row)
    session.flush()
    work_items.hand_over(institution.id, before, on=on)
    events.record(row, "assign", "指定责任稽核员", actor=actor, on=on, text=user.name)
    return row


def _end(now: ResponsibleInspector | None, on: date) -> None:
    """One who was named today by mistake never answered for it; the log keeps that it was said."""
    if now is None:
        return
    if now.from_on >= on:
        session.delete(now)
    else:
        now.to_on = on - ONE_DAY
    session.flush()
