"""等级变动: a published grade adjusted by the agency, or restored on application; by two persons, with a letter.

The rating itself is never written again. What holds from a day on is the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import events, letters, lifecycle, numbering, proposals, statutory_clocks
from actions.materials import Upload
from database import session
from models import Document, GradeChange, Rating
from queries import credit_subjects, scope
from queries import cycles as ask_cycles
from queries import grade_changes as ask
from rules import grade_changes as rule
from rules.grade_changes import Cause
from rules.lifecycle import GradeChangeState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

CLOCK = "credit.restoration_answer"


@dataclass(frozen=True)
class Plan:
    """What the grade is to be, why, and on which basis."""

    to: str
    reason: str
    basis: str


def propose(rating: Rating, plan: Plan, *, actor: Actor, on: date) -> GradeChange:
    """动态调整: something happened after publication that changes the grade. Counts when another person agrees.

    Refused for a grade that does not hold or is under objection, beside another change, without reason or basis.
    """
    require(actor, Permission.PROPOSE_GRADE_CHANGE, rating)
    hold(rating)
    facts = ask.facts(rating, on)
    rule.check_open(facts)
    _check_plan(facts, plan, Cause.ADJUSTMENT)
    change = _begun(rating, Cause.ADJUSTMENT, facts.grade, actor=actor, on=on)
    change.state = GradeChangeState.PROPOSED
    change.to_grade, change.reason = plan.to, plan.reason.strip()[:1000]
    change.basis = plan.basis.strip()[:300]
    lifecycle.begin(
        change, "propose", "提出等级变动", actor=actor, on=on, basis=change.basis,
        reason=change.reason, from_grade=facts.grade, to_grade=plan.to,
    )  # fmt: skip
    session.flush()
    return change


def request(
    rating: Rating,
    *,
    text: str,
    uploads: Sequence[Upload],
    actor: Actor,
    on: date,
    id_number: str = "",
) -> GradeChange:
    """信用修复: applied for by the institution, or for it at the counter, with proofs of what was put right.

    `id_number`: of a person for whom no institution answers, shown at the counter.
    """
    place = credit_subjects.addressee(rating)
    require(actor, Permission.REQUEST_GRADE_CHANGE, place or rating)
    if place is None:
        credit_subjects.require_same(rating, id_number)
    hold(rating)
    facts = ask.facts(rating, on)
    rule.check_request(facts, text, len(uploads), on)
    change = _begun(rating, Cause.RESTORATION, facts.grade, actor=actor, on=on)
    change.state, change.text = GradeChangeState.REQUESTED, text.strip()[:4000]
    change.files = [
        {"name": one.name, "sha256": letters.keep(one.content, one.media_type)} for one in uploads
    ]
    lifecycle.begin(change, "request", "申请信用修复", actor=actor, on=on, basis=ask.BASIS)
    session.flush()
    statutory_clocks.start(change, CLOCK, on=on)
    return change


def hold(rating: Rating) -> None:
    """Two changes of one grade queue, and a corrected run does not take its place meanwhile.

    The order is the same everywhere: cycle, then what is about a rating, then proposals.
    """
    scope.locked("cycle", rating.cycle_id)


def _begun(rating: Rating, cause: Cause, grade: str, *, actor: Actor, on: date) -> GradeChange:
    """With the institution itself, or the one through which a letter reaches the person, if any."""
    place = credit_subjects.addressee(rating)
    return GradeChange(
        number=numbering.case_number("BD", on.year),
        rating_id=rating.id,
        rating=rating,
        institution=place,
        region="" if place else rating.pooling_region,
        cause=cause,
        from_grade=grade,
        requested_on=on,
        recorded_by_id=actor.id,
    )


def _check_plan(facts: rule.GradeFacts, plan: Plan, cause: Cause) -> None:
    rule.check_to(facts, plan.to, cause)
    if not plan.reason.strip() or not plan.basis.strip():
        raise Refused(
            "等级变动须写明理由和依据。", basis=ask.BASIS, cure="请写明事实、证据和所依据的条款。"
        )


def examine(change: GradeChange, plan: Plan, *, actor: Actor, on: date) -> None:
    """Look at the proofs and say which grade is restored. The decision is another person's."""
    _check_plan(_facts(change, on), plan, Cause.RESTORATION)
    change.basis = plan.basis.strip()[:300]
    lifecycle.move(
        change, "examine", actor=actor, on=on, basis=plan.basis.strip(), to_grade=plan.to,
        reason=plan.reason.strip()[:1000], examined_by_id=actor.id,
    )  # fmt: skip


