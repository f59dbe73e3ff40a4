"""公示 of the list to be signed: a period in working days that stands still while an objection is open."""

from __future__ import annotations

from datetime import date

import regulations
from actions import letters, lifecycle, statutory_clocks
from models import Application, Document, Objection
from queries import notices as posted
from queries import objections as ask
from rules.permissions import Actor
from rules.refusal import Refused
from rules.words import cn

CONCLUSIONS = {
    "end_notice": "公示期满，没有成立的异议，按照规定进入协商签约。",
    "uphold_objection": "公示期间的异议经核查成立，不列入拟签订协议名单。",
    "evaluate_again": "公示期间的异议经核查成立，撤下公示，另行组织评估。",
}


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
        subject=posted.SUBJECT,
        rows=[row],
        from_on=on,
        to_on=clock.due_on,
        channel=channel,
        basis=law.eval.max.basis,
    )


def end(application: Application, *, actor: Actor, on: date) -> None:
    """The period is over without a founded objection: the institution may be signed with. Refused on its last day."""
    if application.notice_to is None or on <= application.notice_to:
        raise Refused(
            f"公示到 {application.notice_to} 结束，期满前不能签约。",
            basis=regulations.at(on, application.institution.kind.family).eval.max.basis,
            cure="请在公示期满的次日办理。",
        )
    lifecycle.move(application, "end_notice", actor=actor, on=on)
    clock = statutory_clocks.running(application, "publicity.apply")
    statutory_clocks.finish(application, clock, on=application.notice_to)
    state_course(application, "end_notice", actor=actor, on=on)


def state_course(application: Application, verb: str, *, actor: Actor, on: date) -> Document:
    """公示情况说明: how long it was up, when it stood still, what was objected, how it ended. Names nobody."""
    institution = application.institution
    notice = letters.of(application, "public_notice")[0]
    law = regulations.at(on, institution.kind.family)
    clock = statutory_clocks.latest(application, "publicity.apply")
    pauses = clock.pauses if clock else []
    raised = ask.of_notice(application)
    return letters.issue(
        "notice_statement",
        application,
        institution,
        actor=actor,
        on=on,
        addressee="",
        institution=institution.name,
        application_number=application.number,
        notice_number=notice.number,
        from_on=application.notice_from,
        to_on=application.notice_to if verb == "end_notice" else on,
        channel=notice.facts["channel"],
        paused=[f"{_day(first)}至{_day(last)}，{why}" for first, last, why in pauses],
        objections=[_told(one) for one in raised],
        conclusion=CONCLUSIONS[verb],
        basis=law.eval.max.basis,
    )


def _day(text: str) -> str:
    return cn(date.fromisoformat(text))


def _told(one: Objection) -> dict[str, object]:
    return {
        "number": one.number,
        "raised_on": one.raised_on,
        "answered_on": one.answered_on,
        "upheld": one.upheld,
    }
