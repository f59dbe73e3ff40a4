"""证照: registered with their validity; the next one replaces the last, nothing is overwritten."""

from __future__ import annotations

from datetime import date

from actions import events, work_items
from database import session
from models import Institution, Licence
from queries import licences as ask
from rules import indications
from rules import licences as rule
from rules.permissions import SYSTEM, Actor, Permission, Role, require
from rules.refusal import Refused
from rules.timetable import Outcome


def add(
    row: Institution,
    *,
    kind: str,
    number: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    on: date,
) -> Licence:
    """Register a licence with its validity. Refused when it ends before it begins."""
    require(actor, Permission.REGISTER_INSTITUTION, row)
    if valid_to is not None and valid_to < valid_from:
        raise Refused("证照的截止日期早于起始日期。", cure="请核对证照原件后重新填写。")
    licence = Licence(
        institution=row, kind=kind, number=number, valid_from=valid_from, valid_to=valid_to
    )
    session.add(licence)
    session.flush()
    for former in ask.of_kind(row.id, kind):
        work_items.settle("licence", former.id, actor=actor, on=on)
    text = f"{kind} {number}，{valid_from.isoformat()} 至 {valid_to.isoformat() if valid_to else '长期'}"
    events.record(row, "add_licence", "登记证照", actor=actor, on=on, text=text)
    return licence


def revoke(
    licence: Licence, *, how: str, revoked_on: date, document: str, actor: Actor, on: date
) -> None:
    """Register that the authority revoked or cancelled it; the night then looks whether that is a ground.

    Refused a second time, without the authority's document, for a day to come, and before the licence began.
    """
    require(actor, Permission.REGISTER_INSTITUTION, licence)
    if licence.revoked_on is not None:
        raise Refused(f"该证照已于 {licence.revoked_on} 登记吊销或者注销，不能重复登记。")
    if how not in rule.REVOKED:
        raise Refused("请选择吊销或者注销。")
    if not document.strip():
        raise Refused("请写明作出机关和文号。", cure="按吊销、注销文书填写。")
    if not licence.valid_from <= revoked_on <= on:
        raise Refused(
            f"{how}日期应当在证照起始日期 {licence.valid_from} 至今天之间。", cure="请核对文书。"
        )
    licence.revoked_on = revoked_on
    work_items.settle("licence", licence.id, actor=actor, on=on)
    family = licence.institution.kind.family
    ground = indications.names_licence(licence.kind, on, family)
    text = f"{licence.kind} {licence.number}，{revoked_on} {how}，{document.strip()}"
    events.record(
        licence, "revoke_licence", f"登记证照{how}", actor=actor, on=on,
        basis=ground.basis if ground else "", text=text,
    )  # fmt: skip


def warn(key: int, day: date) -> Outcome:
    """The nightly rule: at each step before the end a clerk is asked to remind the institution, once a step."""
    licence = session.get(Licence, key, with_for_update=True, populate_existing=True)
    if licence is None or licence.valid_to is None or key not in ask.ending(day):
        return Outcome()
    step = rule.step_reached(licence.valid_to, day)
    if step is None or (licence.warned_days is not None and licence.warned_days <= step):
        return Outcome()
    licence.warned_days = step
    left = (licence.valid_to - day).days
    events.record(
        licence, "warn", "证照即将到期", actor=SYSTEM, on=day, text=f"{licence.kind} {licence.number}，剩余 {left} 日"
    )  # fmt: skip
    work_items.call_for(
        licence,
        matter="证照到期",
        step="提醒换证",
        desk=Role.CLERK,
        due_on=licence.valid_to,
        on=day,
    )
    return Outcome(done=True)


def reminded(licence: Licence, *, text: str, actor: Actor, on: date) -> None:
    """A clerk reminded the institution, and says how."""
    require(actor, Permission.REGISTER_INSTITUTION, licence)
    if not text.strip():
        raise Refused("请写明提醒的方式和对象。", cure="例如电话通知联系人。")
    work_items.settle("licence", licence.id, actor=actor, on=on)
    events.record(licence, "remind_licence", "提醒换证", actor=actor, on=on, text=text.strip())
