"""The evaluation pool."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Application, Evaluation, Evaluator, Opinion
from models.user import User


def available(application: Application) -> list[Evaluator]:
    """Active members of the pool in this region who did not type the application in."""
    query = (
        select(Evaluator)
        .join(User, Evaluator.user_id == User.id)
        .where(
            Evaluator.active.is_(True),
            User.disabled_on.is_(None),
            User.pooling_region == application.pooling_region,
        )
        .order_by(Evaluator.specialty, Evaluator.id)
    )
    return [one for one in session.scalars(query) if one.user_id != application.proxy_by_id]


def chosen(ids: list[int], application: Application) -> list[Evaluator]:
    """The available members among these ids."""
    return [one for one in available(application) if one.id in ids]


def opinion_of(application: Application, user_id: int | None) -> Opinion | None:
    """This person's opinion in the latest round, signed or not."""
    if not application.evaluations:
        return None
    latest: Evaluation = application.evaluations[-1]
    return next((one for one in latest.opinions if one.evaluator.user_id == user_id), None)
