"""线索核查: what points to a violation is checked first; then a case is opened, or a second person sets it aside."""

from __future__ import annotations

from datetime import date

from actions import endings, events, lifecycle, numbering, statutory_clocks
from database import session
from models import Agreement, StatutoryClock, Violation
from rules.ladder import CaseSource
from rules.lifecycle import ViolationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

CHECK, EXTENSION = "case.clue", "case.extend"


def note(
    agreement: Agreement,
    *,
    source: CaseSource,
    clue_text: str,
    found_on: date,
    actor: Actor,
    on: date,
    source_text: str = "",
) -> Violation:
    """Put a clue on record; its check has a limited time. `source_text`: number of the report or inspection.

    Refused without content and for a day to come.
    """
    require(actor, Permission.REGISTER_CASE, agreement)
    endings.check_basis(agreement)
    if not clue_text.strip():
        raise Refused("请写明线索的内容。")
    if found_on > on:
        raise Refused("发现日期晚于今天。", cure="请核对发现日期。")
    violation = opened(agreement, source, source_text, found_on, actor=actor, on=on)
    violation.clue_text = clue_text.strip()
    lifecycle.begin(violation, "note_clue", "登记线索", actor=actor, on=on)
    session.flush()
    statutory_clocks.start(violation, CHECK, on=on)
    return violation


def opened(
    agreement: Agreement,
    source: CaseSource,
    source_text: str,
    found_on: date,
    *,
    actor: Actor,
    on: date,
) -> Violation:
    """A new row with its number; the caller begins its lifecycle."""
    return Violation(
        number=numbering.case_number("WG", on.year),
        institution=agreement.institution,
        agreement_id=agreement.id,
        state=ViolationState.CLUE,
        source=source,
        source_text=source_text.strip()[:200],
        found_on=found_on,
        facts_text="",
        recorded_by_id=actor.id,
    )


def extend(violation: Violation, *, reason: str, actor: Actor, on: date) -> StatutoryClock:
    """The leader gives more time, once, before the first is over; the longer period follows the first one."""
    require(actor, Permission.EXTEND_CLUE, violation)
    if violation.state != ViolationState.CLUE:
        raise Refused("线索已经核查完毕，不需要延长。")
    if violation.extended_on is not None:
        raise Refused(
            f"已于 {violation.extended_on} 延长过一次，不能再延长。",
            cure="请作出立案或者不予立案的决定。",
        )
    if not reason.strip():
        raise Refused("请写明延长核查的理由。")
    clock = statutory_clocks.running(violation, CHECK)
    if clock is None or on > clock.due_on:
        raise Refused(
            "核查期限已经届满，不能再延长。",
            cure="请作出立案或者不予立案的决定，并说明逾期的原因。",
        )
    statutory_clocks.finish(violation, clock, on=on)
    longer = statutory_clocks.start(violation, EXTENSION, on=clock.due_on)
    violation.extended_on = on
    events.record(
        violation, "extend_clue", "延长线索核查", actor=actor, on=on, basis=longer.basis,
        text=reason.strip(), due_on=longer.due_on,
    )  # fmt: skip
    return longer


def take_up(violation: Violation, *, facts_text: str, actor: Actor, on: date) -> None:
    """立案: the check found facts. Findings and measures follow; the clue stays on file as it was."""
    if not facts_text.strip():
        raise Refused("请写明核查查实的事实。")
    lifecycle.move(
        violation, "take_up", actor=actor, on=on, facts_text=facts_text.strip(), taken_up_on=on
    )
    _finish(violation, on)


def set_aside(violation: Violation, *, reason: str, actor: Actor, on: date) -> None:
    """No case, with the reason; never by whoever put the clue on record."""
    if not reason.strip():
        raise Refused("请写明不予立案的理由。")
    lifecycle.move(violation, "set_aside", actor=actor, on=on, opinion=reason.strip())
    _finish(violation, on)


def _finish(violation: Violation, on: date) -> None:
    for rule in (CHECK, EXTENSION):
        statutory_clocks.finish(violation, statutory_clocks.running(violation, rule), on=on)
