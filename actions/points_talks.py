"""达到约谈分值: the institution is asked to talk to its practitioner, once a year; called off when points fall away."""

from __future__ import annotations

from datetime import date

import regulations
from actions import talks
from database import session
from models import Deduction, Institution, Practitioner, Talk
from queries import calendar_days, deductions, points_talks, practitioners
from queries import points_ledger as ledger
from rules import clocks
from rules import talks as rule
from rules.permissions import SYSTEM
from rules.qualification import Status
from rules.talks import Host, Person
from rules.timetable import Outcome


def follow(practitioner_id: int, day: date) -> Outcome:
    """The nightly rule, asked again under the person's lock: call, call off, or nothing (again)."""
    row = session.get_one(Practitioner, practitioner_id, with_for_update=True)
    open_ones = points_talks.waiting(row.id, day)
    if ledger.total(row.id, day) < rule.mark(day):
        for talk in open_ones:
            reason = f"{day.year} 年累计记分更正后不足约谈的分值。"
            talks.cancel(talk, reason=reason, actor=SYSTEM, on=day)
        return Outcome(done=bool(open_ones))
    if points_talks.called(row.id, day) or practitioners.status(row, day).status is Status.REVOKED:
        return Outcome()
    last = deductions.entries(row.id, day)[-1]
    place = _place(row, last, day)
    if place is None:
        return Outcome(waiting=f"{row.name}达到约谈的分值，但没有登记备案的机构，请由人员处理。")
    _call(row, place, last, day)
    return Outcome(done=True)


def _place(row: Practitioner, last: Deduction, day: date) -> Institution | None:
    """Where the latest points were given, if the person still works there; otherwise the first site."""
    here = practitioners.sites(row.id, day)
    return next((one for one in here if one.id == last.institution_id), next(iter(here), None))


def _call(row: Practitioner, place: Institution, last: Deduction, day: date) -> Talk:
    law, total = regulations.at(day, place.kind.family), ledger.total(row.id, day)
    reason = (
        f"{row.name}（{row.code}）{day.year} 年医保支付资格累计记分 {total} 分，"
        f"达到 {law.staff.talk_at.value} 分，应当由所在机构约谈，列入重点监管。"
    )
    due = clocks.due(
        rule=rule.OF_PERSON, start=day, kind=place.kind.family, workdays=calendar_days.workdays()
    )
    return talks.call(
        place,
        source=("deduction", last.id),
        called=[Person(row.name, row.role.label)],
        reason=reason,
        basis=law.staff.talk_at.basis,
        planned_on=due.due,
        place=place.name,
        actor=SYSTEM,
        on=day,
        practitioner=row,
        host=Host.INSTITUTION,
    )
