"""Upkeep of a registration: the department, and the warning before the person's certificate ends."""

from __future__ import annotations

from datetime import date

from actions import events, work_items
from database import session
from models import Registration
from queries import registrations as ask
from rules import licences as rule
from rules import names
from rules.permissions import SYSTEM, Actor, Permission, Role, require
from rules.refusal import Refused
from rules.timetable import Outcome


def assign(registration: Registration, *, department: str, actor: Actor, on: date) -> None:
    """The department in which the person works here from now on. Refused once the registration is over."""
    require(actor, Permission.REGISTER_PRACTITIONER, registration.institution)
    if registration.to_on is not None:
        raise Refused(f"该登记备案已于 {registration.to_on} 终止。")
    before, registration.department = registration.department, names.clean(department)
    if before == registration.department:
        raise Refused("科室没有变化。", cure="请填写变更后的科室。")
    text = f"{registration.practitioner.name}：{before or '未登记'} → {registration.department or '未登记'}"
    events.record(registration, "change_department", "变更科室", actor=actor, on=on, text=text)


def warn(key: int, day: date) -> Outcome:
    """The nightly rule: at each step before the certificate's end a clerk is asked to remind the institution."""
    row = session.get(Registration, key, with_for_update=True, populate_existing=True)
    if row is None or key not in ask.ending(day):
        return Outcome()
    ends = row.practitioner.licence_valid_to
    step = rule.step_reached(ends, day) if ends else None
    if ends is None or step is None or (row.warned_days is not None and row.warned_days <= step):
        return Outcome()
    row.warned_days = step
    text = f"{row.practitioner.name} {row.number}，剩余 {(ends - day).days} 日"
    events.record(row, "warn", "执业证书即将到期", actor=SYSTEM, on=day, text=text)
    work_items.call_for(
        row, matter="执业证书到期", step="提醒延续证书", desk=Role.CLERK, due_on=ends, on=day
    )
    return Outcome(done=True)


def reminded(registration: Registration, *, text: str, actor: Actor, on: date) -> None:
    """A clerk reminded the institution, and says how."""
    require(actor, Permission.CORRECT_PERSON, registration)
    if not text.strip():
        raise Refused("请写明提醒的方式和对象。", cure="例如电话通知联系人。")
    work_items.settle("registration", registration.id, actor=actor, on=on)
    events.record(
        registration, "remind_licence", "提醒延续证书", actor=actor, on=on, text=text.strip()
    )
