"""(state × verb × actor) on rows that came about by their actions: what the tables allow happens, all else changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from actions import lifecycle, sessions
from database import session
from models import Event, User
from rules.lifecycle import LIFECYCLES
from rules.moves import Lifecycle
from rules.permissions import Actor, Denied, may
from rules.refusal import Refused


def check(models: dict[str, Any], on: date) -> Counter:
    """Every noun, one row of each state there is, every verb, every account. Returns how often it went which way."""
    actors = [sessions.actor_of(user) for user in session.scalars(select(User).order_by(User.id))]
    assert actors, "the session looks at a database without accounts"
    seen: Counter = Counter()
    for noun, table in LIFECYCLES.items():
        for row in _one_of_each(models[noun], table):
            for verb in table.moves:
                seen.update(_attempts(row, verb, table, actors, on))
    return seen


def _one_of_each(model: Any, table: Lifecycle) -> Iterator[Any]:
    for state in table.states:
        row = session.scalar(select(model).where(model.state == state).order_by(model.id).limit(1))
        if row is not None:
            yield row


def _attempts(
    row: Any, verb: str, table: Lifecycle, actors: list[Actor], on: date
) -> Iterator[str]:
    """What became of the verb with each actor; after every attempt all is as it was."""
    before, lines = row.state, _lines()
    step = table.moves[verb]
    for actor in actors:
        permitted = before in step.sources and may(actor, step.permission, row)
        if permitted:
            yield _moved(row, verb, step.target, actor, on)
        elif before in step.sources:
            with pytest.raises(Denied):
                lifecycle.move(row, verb, actor=actor, on=on)
            yield "denied"
        else:
            with pytest.raises(Refused) as refused:
                lifecycle.move(row, verb, actor=actor, on=on)
            assert table.states[before].label in refused.value.why
            yield "refused"
        assert (row.state, bool(session.new or session.dirty)) == (before, False)
    assert _lines() == lines


def _moved(row: Any, verb: str, target: str, actor: Actor, on: date) -> str:
    """The move happens, or the database misses the evidence that the action of this verb would have given it."""
    inner = session.begin_nested()
    try:
        lifecycle.move(row, verb, actor=actor, on=on)
        session.flush()
        assert row.state == target
        return "moved"
    except IntegrityError:
        return "without evidence"
    finally:
        inner.rollback()
        session.refresh(row)


def _lines() -> int:
    return session.scalar(select(func.count()).select_from(Event))
