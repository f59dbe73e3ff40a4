"""异议 against a public notice: raised by anybody, checked by somebody else, answered with reasons.

From the first objection on the case stands still until every one of them is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from actions import letters, lifecycle, notices, numbering, statutory_clocks
from database import session
from models import Application, Document, Objection
from queries import objections as ask
from rules import objections as rule
from rules.lifecycle import ApplicationState as S
from rules.lifecycle import ObjectionState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

CLOCKS = ("objection.answer", "objection.answer_joint")


@dataclass(frozen=True)
class Said:
    """What was objected, by whom, how the person is reached, and whether it came in online or at the counter."""

    raised_by: str
    text: str
    contact: str = ""
    source: str = rule.COUNTER


def raise_objection(application: Application, said: Said, *, actor: Actor, on: date) -> Objection:
    """Register an objection; the notice stops.

    Refused outside the notice period, without text, without a name, and online when too many came in on one day.
    """
    require(actor, Permission.REGISTER_OBJECTION, application)
    facts = rule.NoticeFacts(application.state, application.notice_from, application.notice_to)
    rule.require_open(facts, on)
    rule.require_text(said.raised_by, said.text, said.contact, online=said.source == rule.ONLINE)
    if said.source == rule.ONLINE:
        rule.require_not_flooded(ask.online_on(application, on), regulations.at(on))
    objection = Objection(
        number=numbering.case_number("YY", on.year),
        state=ObjectionState.RAISED,
        subject="application",
        subject_id=application.id,
        institution=application.institution,
        source=said.source,
        raised_on=on,
        raised_by=said.raised_by.strip()[:100],
        contact=said.contact.strip()[:100] or None,
        text=said.text.strip()[:2000],
        recorded_by_id=actor.id,
    )
    lifecycle.begin(objection, "object", "提出公示异议", actor=actor, on=on)
    session.flush()
    statutory_clocks.start(objection, "objection.answer", on=on)
    if application.state == S.ON_NOTICE:
        _stand_still(application, actor=actor, on=on)
    return objection


def _stand_still(application: Application, *, actor: Actor, on: date) -> None:
    lifecycle.move(application, "object", actor=actor, on=on)
    clock = statutory_clocks.running(application, "publicity.apply")
    if clock:
        statutory_clocks.pause(application, clock, on=on, reason="异议核查")


def extend(objection: Objection, *, reason: str, actor: Actor, on: date) -> None:
    """Other units must help to check: the longer period applies, still from the day it was raised."""
    _require_other_hand(objection, actor)
    if not reason.strip():
        raise Refused("转会同核查须写明由哪个单位协助、核查什么。")
    lifecycle.move(objection, "extend", actor=actor, on=on, joint_reason=reason.strip()[:500])
    for_all = statutory_clocks.running(objection, "objection.answer")
    statutory_clocks.finish(objection, for_all, on=on)
    statutory_clocks.start(objection, "objection.answer_joint", on=objection.raised_on)


def answer(
    objection: Objection,
    application: Application,
    *,
    upheld: bool,
    outcome: str = "",
    text: str,
    actor: Actor,
    on: date,
) -> Document:
    """Answer with reasons, by letter. When it was the last open one, the case goes on or ends as the answers say.

    Refused for whoever registered it, for a member of the evaluation team, and without reasons.
    """
    _require_other_hand(objection, actor)
    if actor.id in application.team_user_ids:
        raise Refused("评估组成员不能核查对本件的异议。", cure="请由其他复核人员核查。")
    if not text.strip():
        raise Refused("答复异议须写明核查情况和理由。")
    row = rule.outcome(outcome, regulations.at(on)) if upheld else None
    lifecycle.move(
        objection,
        "uphold" if upheld else "reject",
        actor=actor,
        on=on,
        answered_on=on,
        answered_by_id=actor.id,
        answer=text.strip()[:2000],
        upheld=upheld,
        outcome=row.key if row else "",
    )
    for name in CLOCKS:
        statutory_clocks.finish(objection, statutory_clocks.running(objection, name), on=on)
    letter = _answer_letter(objection, application, row, actor=actor, on=on)
    objection.document = letter
    session.flush()
    _go_on(application, actor=actor, on=on)
    return letter


def _require_other_hand(objection: Objection, actor: Actor) -> None:
    if objection.recorded_by_id is not None and objection.recorded_by_id == actor.id:
        raise Refused("登记异议的人不能核查同一异议。", cure="请由其他复核人员核查。")


def _answer_letter(
    objection: Objection,
    application: Application,
    outcome: regulations.Row | None,
    *,
    actor: Actor,
    on: date,
) -> Document:
    law = regulations.at(on, application.institution.kind.family)
    consequence = f"处理决定：{outcome.label}。" if outcome else "公示按照规定继续办理。"
    return letters.issue(
        "objection_answer",
        objection,
        application.institution,
        actor=actor,
        on=on,
        addressee=objection.raised_by,
        objection_number=objection.number,
        institution=application.institution.name,
        notice_number=letters.of(application, "public_notice")[0].number,
        raised_on=objection.raised_on,
        text=objection.text,
        upheld=objection.upheld,
        answer=objection.answer,
        consequence=consequence,
        answered_on=on,
        basis=law.eval.max.basis,
    )


def _go_on(application: Application, *, actor: Actor, on: date) -> None:
    """After the last answer; while one is open nothing moves."""
    raised = ask.of_notice(application)
    if any(one.answered_on is None for one in raised):
        return
    founded = [one for one in raised if one.upheld]
    clock = statutory_clocks.running(application, "publicity.apply")
    if not founded:
        lifecycle.move(application, "reject_objection", actor=actor, on=on)
        if clock:
            statutory_clocks.resume(application, clock, on=on)
            application.notice_to = clock.due_on
        return
    statutory_clocks.finish(application, clock, on=on)
    row = rule.gravest([one.outcome for one in founded], regulations.at(on))
    _take_down(application, founded, row, actor=actor, on=on)


def _take_down(
    application: Application,
    founded: list[Objection],
    row: regulations.Row,
    *,
    actor: Actor,
    on: date,
) -> None:
    """The notice comes down: the case ends, or is evaluated anew with a clock of its own."""
    verb, reasons = str(row.extra["then"]), "\n".join(one.answer for one in founded)
    ends = verb == "uphold_objection"
    reason = {"result_reason": f"公示异议成立：{reasons}"} if ends else {}
    lifecycle.move(application, verb, actor=actor, on=on, basis=row.basis, **reason)
    notices.state_course(application, verb, actor=actor, on=on)
    if not ends:
        statutory_clocks.start(application, "eval.max", on=on)
        return
    law = regulations.at(on, application.institution.kind.family)
    letters.issue(
        "removal",
        application,
        application.institution,
        actor=actor,
        on=on,
        institution=application.institution.name,
        application_number=application.number,
        notice_number=letters.of(application, "public_notice")[0].number,
        decided_on=on,
        reasons=reasons,
        consequence=f"{row.label}。",
        basis=law.eval.max.basis,
    )
