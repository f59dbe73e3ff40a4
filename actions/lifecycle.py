"""The one gate through which a state changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import events, work_items
from database import session
from rules import permissions
from rules.lifecycle import LIFECYCLES
from rules.permissions import Actor


def move(
    subject: Any,
    verb: str,
    *,
    actor: Actor,
    on: date,
    basis: str = "",
    note: str = "",
    **facts: Any,
) -> None:
    """Carry out one move of the subject's lifecycle table.

    Refused when the state does not allow the verb, Denied when the actor may not. Sets `facts` (columns) and state
    together, follows with the work item, and writes the event with the facts used.
    """
    table = LIFECYCLES[subject.__tablename__]
    step = table.check(subject.state, verb)
    permissions.require(actor, step.permission, subject)
    before = subject.state
    for name, value in facts.items():
        setattr(subject, name, value)
    subject.state, subject.state_since = type(before)(step.target), on
    _write_down(
        subject,
        verb,
        step.label,
        actor=actor,
        on=on,
        basis=basis,
        note=note,
        before=before,
        facts=facts,
    )


def begin(
    subject: Any, verb: str, title: str, *, actor: Actor, on: date, basis: str = "", **facts: Any
) -> None:
    """Put a new subject, already in its first state, on record. The caller has asked for the permission."""
    session.add(subject)
    subject.state_since = on
    _write_down(
        subject, verb, title, actor=actor, on=on, basis=basis, note="", before="", facts=facts
    )


def _write_down(
    subject: Any,
    verb: str,
    title: str,
    *,
    actor: Actor,
    on: date,
    basis: str,
    note: str,
    before: str,
    facts: Any,
) -> None:
    table = LIFECYCLES[subject.__tablename__]
    if hasattr(subject, "number"):
        work_items.follow(subject, table, table.states[subject.state], actor=actor, on=on)
    used = {**facts, "note": note} if note else facts
    states = (before, subject.state)
    events.record(subject, verb, title, actor=actor, on=on, basis=basis, states=states, **used)
