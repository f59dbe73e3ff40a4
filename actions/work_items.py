"""待办 follow the lifecycle: a state with a desk opens one, the next move closes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import StatutoryClock, WorkItem
from rules.lifecycle import Lifecycle, State
from rules.permissions import Actor


def follow(subject: Any, table: Lifecycle, state: State, *, actor: Actor, on: date) -> None:
    """Close the open item of the subject as done by the actor; open the next one if somebody is waited for."""
    session.flush()
    open_item = of(subject)
    if open_item:
        open_item.done, open_item.done_by, open_item.done_by_name = True, actor.id, actor.name
        open_item.done_on = on
        session.flush()
    if state.desk:
        session.add(_opened(subject, table, state, actor=actor, on=on))


def of(subject: Any) -> WorkItem | None:
    """The open item of a subject, if anybody is waited for."""
    return session.scalar(
        select(WorkItem).where(
            WorkItem.subject == subject.__tablename__,
            WorkItem.subject_id == subject.id,
            WorkItem.done.is_(False),
        )
    )


def take_over_clock(subject: Any, clock: StatutoryClock) -> None:
    """Copy the due day and the pause of the subject's clock to its open item, where lists read them."""
    session.flush()
    item = of(subject)
    if item:
        running = clock.finished_on is None
        item.due_on = clock.due_on if running else None
        item.paused = running and clock.paused_on is not None


def _opened(subject: Any, table: Lifecycle, state: State, *, actor: Actor, on: date) -> WorkItem:
    institution = subject.institution
    clock = session.scalar(
        select(StatutoryClock).where(
            StatutoryClock.subject == subject.__tablename__,
            StatutoryClock.subject_id == subject.id,
            StatutoryClock.finished_on.is_(None),
        )
    )
    return WorkItem(
        subject=subject.__tablename__,
        subject_id=subject.id,
        number=subject.number,
        matter=table.label,
        step=state.step,
        desk=str(state.desk),
        institution_id=institution.id,
        institution_name=institution.name,
        institution_kind=str(institution.kind),
        pinyin=institution.pinyin,
        pooling_region=institution.pooling_region,
        opened_on=on,
        due_on=clock.due_on if clock else None,
        paused=bool(clock and clock.paused_on),
        started_by=actor.id,
    )