def _facts(change: GradeChange, on: date) -> rule.GradeFacts:
    """As they stand now, without this change itself."""
    facts = ask.facts(change.rating, on, without=change.id)
    rule.check_open(facts)
    return facts


def confirm(change: GradeChange, *, opinion: str = "", actor: Actor, on: date) -> Document:
    """Agree as the second person: the grade changes from this day, and the institution is told why.

    Refused when the grade in force is not the one the change was proposed for.
    """
    facts = _facts(change, on)
    if facts.grade != change.from_grade:
        raise Refused(
            "提出以后等级又有变动。",
            basis=ask.BASIS,
            cure="请不予变动，按现行等级重新提出。",
        )
    _decide(change, "confirm", opinion, actor=actor, on=on, effective_on=on)
    proposals.follow(change, actor=actor, on=on)
    kind = "credit_restoration" if change.cause == Cause.RESTORATION else "grade_change"
    return _tell(change, kind, actor=actor, on=on)


def refuse(change: GradeChange, *, opinion: str, actor: Actor, on: date) -> Document | None:
    """Not changed, for a written reason; whoever applied is told."""
    if not opinion.strip():
        raise Refused("不予变动须写明理由。", basis=ask.BASIS)
    _decide(change, "refuse", opinion, actor=actor, on=on)
    if change.cause == Cause.ADJUSTMENT:
        return None
    return _tell(change, "credit_restoration", actor=actor, on=on, granted=False)


def _decide(
    change: GradeChange, verb: str, opinion: str, *, actor: Actor, on: date, **more: Any
) -> None:
    lifecycle.move(
        change, verb, actor=actor, on=on, basis=change.basis, decided_by_id=actor.id,
        decided_on=on, opinion=opinion.strip()[:1000], **more,
    )  # fmt: skip
    statutory_clocks.finish(change, statutory_clocks.running(change, CLOCK), on=on)


def _tell(
    change: GradeChange, kind: str, *, actor: Actor, on: date, granted: bool = True, **more: Any
) -> Document:
    scheme = ask_cycles.scheme_of(change.rating.cycle)
    if kind == "credit_restoration":
        more |= {"requested_on": change.requested_on, "granted": granted}
    return letters.issue(
        kind, change, change.institution, actor=actor, on=on,
        addressee=change.rating.name,
        institution=change.rating.name,
        personal=change.rating.institution_id is None,
        cycle=change.rating.cycle.name,
        change_number=change.number,
        before=scheme.grade(change.from_grade).label,
        after=scheme.grade(change.to_grade if granted else change.from_grade).label,
        reason=change.reason if granted else change.opinion,
        from_on=on,
        basis=change.basis or ask.BASIS,
        **more,
    )  # fmt: skip


def carry_over(pairs: Sequence[tuple[Rating, Rating]], *, actor: Actor, on: date) -> None:
    """Changes of grades that came through a correction unchanged hold for the new run; others end with the old one."""
    now_of = {then.id: now for then, now in pairs}
    for change in ask.of_ratings(list(now_of)):
        now = now_of[change.rating_id]
        if change.rating.grade == now.grade:
            change.rating = now
            events.record(change, "carry_over", "变动随更正后的结果继续适用", actor=actor, on=on)
        elif change.state in ask.OPEN:
            _overtaken(change, now, actor=actor, on=on)


def _overtaken(change: GradeChange, now: Rating, *, actor: Actor, on: date) -> None:
    """What was waiting was about a grade that is no more; whoever applied is told that by letter."""
    after = ask_cycles.scheme_of(now.cycle).grade(now.grade).label
    reason = f"评价结果已经更正，等级改为{after}，原等级的变动不再办理。"
    _decide(change, "refuse", reason, actor=actor, on=on)
    if change.cause == Cause.RESTORATION:
        _tell(change, "credit_restoration", actor=actor, on=on, granted=False, corrected=after)
