"""违规案件 on the agreement track: facts, notice, views, proposal, review, decision, service — by three persons."""

from __future__ import annotations

from datetime import date

import regulations
from actions import (
    case_letters,
    case_measures,
    clues,
    collective_decisions,
    effects,
    endings,
    events,
    holds,
    letters,
    lifecycle,
    statutory_clocks,
    suspensions,
    terminations,
    work_items,
)
from actions.endings import Ending
from database import session
from models import Agreement, Document, Violation
from models.violation import Measure
from queries import calendar_days, case_closing
from queries import case_measures as measures_of
from queries.affected import Hit
from rules import closing, measures, views
from rules.ladder import CaseSource
from rules.lifecycle import ViolationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.views import ViewsFacts

MEASURES = {str(measure): measure for measure in Measure}


def register(
    agreement: Agreement,
    *,
    facts_text: str,
    found_on: date,
    actor: Actor,
    on: date,
    measure: str | None = None,
    ground: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    amount: int = 0,
    source: CaseSource = CaseSource.OTHER,
    source_text: str = "",
) -> Violation:
    """Put facts on record, with the suspension or termination they call for, if any; the ladder is planned afterwards.

    `amount` in 分. Refused for a ground that is not enumerated, an agreement not running, or a day to come.
    """
    require(actor, Permission.REGISTER_CASE, agreement)
    endings.check_basis(agreement)
    check_facts(facts_text, found_on, on)
    violation = clues.opened(agreement, source, source_text, found_on, actor=actor, on=on)
    violation.state, violation.taken_up_on = ViolationState.REGISTERED, on
    violation.facts_text, violation.amount = facts_text.strip(), amount
    if measure is not None:
        ending = Ending(measure, ground, from_on, to_on)
        endings.put(violation, ending, endings.named(agreement, ending, on))
    lifecycle.begin(
        violation, "register", "登记违规案件", actor=actor, on=on, basis=violation.basis or ""
    )
    return violation


def check_facts(facts_text: str, found_on: date, on: date) -> None:
    if not facts_text.strip():
        raise Refused("请写明查实的事实。")
    if found_on > on:
        raise Refused("发现日期晚于今天。", cure="请核对发现日期。")


def give_notice(violation: Violation, *, actor: Actor, on: date) -> Document:
    """Tell the institution facts, basis and every intended measure (条例 Art 13), with the day for its views."""
    basis = regulations.at(on, violation.institution.kind.family).views.due.basis
    case_measures.announce(violation, on=on)
    lifecycle.move(violation, "give_notice", actor=actor, on=on, basis=basis)
    clock = statutory_clocks.start(violation, "views.due", on=on)
    violation.views_due_on = clock.due_on
    return case_letters.notice(violation, actor=actor, on=on, views_due_on=clock.due_on)


def revise(violation: Violation, *, reason: str, actor: Actor, on: date) -> None:
    """Plan anew what was told, for more or other measures: everything has to be told and heard again."""
    if not reason.strip():
        raise Refused("请写明重新拟定处理意见的理由。")
    statutory_clocks.finish(violation, statutory_clocks.running(violation, "views.due"), on=on)
    lifecycle.move(
        violation,
        "revise",
        actor=actor,
        on=on,
        note=reason.strip(),
        views_due_on=None,
        views_on=None,
    )
    case_measures.withdraw_notice(violation)


def record_views(violation: Violation, *, text: str, actor: Actor, on: date) -> None:
    """Take down what the institution states, as often as it does before the proposal. Refused before the notice."""
    require(actor, Permission.RECORD_VIEWS, violation)
    if violation.state != ViolationState.HEARD:
        raise Refused(
            "现在不是听取陈述申辩的阶段。",
            basis=views.BASIS,
            cure="告知之后、提出处理建议之前可以记录。",
        )
    if not text.strip():
        raise Refused("请写明陈述申辩的内容。")
    earlier = f"{violation.views_text}\n" if violation.views_text else ""
    violation.views_text, violation.views_on = earlier + text.strip(), on
    statutory_clocks.finish(violation, statutory_clocks.running(violation, "views.due"), on=on)
    events.record(violation, "record_views", "记录陈述申辩", actor=actor, on=on, basis=views.BASIS)


def propose(violation: Violation, *, opinion: str, actor: Actor, on: date) -> None:
    """Propose the measure. Refused until views were heard, or the served notice's day for them has passed."""
    views.check_heard(_views(violation), on, calendar_days.workdays())
    if not opinion.strip():
        raise Refused("请写明处理建议，对陈述申辩的意见也要回应。")
    effects.look(violation, actor=actor, on=on)
    facts = {"opinion": opinion.strip(), "approval": measures_of.approval(violation, on).level}
    basis = measures_of.basis(violation)
    lifecycle.move(violation, "propose", actor=actor, on=on, basis=basis, **facts)
    statutory_clocks.finish(violation, statutory_clocks.running(violation, "views.due"), on=on)


