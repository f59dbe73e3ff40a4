"""违规案件 on the agreement track: facts, notice, views, proposal, review, decision, service — by three persons."""

from __future__ import annotations

from datetime import date

import regulations
from actions import (
    collective_decisions,
    effects,
    events,
    holds,
    letters,
    lifecycle,
    numbering,
    statutory_clocks,
    suspensions,
    terminations,
)
from database import session
from models import Agreement, Document, Violation
from models.violation import Measure
from queries import calendar_days
from queries import violations as ask
from queries.affected import Hit
from rules import measures, views
from rules import suspensions as suspension_rule
from rules.agreement_forms import DESIGNATING
from rules.lifecycle import AgreementState, ViolationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.views import ViewsFacts

MEASURES = {str(measure): measure for measure in Measure}
LIVE = {AgreementState.CONCLUDED, AgreementState.SUSPENDED}


def register(
    agreement: Agreement,
    *,
    measure: str,
    ground: str,
    facts_text: str,
    found_on: date,
    actor: Actor,
    on: date,
    from_on: date | None = None,
    to_on: date | None = None,
    amount: int = 0,
) -> Violation:
    """Put facts on record with the measure they call for. `from_on`: planned first day; `amount` in 分.

    Refused for a ground that is not enumerated, an agreement not running, or a day of finding that is to come.
    """
    require(actor, Permission.REGISTER_CASE, agreement)
    family = agreement.institution.kind.family
    row = measures.named_ground(ground, measure, on, family)
    _check(agreement, measure, facts_text, found_on, on)
    if measure == Measure.SUSPEND and from_on:
        suspension_rule.check_period(from_on, to_on, family)
    violation = Violation(
        number=numbering.case_number("WG", on.year),
        institution=agreement.institution,
        agreement_id=agreement.id,
        state=ViolationState.REGISTERED,
        recorded_by_id=actor.id,
        measure=MEASURES[measure],
        found_on=found_on,
        facts_text=facts_text.strip(),
        suspend_from=from_on,
        suspend_to=to_on if measure == Measure.SUSPEND else None,
        amount=amount,
        **measures.as_columns(row),
    )
    lifecycle.begin(violation, "register", "登记违规案件", actor=actor, on=on, basis=row.basis)
    return violation


def _check(agreement: Agreement, measure: str, facts_text: str, found_on: date, on: date) -> None:
    if agreement.state not in LIVE:
        raise Refused("该协议已经结束或者尚未签订，不能再作协议处理。", cure="请选择履行中的协议。")
    if agreement.form not in DESIGNATING:
        raise Refused(
            f"案件应当登记在定点所依据的协议上，不登记在{agreement.form.label}上。",
            cure="请在该机构的服务协议或者年度协议上登记；补充协议随其中止、解除。",
        )
    if measure == Measure.SUSPEND and agreement.state == AgreementState.SUSPENDED:
        raise Refused("该协议正在中止，不能重复中止。", cure="情形符合的，可以按解除情形立案。")
    if not facts_text.strip():
        raise Refused("请写明查实的事实。")
    if found_on > on:
        raise Refused("发现日期晚于今天。", cure="请核对发现日期。")


def give_notice(violation: Violation, *, actor: Actor, on: date) -> Document:
    """Tell the institution facts, basis and intended measure before deciding (条例 Art 13), with the day for views."""
    institution = violation.institution
    basis = regulations.at(on, institution.kind.family).views.due.basis
    lifecycle.move(violation, "give_notice", actor=actor, on=on, basis=basis)
    clock = statutory_clocks.start(violation, "views.due", on=on)
    violation.views_due_on = clock.due_on
    return letters.issue(
        "views",
        violation,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        facts_text=violation.facts_text,
        basis=violation.basis,
        planned=measures.planned(
            violation.measure, violation.suspend_from, violation.suspend_to, violation.amount
        ),
        views_due_on=violation.views_due_on,
    )


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
    lifecycle.move(
        violation, "propose", actor=actor, on=on, basis=violation.basis, opinion=opinion.strip()
    )
    statutory_clocks.finish(violation, statutory_clocks.running(violation, "views.due"), on=on)


def adopt(violation: Violation, *, opinion: str, actor: Actor, on: date) -> None:
    """The short form: another region decided after hearing the institution, so the case goes to the review at once.

    Refused on any other ground: nobody else is dealt with unheard.
    """
    family = violation.institution.kind.family
    ground = measures.cross_region(violation.measure, on, family)
    if violation.ground != ground.key:
        raise Refused(
            "只有其他统筹区已经作出的决定可以直接送复核。",
            basis=views.BASIS,
            cure="请先告知拟处理意见，听取陈述申辩。",
        )
    effects.look(violation, actor=actor, on=on)
    lifecycle.move(
        violation, "adopt", actor=actor, on=on, basis=ground.basis, opinion=opinion.strip()
    )


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


def approve(
    violation: Violation,
    *,
    opinion: str,
    actor: Actor,
    on: date,
    ban_class: str | None = None,
    obligation: str = "",
) -> None:
    """Decide as the third person and carry the measure out in the same transaction.

    A planned first day that has passed meanwhile becomes today, the length stays. `ban_class` is stated where the
    ground leaves it open; `obligation` is what the institution still owes. Refused while somebody else who is hit has
    no decision of their own, and for a major measure before a group has agreed to it.
    """
    holds.lock(violation.institution_id)
    hits = effects.settled(violation, on)
    collective_decisions.check_passed(violation, on)
    decided = {"approved_by_id": actor.id, "decided_on": on}
    note, basis = opinion.strip(), violation.basis
    lifecycle.move(violation, "approve", actor=actor, on=on, basis=basis, note=note, **decided)
    if violation.measure == Measure.TERMINATE:
        decision = _decision(violation, ban_class, obligation, on)
        terminations.terminate(
            _agreement(violation), decision, hits=hits, violation=violation, actor=actor, on=on
        )
    else:
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
    """End the case. Refused while a letter of the decision has no proof of service."""
    missing = ask.unserved(violation)
    if missing:
        raise Refused(
            f"还有 {len(missing)} 件决定文书没有送达凭证：{'、'.join(row.number for row in missing)}。",
            cure="请逐件登记送达方式和凭证。",
        )
    lifecycle.move(violation, "close", actor=actor, on=on)
