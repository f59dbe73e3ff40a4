"""What the page of a cycle needs to know before it offers a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from database import session
from models import Cycle, CycleVote, Document, Rating, User
from queries import (
    cycle_archives,
    cycle_decisions,
    rating_corrections,
    rating_objections,
    schemes,
    self_assessments,
)
from rules import collective
from rules import cycle_decisions as rule
from rules.lifecycle import CycleState as S
from rules.lifecycles_credit import VALID
from rules.permissions import Actor
from rules.refusal import Refused

NEXT = {
    S.FROZEN: "由测算岗测算或者开放自评。",
    S.SELF_ASSESSING: "期满后由测算岗测算。",
    S.COMPUTED: "由未参与测算的复核岗办理。",
    S.REVIEWED: "由经办岗公示。",
    S.ANNOUNCED: "期满并答复全部异议后，由科室负责人或者分管领导召集审定会议。",
    S.DECIDED: "由未参与测算、复核的分管领导公布。",
}
OPEN_TO_APPROVAL = (S.FROZEN, S.SELF_ASSESSING, S.COMPUTED, S.REVIEWED)  # grades told to nobody yet


@dataclass(frozen=True)
class Acts:
    """`waiting`: why the meeting may not be called together yet; `not_yet`: why it may not be filed away.

    `unapproved`: why nobody may be graded by its scheme yet; `untold`: letters that were not served.
    """

    corrects: bool
    needs_notice: bool
    assessed: int
    differing: int
    assess_days: int
    notice_days: int
    notice_basis: str
    unapproved: str
    ripe: bool
    waiting: str
    quorum: Any
    candidates: list[User]
    own: CycleVote | None
    corrections: int
    objections: int
    not_yet: str
    letters: int
    untold: int
    next: str


def of(cycle: Cycle, actor: Actor, *, on: date) -> Acts:
    """Everything for one page."""
    notice = rule.notice_period(on)
    given = self_assessments.of_cycle(cycle.id)
    facts = cycle_decisions.facts(cycle)
    ripe = cycle.state == S.ANNOUNCED or (cycle.state == S.REVIEWED and not facts.needs_notice)
    return Acts(
        corrects=facts.corrects,
        needs_notice=facts.needs_notice,
        assessed=len(given),
        differing=sum(1 for row in given if row.items),
        assess_days=rule.assessment_period(on).value,
        notice_days=notice.value,
        notice_basis=notice.basis,
        unapproved=schemes.unapproved(cycle, on) if cycle.state in OPEN_TO_APPROVAL else "",
        ripe=ripe,
        waiting=_waiting(facts, on) if ripe else "",
        quorum=collective.quorum(on, rule.FAMILY),
        candidates=cycle_decisions.candidates(cycle) if ripe else [],
        own=cycle_decisions.own(cycle.id, actor),
        corrections=_corrections(cycle),
        objections=len(rating_objections.open_of_cycle(cycle.id)),
        not_yet=cycle_archives.waiting(cycle, on) if cycle.state == S.PUBLISHED else "",
        letters=letter_count(cycle.id),
        untold=len(cycle_archives.untold(cycle)) if cycle.state in VALID else 0,
        next=NEXT.get(cycle.state, ""),
    )


def letters(cycle_id: int) -> list[Document]:
    """Every letter that told a grade of this cycle, in order of its number."""
    query = select(Document).join(
        Rating, and_(Document.subject == "rating", Document.subject_id == Rating.id)
    )
    query = query.where(Rating.cycle_id == cycle_id, Document.kind.in_(rating_objections.TOLD))
    return list(session.scalars(query.order_by(Document.id)))


def letter_count(cycle_id: int) -> int:
    """How many there are."""
    query = select(func.count(Document.id)).join(
        Rating, and_(Document.subject == "rating", Document.subject_id == Rating.id)
    )
    query = query.where(Rating.cycle_id == cycle_id, Document.kind.in_(rating_objections.TOLD))
    return session.scalar(query) or 0


def _waiting(facts: rule.NoticeFacts, on: date) -> str:
    try:
        rule.check_ripe(facts, on)
    except Refused as refused:
        return f"{refused.why}{refused.cure}"
    return ""


def _corrections(cycle: Cycle) -> int:
    """Those that no run has taken in; none while objections before publication are open."""
    if cycle.state == S.ANNOUNCED and rating_objections.open_of_cycle(cycle.id):
        return 0
    if cycle.state not in (S.ANNOUNCED, S.PUBLISHED, S.ARCHIVED):
        return 0
    return sum(1 for row in rating_corrections.of_cycle(cycle.id) if row.run_id is None)
