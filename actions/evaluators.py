"""The evaluation pool: who may be called into a team, and for which specialty."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import regulations
from actions import events
from database import session
from models import Evaluator, User
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused


def join(
    user: User, specialty: str, *, organisation: str = "", actor: Actor, on: date
) -> Evaluator:
    """Put a member of staff into the pool for one specialty.

    Refused for a specialty the law does not ask for, for users of institutions, and for somebody already in the pool.
    """
    require(actor, Permission.FORM_TEAM, user)
    labels = {row.key: row.label for row in regulations.at(on).table("evaluation_specialties")}
    if specialty not in labels:
        raise Refused("评估专业不在规定的范围内。", cure=f"请选择：{'、'.join(labels.values())}。")
    if user.role is Role.INSTITUTION or user.disabled_on is not None:
        raise Refused("机构用户和停用的用户不能进入评估人员库。")
    if session.scalar(select(Evaluator.id).where(Evaluator.user_id == user.id)):
        raise Refused(f"{user.name}已在评估人员库中。")
    evaluator = Evaluator(user=user, specialty=specialty, organisation=organisation.strip())
    session.add(evaluator)
    session.flush()
    title = f"{user.name}进入评估人员库（{labels[specialty]}）"
    events.record(user, "join_pool", title, actor=actor, on=on, specialty=specialty)
    return evaluator
