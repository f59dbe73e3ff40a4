"""The applicant is silent: no supplement comes. The clockwork reminds; it ends nothing unless a parameter says so."""

from __future__ import annotations

from datetime import date

import regulations
from actions import applications, events
from database import session
from models import Application
from queries import calendar_days
from rules import silence
from rules.permissions import SYSTEM
from rules.states import ApplicationState
from rules.timetable import Outcome


def remind(application_id: int, day: date) -> Outcome:
    """One case of the night: lock, ask the rule again, then remind, or withdraw where the local parameter says so."""
    row = session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not ApplicationState.SUPPLEMENTING:
        return Outcome()
    since = row.reminded_on or row.supplement_requested_on
    family = row.institution.kind.family
    if since is None or not silence.is_over(since, family, day, calendar_days.workdays()):
        return Outcome()
    law = regulations.at(day, family)
    if silence.lapses(row.reminders, on=day):
        note = (
            f"提醒 {row.reminders} 次后仍未补正，按撤回处理（{law.apply.supplement_lapse.basis}）"
        )
        applications.withdraw(row, actor=SYSTEM, on=day, note=note)
        return Outcome(done=True)
    row.reminders, row.reminded_on = row.reminders + 1, day
    text = f"自 {row.supplement_requested_on} 告知补正以来没有补正，第 {row.reminders} 次提醒"
    events.record(
        row,
        "remind",
        "提醒补正",
        actor=SYSTEM,
        on=day,
        text=text,
        basis=law.apply.supplement_silence.basis,
    )
    return Outcome(done=True)
