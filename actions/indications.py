"""疑似情形: noticed by the night or noted by a clerk; a person opens a case or sets it aside with a reason."""

from __future__ import annotations

from datetime import date

import regulations
from actions import holds, lifecycle, numbering
from database import session
from models import Agreement, Indication, Violation
from queries import indications as ask
from rules import indications as rule
from rules import measures
from rules.indications import Fact
from rules.lifecycle import IndicationState
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.timetable import Outcome


def find(agreement_id: int, day: date) -> Outcome:
    """The nightly rule: put on the list what points to a ground, each fact once; asked again under the lock."""
    known = session.get_one(Agreement, agreement_id)
    holds.lock(known.institution_id)
    agreement = session.get_one(
        Agreement, agreement_id, with_for_update=True, populate_existing=True
    )
    if agreement.state not in ask.LIVE:
        return Outcome()
    fresh = ask.fresh(agreement, day)
    for fact in fresh:
        put(agreement, fact, actor=SYSTEM, on=day)
    return Outcome(done=bool(fresh))


def put(agreement: Agreement, fact: Fact, *, actor: Actor, on: date) -> Indication | None:
    """Put one fact on the list; nothing where the kind has no such ground."""
    ground = rule.row(fact, on, agreement.institution.kind.family)
    if ground is None:
        return None
    return _put(agreement, ground, fact, actor=actor, on=on)


def _put(
    agreement: Agreement, ground: regulations.Row, fact: Fact, *, actor: Actor, on: date
) -> Indication:
    row = Indication(
        number=numbering.case_number("TS", on.year),
        institution=agreement.institution,
        agreement=agreement,
        state=IndicationState.OPEN,
        reference=fact.reference,
        facts_text=fact.text,
        found_on=fact.found_on,
        recorded_by_id=actor.id,
        **rule.as_columns(ground),
    )
    lifecycle.begin(row, "notice", "发现疑似情形", actor=actor, on=on, basis=ground.basis)
    return row


def note(
    agreement: Agreement, *, ground: str, facts_text: str, found_on: date, actor: Actor, on: date
) -> Indication:
    """A clerk notes a fact that the machine cannot see, such as a closure that was not reported.

    Refused for a ground that is not enumerated, without the facts, for a day to come, and twice for one day.
    """
    require(actor, Permission.NOTE_INDICATION, agreement)
    row = measures.named_ground(ground, measures.TERMINATE, on, agreement.institution.kind.family)
    if agreement.state not in ask.LIVE:
        raise Refused("该协议没有在履行，不需要登记疑似情形。")
    if not facts_text.strip():
        raise Refused("请写明发现的事实。")
    if found_on > on:
        raise Refused("发现日期晚于今天。", cure="请核对发现日期。")
    fact = Fact("noted", f"noted:{found_on}", facts_text.strip(), found_on)
    if any(
        one.ground == row.key and one.reference == fact.reference
        for one in ask.open_of(agreement.id)
    ):
        raise Refused("同一情形、同一日期已经登记，正在等待核实。")
    return _put(agreement, row, fact, actor=actor, on=on)


def take_up(row: Indication, violation: Violation, *, actor: Actor, on: date) -> None:
    """A case was opened about it. Refused for the case of another agreement."""
    if violation.agreement_id != row.agreement_id:
        raise Refused("疑似情形和案件不属于同一协议。")
    session.flush()
    lifecycle.move(row, "take_up", actor=actor, on=on, basis=row.basis, violation_id=violation.id)


def set_aside(row: Indication, *, reason: str, actor: Actor, on: date) -> None:
    """No case: the reason stays on file. Never by whoever noted it."""
    if not reason.strip():
        raise Refused(
            "请写明不予立案的理由。",
            basis=row.basis,
            cure="写明核实的事实和为什么不符合该情形。",
        )
    lifecycle.move(
        row, "set_aside", actor=actor, on=on, basis=row.basis, reason=reason.strip()[:500]
    )
