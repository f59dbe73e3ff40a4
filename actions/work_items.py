"""待办 follow the lifecycle: a state with a desk opens one, the next move closes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from database import session
from models import Institution, StatutoryClock, WorkItem
from queries import responsible_inspectors, scope
from rules import permissions
from rules.lifecycle import LIFECYCLES, Lifecycle, State
from rules.permissions import Actor, Role


def follow(subject: Any, table: Lifecycle, state: State, *, actor: Actor, on: date) -> None:
    """Close the open item of the subject as done by the actor; open the next one if somebody is waited for."""
    session.flush()
    settle(subject.__tablename__, subject.id, actor=actor, on=on)
    session.flush()
    if state.desk:
        session.add(_opened(subject, table, state, actor=actor, on=on))


def of(subject: Any) -> WorkItem | None:
    """The open item of a subject, if anybody is waited for."""
    return _open(subject.__tablename__, subject.id)


def _open(subject: str, subject_id: int) -> WorkItem | None:
    return session.scalar(
        select(WorkItem).where(
            WorkItem.subject == subject, WorkItem.subject_id == subject_id, WorkItem.done.is_(False)
        )
    )


def assign(
    subject: str, subject_id: int, case: Any, *, step: str, user_id: int, actor: Actor, on: date
) -> None:
    """Open an item for one person by name: a part of a case that only this person can do."""
    clock = _clock(case)
    session.add(
        WorkItem(
            subject=subject,
            subject_id=subject_id,
            number=case.number,
            matter=LIFECYCLES[case.__tablename__].label,
            step=step,
            desk=f"user:{user_id}",
            opened_on=on,
            due_on=clock.due_on if clock else None,
            paused=bool(clock and clock.paused_on),
            started_by=actor.id,
            **_institution(case.institution),
        )
    )


def remind(case: Any, *, matter: str, step: str, due_on: date, on: date) -> None:
    """Open an item of the clerks that no lifecycle asks for; it is settled by whatever it reminds of."""
    session.add(
        WorkItem(
            subject="reminder",
            subject_id=case.id,
            number=case.number,
            matter=matter,
            step=step,
            desk=str(Role.CLERK),
            opened_on=on,
            due_on=due_on,
            **_institution(case.institution),
        )
    )


def call_for(subject: Any, *, matter: str, step: str, desk: str, due_on: date, on: date) -> None:
    """Open an item that no lifecycle asks for, unless one is open. A person closes it with `settle`."""
    if _open(subject.__tablename__, subject.id) is not None:
        return
    session.add(
        WorkItem(
            subject=subject.__tablename__, subject_id=subject.id, number=subject.number, matter=matter,
            step=step, desk=_inspectors_desk(subject, on) if desk == Role.INSPECTOR else str(desk),
            opened_on=on, due_on=due_on, paused=False, started_by=None,
            **_institution(subject.institution),
        )
    )  # fmt: skip


def hand_to(subject: Any, desk: Role) -> None:
    """The open item waits for another desk than the one of the state."""
    session.flush()
    item = of(subject)
    if item:
        item.desk = str(desk)


def settle(subject: str, subject_id: int, *, actor: Actor, on: date) -> None:
    """Close the open item of a part."""
    item = _open(subject, subject_id)
    if item:
        item.done, item.done_by, item.done_by_name, item.done_on = True, actor.id, actor.name, on


def hand_over(institution_id: int, before: int | None, *, on: date) -> None:
    """Open items of the inspectors go to whoever answers for the institution now, also from the one before."""
    desks = [str(Role.INSPECTOR), *([f"user:{before}"] if before else [])]
    items = session.scalars(
        select(WorkItem).where(
            WorkItem.institution_id == institution_id,
            WorkItem.done.is_(False),
            WorkItem.subject.in_(list(LIFECYCLES)),
            WorkItem.desk.in_(desks),
        )
    )
    for item in items.all():
        subject = scope.locked(item.subject, item.subject_id)
        item.desk = _inspectors_desk(subject, on)


def _desk(subject: Any, state: State, on: date) -> str:
    return _inspectors_desk(subject, on) if state.desk is Role.INSPECTOR else str(state.desk)


def _inspectors_desk(subject: Any, on: date) -> str:
    """Whoever answers for the institution; all inspectors when nobody does, or when that person may do no step here."""
    owner = responsible_inspectors.owner(subject.institution.id, on)
    if owner is None or not _can_act(owner, subject):
        return str(Role.INSPECTOR)
    return f"user:{owner.id}"


def _can_act(owner: Actor, subject: Any) -> bool:
    table = LIFECYCLES[subject.__tablename__]
    if (
        table.states[subject.state].desk is None
    ):  # an item that was called for, not a step of the table
        return True
    steps = (table.moves[verb] for verb in table.verbs_from(subject.state))
    return any(permissions.may(owner, step.permission, subject) for step in steps)


def wait_until(subject: Any, day: date) -> None:
    """The open item of a subject without a statutory clock shows the planned day as its due day."""
    session.flush()
    item = of(subject)
    if item:
        item.due_on = day


def rename(institution: Institution) -> None:
    """Open items show the institution by its name of today; what is done keeps the name of its day."""
    session.execute(
        update(WorkItem)
        .where(WorkItem.institution_id == institution.id, WorkItem.done.is_(False))
        .values(institution_name=institution.name, pinyin=institution.pinyin)
        .execution_options(synchronize_session="fetch")
    )


def take_over_clock(subject: Any, clock: StatutoryClock) -> None:
    """Copy the due day and the pause of the subject's clock to its open item, where lists read them."""
    session.flush()
    _copy(of(subject), clock)


