"""公示 of the list to be signed: a period in working days, objections that make the case stand still."""

from __future__ import annotations

from datetime import date

import regulations
from actions import letters, lifecycle, statutory_clocks
from database import session
from models import Application, Document, Objection
from rules.permissions import Actor
from rules.refusal import Refused


def post(application: Application, *, channel: str, actor: Actor, on: date) -> Document:
    """Put a passed institution on public notice from today."""
    institution = application.institution
    law = regulations.at(on, institution.kind.family)
    period = law.publicity.apply
    lifecycle.move(
        application, "post_notice", actor=actor, on=on, basis=period.basis, notice_from=on
    )
    clock = statutory_clocks.start(application, "publicity.apply", on=on)
    application.notice_to = clock.due_on
    row = {
        "name": institution.name,
        "kind_label": institution.kind.label,
        "address": institution.address,
    }
    return letters.issue(
        "public_notice",
        application,
        institution,
        actor=actor,
        on=on,
        addressee="",
        subject="拟签订医疗保障服务协议的定点医药机构名单",
        rows=[row],
        from_on=on,
        to_on=clock.due_on,
        channel=channel,
        basis=law.eval.max.basis,
    )


def raise_objection(
    application: Application, *, raised_by: str, text: str, actor: Actor, on: date
) -> Objection:
    """Register an objection: from now on nothing goes on until it is answered. Refused outside the notice period."""
    if application.notice_to is None or not application.notice_from or on > application.notice_to:
        raise Refused("公示期已经结束，异议不再停止办理。", cure="可以作为线索另行登记。")
    if not text.strip() or not raised_by.strip():
        raise Refused("登记异议须写明异议人和异议内容。")
    objection = Objection(
        subject="application",
        subject_id=application.id,
        institution=application.institution,
        raised_on=on,
        raised_by=raised_by.strip(),
        text=text.strip(),
        recorded_by_id=actor.id,
    )
    session.add(objection)
    lifecycle.move(application, "object", actor=actor, on=on)
    clock = statutory_clocks.running(application, "publicity.apply")
    if clock:
        statutory_clocks.pause(application, clock, on=on, reason="异议核查")
    return objection


def answer_objection(
    application: Application,
    objection: Objection,
    *,
    upheld: bool,
    answer: str,
    actor: Actor,
    on: date,
) -> None:
    """Answer with reasons. Refused for whoever registered it; an upheld objection ends the case as failed."""
    if objection.recorded_by_id == actor.id:
        raise Refused("登记异议的人不能核查同一异议。", cure="请由其他复核人员核查。")
    if not answer.strip():
        raise Refused("答复异议须写明核查情况和理由。")
    objection.answered_on, objection.answered_by_id = on, actor.id
    objection.answer, objection.upheld = answer.strip(), upheld
    verb = "uphold_objection" if upheld else "reject_objection"
    reason = {"result_reason": f"公示异议成立：{answer.strip()}"} if upheld else {}
    lifecycle.move(application, verb, actor=actor, on=on, note=answer.strip(), **reason)
    clock = statutory_clocks.running(application, "publicity.apply")
    if clock and upheld:
        statutory_clocks.finish(application, clock, on=on)
    elif clock:
        statutory_clocks.resume(application, clock, on=on)
        application.notice_to = clock.due_on


def end(application: Application, *, actor: Actor, on: date) -> None:
    """The period is over without a founded objection: the institution may be signed with. Refused on its last day."""
    if application.notice_to is None or on <= application.notice_to:
        raise Refused(
            f"公示到 {application.notice_to} 结束，期满前不能签约。",
            cure="请在公示期满的次日办理。",
        )
    lifecycle.move(application, "end_notice", actor=actor, on=on)
    clock = statutory_clocks.running(application, "publicity.apply")
    statutory_clocks.finish(application, clock, on=application.notice_to)
