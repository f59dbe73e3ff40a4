"""How a renewal ends: with the signature of the following agreement, or with the end of the old one."""

from __future__ import annotations

from datetime import date

from actions import events, lifecycle, work_items
from database import session
from models import Agreement, Reminder
from queries import renewals as ask
from rules import renewals as rule
from rules.lifecycle import RenewalState
from rules.permissions import SYSTEM, Actor
from rules.renewals import ReminderKind
from rules.timetable import Outcome


def conclude(following: Agreement, *, actor: Actor, on: date) -> None:
    """The following agreement was signed by both: its renewal, if it came from one, is done."""
    renewal = ask.leading_to(following.id)
    if renewal is not None and renewal.state == RenewalState.OFFERED:
        lifecycle.move(renewal, "conclude", actor=actor, on=on)


def end(agreement_id: int, day: date) -> Outcome:
    """The agreement has ended: an open renewal of it and an open reminder end as well."""
    agreement = session.get_one(
        Agreement, agreement_id, with_for_update=True, populate_existing=True
    )
    if agreement.state in ask.LIVING:
        return Outcome()
    work_items.settle("reminder", agreement_id, actor=SYSTEM, on=day)
    renewal = ask.open_of(agreement_id, lock=True)
    if renewal is not None and renewal.state not in ask.FINISHED:
        lifecycle.move(renewal, "end", actor=SYSTEM, on=day)
    return Outcome(done=True)


def remind(agreement_id: int, day: date) -> Outcome:
    """Give the reminders whose day has come and that were not given; what is overdue stands on the clerk's list.

    Each bears the day it belongs to, whenever it is made up.
    """
    agreement = session.get_one(
        Agreement, agreement_id, with_for_update=True, populate_existing=True
    )
    if agreement.state not in ask.LIVING or ask.was_sought(agreement_id):
        return Outcome()
    family, given = agreement.institution.kind.family, ask.reminded(agreement_id)
    missing = [
        (kind, due)
        for kind, due in rule.reminders(agreement.term_to, day, family)
        if kind not in given
    ]
    for kind, due in missing:
        session.add(
            Reminder(
                institution=agreement.institution, agreement_id=agreement_id, kind=kind, due_on=due
            )
        )
        events.record(
            agreement, "remind_renewal", f"续签提醒：{kind.label}", actor=SYSTEM, on=day, due_on=due
        )
    if ReminderKind.DUE in dict(missing):
        _put_on_the_list(agreement, day)
    return Outcome(done=bool(missing))


def _put_on_the_list(agreement: Agreement, day: date) -> None:
    window = rule.window(agreement.term_to, day, agreement.institution.kind.family)
    work_items.settle("reminder", agreement.id, actor=SYSTEM, on=day)
    session.flush()
    work_items.remind(agreement, matter="协议续签", step="组织续签", due_on=window.due_on, on=day)
