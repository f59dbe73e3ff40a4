"""中止: decided on an enumerated ground, with its hold on settlement and its letters in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regulations
from actions import (
    events,
    holds,
    lapses,
    letters,
    lifecycle,
    region_notices,
    reports,
    resumptions,
    statutory_clocks,
)
from actions.materials import Upload
from database import session
from models import Agreement, Suspension, Violation
from queries import agreement_terms
from queries import suspensions as ask
from queries.affected import Hit
from rules import measures
from rules import suspensions as rule
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.suspensions import End, Verdict
from rules.timetable import Outcome
from rules.words import cn

REVIEW = resumptions.REVIEW


def suspend(
    agreement: Agreement,
    *,
    ground: str,
    facts_text: str,
    from_on: date,
    to_on: date | None = None,
    actor: Actor,
    on: date,
    violation: Violation | None = None,
    hits: Sequence[Hit] = (),
) -> Suspension:
    """Suspend from a day: state, hold by service days, letter and report at once.

    Refused unless the agreement is in force, when the period is too long, begins before the decision or overlaps an
    earlier suspension. Without `to_on` it lasts until resumed, at most the longest time of the law. `hits`: other
    agencies that are told (令3 Art 41, 令2 Art 44).
    """
    institution = agreement.institution
    holds.lock(institution.id)
    family = institution.kind.family
    row = measures.named_ground(ground, measures.SUSPEND, on, family)
    rule.check_period(from_on, to_on, family)
    _in_force(agreement, from_on, on)
    suspension = Suspension(
        institution=institution,
        agreement=agreement,
        violation_id=violation.id if violation else None,
        decided_on=on,
        from_on=from_on,
        to_on=to_on,
        **measures.as_columns(row),
    )
    session.add(suspension)
    lifecycle.move(agreement, "suspend", actor=actor, on=on, basis=row.basis, note=row.label)
    holds.place(suspension, from_on=from_on, to_on=to_on, basis=row.basis)
    _letters(suspension, facts_text, actor=actor, on=on)
    region_notices.tell(suspension, hits, actor=actor, on=on)
    return suspension


def _in_force(agreement: Agreement, from_on: date, on: date) -> None:
    if from_on < on:
        raise Refused("中止不能追溯到决定作出之前。", cure="请填写决定当日或者以后的起始日期。")
    if not agreement.term_from <= from_on <= agreement.term_to:
        raise Refused(
            f"{from_on} 不在协议期限（{agreement.term_from} 至 {agreement.term_to}）之内。",
            cure="请核对起始日期或者协议。",
        )
    last = agreement_terms.last_suspended_day(agreement.id)
    if agreement_terms.open_suspension(agreement.id) or (last and from_on <= last):
        raise Refused("与该协议已有的中止期间重叠。", cure="请核对已有的中止记录。")


def _letters(suspension: Suspension, facts_text: str, *, actor: Actor, on: date) -> None:
    institution, agreement = suspension.institution, suspension.agreement
    common = {"institution": institution.name, "agreement_number": agreement.number}
    common |= {"ground_text": suspension.ground_text, "basis": suspension.basis}
    family = institution.kind.family
    last = rule.last_day(suspension.from_on, family)
    suspension.document = letters.issue(
        "suspension",
        suspension,
        institution,
        actor=actor,
        on=on,
        facts_text=facts_text,
        from_on=suspension.from_on,
        to_on=suspension.to_on,
        rectification=f"{letters.you(institution)}应当立即针对上述问题整改，明确责任人员和完成时间，"
        f"并将整改报告和证明材料送交{letters.head().agency}。",
        resume_route=f"整改完成后可以申请恢复协议；至{cn(last)}仍未申请的，协议终止。",
        remedy=measures.remedy(on, family),
        **common,
    )
    reports.file(suspension, "suspension", actor=actor, on=on)


def request_resumption(
    suspension: Suspension,
    *,
    text: str,
    actor: Actor,
    on: date,
    files: Sequence[Upload] = (),
) -> None:
    """The institution asks to go on. Refused when ended, asked already, or too late although it was told in time."""
    require(actor, Permission.REQUEST_RESUMPTION, suspension)
    suspension = _still(suspension.id)
    if suspension.ended_on is not None:
        raise Refused("该次中止已经结束，不需要申请恢复。")
    if suspension.resumption_requested_on is not None:
        raise Refused(f"已于 {suspension.resumption_requested_on} 提出过恢复申请，请等待审核。")
    if not text.strip():
        raise Refused("请写明整改情况。", cure="逐条说明问题、措施和完成日期。")
    verdict = rule.overdue(ask.facts(suspension), on)
    if verdict.end is End.LAPSE:
        raise Refused(
            f"{verdict.why}，不能再申请恢复。",
            basis=verdict.basis,
            cure="符合条件的，可以重新申请定点。",
        )
    suspension.resumption_requested_on = on
    resumptions.keep(suspension, text, files, actor=actor, on=on)
    basis = regulations.at(on, suspension.institution.kind.family).agreement.resume_review.basis
    events.record(
        suspension, "request_resumption", "申请恢复协议", actor=actor, on=on, basis=basis, text=text
    )
    statutory_clocks.start(suspension, REVIEW, on=on)


def resume(suspension: Suspension, *, opinion: str, actor: Actor, on: date) -> None:
    """Let the agreement go on from `on`: the hold ends with the day before, the letter is issued.

    A person resumes only on request and after checking the rectification. Refused once the term is over.
    """
    suspension = _still(suspension.id)
    if suspension.ended_on is not None:
        raise Refused("该次中止已经结束。")
    if suspension.resumption_requested_on is None:
        raise Refused("机构尚未提出恢复申请。", cure="由机构提出，或者由经办人代为登记后再审核。")
    if not opinion.strip():
        raise Refused("请写明整改核查意见。")
    require(actor, Permission.RESUME_AGREEMENT, suspension)
    resumptions.answer(suspension, accepted=True, opinion=opinion.strip(), actor=actor, on=on)
    _go_on(suspension, first=on, note=opinion.strip(), actor=actor, on=on)


def send_back(suspension: Suspension, *, reason: str, actor: Actor, on: date) -> None:
    """Return a request to go on: what was wrong still is. The institution may ask again while the time runs."""
    resumptions.send_back(_still(suspension.id), reason=reason, actor=actor, on=on)


def _go_on(suspension: Suspension, *, first: date, note: str, actor: Actor, on: date) -> None:
    agreement, institution = suspension.agreement, suspension.institution
    basis = regulations.at(on, institution.kind.family).agreement.suspend_max.basis
    if agreement.term_to < first:
        raise Refused(
            f"协议期限已于 {agreement.term_to} 届满，不能恢复。",
            basis=basis,
            cure="中止期满后协议终止。",
        )
    lifecycle.move(agreement, "resume", actor=actor, on=on, basis=basis, note=note)
    _end(suspension, first=first, reason=note, actor=actor, on=on)
    letters.issue(
        "resumption",
        suspension,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        agreement_number=agreement.number,
        from_on=first,
        basis=basis,
    )


def _end(suspension: Suspension, *, first: date, reason: str, actor: Actor, on: date) -> None:
    suspension.ended_on, suspension.end_reason = max(first, suspension.from_on), reason[:200]
    holds.release(suspension, last_on=first - holds.ONE_DAY)
    statutory_clocks.finish(suspension, statutory_clocks.running(suspension, REVIEW), on=on)
    events.record(suspension, "end", "中止结束", actor=actor, on=on, note=reason)


def lapse_overdue(suspension_id: int, day: date) -> Outcome:
    """The nightly rule: past the longest time without a request the agreement ends, if the notice was served in time.

    Asked again under the lock. Without proof of service nothing ends; the case waits for a person.
    """
    suspension = _still(suspension_id)
    if suspension.ended_on is not None:
        return Outcome()
    return _carry_out(suspension, rule.overdue(ask.facts(suspension), day), day)


def end_due(suspension_id: int, day: date) -> Outcome:
    """The nightly rule for a decided period that is over: within the term go on, past it the agreement ends."""
    suspension = _still(suspension_id)
    if suspension.ended_on is not None:
        return Outcome()
    return _carry_out(suspension, rule.ended(ask.facts(suspension), day), day)


def _carry_out(suspension: Suspension, verdict: Verdict, day: date) -> Outcome:
    if verdict.end is End.ASK_A_PERSON:
        return Outcome(waiting=verdict.why)
    if verdict.end is End.WAIT or verdict.on is None:
        return Outcome()
    if verdict.end is End.RESUME:
        _go_on(suspension, first=verdict.on, note=verdict.why, actor=SYSTEM, on=day)
    else:
        _lapse(suspension, ended_on=verdict.on, verdict=verdict, actor=SYSTEM, on=day)
    return Outcome(done=True)


def lapse_late(suspension: Suspension, *, reason: str, actor: Actor, on: date) -> None:
    """A person ends what the night may not: the notice was served, but only after the longest time was over.

    Refused without proof of service, while a request waits, and while the time still runs.
    """
    require(actor, Permission.RESUME_AGREEMENT, suspension)
    suspension = _still(suspension.id)
    facts = ask.facts(suspension)
    verdict = rule.overdue(facts, on)
    if suspension.ended_on is not None or verdict.end is not End.ASK_A_PERSON:
        raise Refused(f"{verdict.why}", basis=verdict.basis, cure="现在不需要人工终止。")
    if facts.served_on is None:
        raise Refused(verdict.why, basis=verdict.basis, cure="请先送达中止通知书并登记凭证。")
    if not reason.strip():
        raise Refused("请写明终止的理由。")
    row = Verdict(End.LAPSE, reason.strip(), verdict.basis, on)
    _lapse(suspension, ended_on=on, verdict=row, actor=actor, on=on)


def _lapse(
    suspension: Suspension, *, ended_on: date, verdict: Verdict, actor: Actor, on: date
) -> None:
    statutory_clocks.finish(suspension, statutory_clocks.running(suspension, REVIEW), on=on)
    lapses.lapse(
        suspension.agreement,
        ended_on=ended_on,
        reason=verdict.why,
        basis=verdict.basis,
        actor=actor,
        on=on,
    )
    events.record(suspension, "end", "中止结束", actor=actor, on=on, note=verdict.why)


def _still(suspension_id: int) -> Suspension:
    """The suspension, its agreement and its institution, locked and read anew."""
    known = session.get_one(Suspension, suspension_id)
    holds.lock(known.institution_id)
    session.get_one(Agreement, known.agreement_id, with_for_update=True, populate_existing=True)
    return session.get_one(Suspension, suspension_id, with_for_update=True, populate_existing=True)