def adopt(violation: Violation, *, opinion: str, actor: Actor, on: date) -> None:
    """The short form: another region decided after hearing the institution, so the case goes to the review at once.

    Refused on any other ground: nobody else is dealt with unheard.
    """
    family = violation.institution.kind.family
    ending = str(violation.measure or measures.SUSPEND)
    ground = measures.cross_region(ending, on, family)
    if violation.ground != ground.key or violation.measures:
        raise Refused(
            "只有其他统筹区已经作出的决定可以直接送复核。",
            basis=views.BASIS,
            cure="请先告知拟处理意见，听取陈述申辩。",
        )
    effects.look(violation, actor=actor, on=on)
    lifecycle.move(
        violation, "adopt", actor=actor, on=on, basis=ground.basis, opinion=opinion.strip(),
        approval=measures_of.approval(violation, on).level,
    )  # fmt: skip


def _views(violation: Violation) -> ViewsFacts:
    notice = next(iter(letters.of(violation, "views")), None)
    return ViewsFacts(
        family=violation.institution.kind.family,
        due_on=violation.views_due_on,
        served_on=notice.served_on if notice else None,
        heard_on=violation.views_on,
    )


def review(violation: Violation, *, opinion: str, actor: Actor, on: date) -> None:
    """Agree as the second person: never whoever registered the case."""
    lifecycle.move(
        violation, "review", actor=actor, on=on, note=opinion.strip(), reviewed_by_id=actor.id
    )
    if violation.approval is not None:
        work_items.hand_to(violation, violation.approval.desk)


def approve(
    violation: Violation,
    *,
    opinion: str,
    actor: Actor,
    on: date,
    ban_class: str | None = None,
    obligation: str = "",
) -> None:
    """Decide as the third person and carry the measures out in the same transaction.

    `approval` says whether the head of the section may. A planned first day that has passed meanwhile becomes today,
    the length stays. `ban_class` is stated where the ground leaves it open; `obligation` is what the institution
    still owes. Refused while somebody else who is hit has no decision of their own, and for a major measure before a
    group has agreed to it.
    """
    holds.lock(violation.institution_id)
    hits = effects.settled(violation, on)
    collective_decisions.check_passed(violation, on)
    decided = {"approved_by_id": actor.id, "decided_on": on}
    note, basis = opinion.strip(), measures_of.basis(violation)
    lifecycle.move(violation, "approve", actor=actor, on=on, basis=basis, note=note, **decided)
    agreement = _agreement(violation)
    case_measures.decide_all(violation, agreement, actor=actor, on=on)
    if violation.measure == Measure.TERMINATE:
        decision = _decision(violation, ban_class, obligation, on)
        terminations.terminate(
            agreement, decision, hits=hits, violation=violation, actor=actor, on=on
        )
    elif violation.measure == Measure.SUSPEND:
        _suspend(violation, hits, actor=actor, on=on)


def _decision(
    violation: Violation, ban_class: str | None, obligation: str, on: date
) -> terminations.Decision:
    return terminations.Decision(
        ground=violation.ground,
        facts_text=violation.facts_text,
        found_on=violation.found_on,
        effective_on=_start(violation, on),
        ban_class=ban_class,
        obligation=obligation,
    )


def _suspend(violation: Violation, hits: list[Hit], *, actor: Actor, on: date) -> None:
    start = _start(violation, on)
    suspensions.suspend(
        _agreement(violation),
        ground=violation.ground,
        facts_text=violation.facts_text,
        from_on=start,
        to_on=_shifted(violation, start),
        hits=hits,
        violation=violation,
        actor=actor,
        on=on,
    )


def _agreement(violation: Violation) -> Agreement:
    """Locked and read anew: somebody may have ended it since the case was registered."""
    key = violation.agreement_id
    return session.get_one(Agreement, key, with_for_update=True, populate_existing=True)


def _start(violation: Violation, on: date) -> date:
    return max(violation.suspend_from or on, on)


def _shifted(violation: Violation, start: date) -> date | None:
    if violation.suspend_to is None or violation.suspend_from is None:
        return violation.suspend_to
    return violation.suspend_to + (start - violation.suspend_from)


def dismiss(violation: Violation, *, reason: str, actor: Actor, on: date) -> None:
    """End the case without a measure, with the reason. Never by whoever registered it."""
    if not reason.strip():
        raise Refused("请写明不予处理的理由。")
    lifecycle.move(violation, "dismiss", actor=actor, on=on, note=reason.strip())
    statutory_clocks.finish(violation, statutory_clocks.running(violation, "views.due"), on=on)


def close(violation: Violation, *, actor: Actor, on: date) -> None:
    """End the case. Refused while a letter is unserved, a measure not carried out, or money open — naming each."""
    if violation.state == ViolationState.DECIDED:
        closing.check(case_closing.open_points(violation, on))
    lifecycle.move(violation, "close", actor=actor, on=on)