def forget_clock(subject: Any) -> None:
    """The subject has no clock any more."""
    session.flush()
    item = of(subject)
    if item:
        item.due_on, item.paused = None, False


def show_clock(subject: str, subject_id: int, clock: StatutoryClock) -> None:
    """Copy a clock of the case to the open item of a part of it."""
    session.flush()
    _copy(_open(subject, subject_id), clock)


def take_over_moved(clock: StatutoryClock) -> None:
    """The same for a clock that moved by itself, whoever's it is."""
    session.flush()
    _copy(_open(clock.subject, clock.subject_id), clock)


def _copy(item: WorkItem | None, clock: StatutoryClock) -> None:
    if item:
        running = clock.finished_on is None
        item.due_on = clock.due_on if running else None
        item.paused = running and clock.paused_on is not None


def _clock(subject: Any) -> StatutoryClock | None:
    return session.scalar(
        select(StatutoryClock).where(
            StatutoryClock.subject == subject.__tablename__,
            StatutoryClock.subject_id == subject.id,
            StatutoryClock.finished_on.is_(None),
        )
    )


def _opened(subject: Any, table: Lifecycle, state: State, *, actor: Actor, on: date) -> WorkItem:
    clock = _clock(subject)
    return WorkItem(
        subject=subject.__tablename__,
        subject_id=subject.id,
        number=subject.number,
        matter=table.label,
        step=state.step,
        desk=_desk(subject, state, on),
        opened_on=on,
        due_on=clock.due_on if clock else None,
        paused=bool(clock and clock.paused_on),
        started_by=actor.id,
        **_whose(subject),
    )


def _whose(subject: Any) -> dict[str, Any]:
    """The columns a list shows of the institution, or of the person for whom none answers; a scheme is nobody's."""
    if subject.institution is not None:
        return _institution(subject.institution)
    return {
        "institution_id": None,
        "institution_name": subject.rating.name if hasattr(subject, "rating") else "",
        "institution_kind": "",
        "pooling_region": subject.pooling_region,
    }


def _institution(institution: Institution) -> dict[str, Any]:
    """The columns a list shows of the institution."""
    return {
        "institution_id": institution.id,
        "institution_name": institution.name,
        "institution_kind": str(institution.kind),
        "pinyin": institution.pinyin,
        "pooling_region": institution.pooling_region,
    }
