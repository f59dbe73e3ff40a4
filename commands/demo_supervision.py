"""违规案件 played from the facts to the proof of service, and what an institution does while it is suspended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from actions import (
    collective_decisions,
    effects,
    letters,
    service,
    suspensions,
    violations,
)
from commands.demo_agenda import ONE_DAY, Agenda
from commands.demo_people import Cast
from database import session
from models import Agreement, CollectiveDecision, Document, Suspension, Violation
from queries import agreement_terms
from queries import violations as ask
from queries.collective_decisions import Matter
from rules import measures
from rules.lifecycle import AgreementState, ViolationState

COUNCIL = ("leader", "chief", "finance", "first_auditor")
VOTES = {
    "passed": ("for", "听取案情和陈述申辩的情况后，一致同意处理建议。"),
    "rejected": ("against", "证据尚不充分，补充调查后再议。"),
}
PROOF = "示例送达回证"
STATEMENT = "对查实的情况没有异议，已经开始整改，请求从轻处理。"
REPORT = "已退回涉及的费用，完善了药品进销存台账和处方审核制度，整改材料附后。"


@dataclass(frozen=True)
class Charge:
    """One case: measure, number of its ground in the article, what was found, and how it goes.

    `days`: length of a suspension decided in advance, none: until resumed. `heard`: the institution states its
    views; else the day for them passes. `served`: the decision is served; else its proof stays missing.
    `until`: the state in which the case is left. `discussions`: how each meeting about a termination ends; none: it
    stays open.
    """

    measure: str
    ground: int
    facts: str
    days: int | None = None
    heard: bool = True
    served: bool = True
    until: str = "closed"
    amount: int = 0
    recorder: str = "inspector_a"
    discussions: tuple[str, ...] = ("passed",)


def _vote(row: CollectiveDecision, ballot: str, minutes: str, cast: Cast, on: date) -> None:
    members = {actor.id: actor for actor in map(cast.__getitem__, COUNCIL)}
    for vote in row.votes:
        actor = members[vote.user_id]
        collective_decisions.cast(vote, ballot=ballot, remark=minutes, actor=actor, on=on)
    collective_decisions.conclude(row, minutes=minutes, actor=cast["chief"], on=on)


def agreed(matter: Matter, cast: Cast, on: date) -> None:
    """A group without whoever brought the payment agrees to it on the same day."""
    members = {cast[key].id or 0 for key in COUNCIL} - {matter.proposer_id or 0}
    row = collective_decisions.convene(matter, members, actor=cast["chief"], on=on)
    session.flush()
    _vote(row, "for", "核对清算表和台账后，一致同意。", cast, on)


class Case:
    """One case, step by step; every step puts the next one on the agenda."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, charge: Charge) -> None:
        self.agenda, self.cast, self.code, self.charge = agenda, cast, code, charge
        self.id = 0

    @property
    def violation(self) -> Violation:
        return session.get_one(Violation, self.id)

    def next(self, state: str, count: int, step: Callable[[date], object]) -> None:
        """Go on in `count` working days, unless the case is to be left in this state."""
        if self.charge.until != state:
            self.agenda.later(count, step)

    def register(self, on: date) -> None:
        agreement = running_agreement(self.cast.ids[self.code])
        charge, first = self.charge, self.agenda.work(on, 15)
        family = agreement.institution.kind.family
        grounds = measures.grounds(charge.measure, on, family)
        last = first + timedelta(days=charge.days) - ONE_DAY if charge.days else None
        violation = violations.register(
            agreement,
            measure=charge.measure,
            ground=next(row.key for row in grounds if row.extra["number"] == charge.ground),
            facts_text=charge.facts,
            found_on=self.agenda.work(on, -2),
            actor=self.cast[charge.recorder],
            on=on,
            from_on=first if charge.days else None,
            to_on=last,
            amount=charge.amount,
        )
        session.flush()
        self.id = violation.id
        self.next(ViolationState.REGISTERED, 1, self.tell)

    def tell(self, on: date) -> None:
        violations.give_notice(self.violation, actor=self.cast[self.charge.recorder], on=on)
        self.agenda.later(1, self.serve_notice)

    def serve_notice(self, on: date) -> None:
        [notice] = letters.of(self.violation, "views")
        self.serve(notice, on)
        if self.charge.until == ViolationState.HEARD:
            return
        if self.charge.heard:
            self.agenda.later(2, self.listen)
        else:
            self.agenda.later(7, self.propose)

    def listen(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        violations.record_views(self.violation, text=STATEMENT, actor=owner, on=on)
        later = self.dismiss if self.charge.until == ViolationState.DISMISSED else self.propose
        self.agenda.later(1, later)

    def dismiss(self, on: date) -> None:
        violations.dismiss(
            self.violation,
            reason="补充的原始凭证能够说明费用，违规事实不成立。",
            actor=self.cast["reviewer"],
            on=on,
        )

    def propose(self, on: date) -> None:
        answer = "陈述申辩不影响事实认定，" if self.charge.heard else "期满未收到陈述申辩，"
        opinion = f"{answer}建议按拟处理意见办理。"
        violations.propose(
            self.violation, opinion=opinion, actor=self.cast[self.charge.recorder], on=on
        )
        self.settle(on)
        self.next(ViolationState.PROPOSED, 1, self.review)

    def settle(self, on: date) -> None:
        """Whoever else is hit follows, or is told by letter."""
        for line in self.violation.effects:
            reason = "" if line.agreement_id else f"{line.region} 统筹区医疗保障经办机构"
            effects.decide(
                line,
                choice=line.choices[0],
                reason=reason,
                actor=self.cast[self.charge.recorder],
                on=on,
            )

    def review(self, on: date) -> None:
        violations.review(
            self.violation,
            opinion="事实清楚，程序完备，同意。",
            actor=self.cast["reviewer"],
            on=on,
        )
        if self.charge.measure == measures.TERMINATE:
            self.agenda.later(1, partial(self.discuss, self.charge.discussions))
        elif self.charge.until != ViolationState.REVIEWED:
            self.agenda.later(1, self.approve)

    def discuss(self, outcomes: tuple[str, ...], on: date) -> None:
        """A group votes; where it did not agree or was broken off, another one follows. One may stay open."""
        members = {self.cast[key].id or 0 for key in COUNCIL}
        row = collective_decisions.convene(self.violation, members, actor=self.cast["chief"], on=on)
        session.flush()
        if outcomes:
            self._conclude(row, outcomes[0], on)
        if outcomes[1:]:
            self.agenda.later(1, partial(self.discuss, outcomes[1:]))
        elif outcomes and self.charge.until != ViolationState.REVIEWED:
            self.agenda.later(1, self.approve)

    def _conclude(self, row: CollectiveDecision, outcome: str, on: date) -> None:
        chief = self.cast["chief"]
        if outcome == "cancelled":
            collective_decisions.cancel(row, reason="参会人员不齐，改日讨论。", actor=chief, on=on)
            return
        _vote(row, *VOTES[outcome], self.cast, on)

    def approve(self, on: date) -> None:
        violations.approve(
            self.violation, opinion="经集体讨论，同意。", actor=self.cast["leader"], on=on
        )
        if self.charge.served:
            self.next(ViolationState.DECIDED, 2, self.deliver)

    def deliver(self, on: date) -> None:
        for document in ask.unserved(self.violation):
            self.serve(document, on)
        self.agenda.later(1, self.close)

    def close(self, on: date) -> None:
        violations.close(self.violation, actor=self.cast[self.charge.recorder], on=on)

    def serve(self, document: Document, on: date) -> None:
        service.serve(
            document,
            actor=self.cast[self.charge.recorder],
            on=on,
            method="直接送达",
            proof=f"{PROOF}（{document.number}）",
        )


class Resumption:
    """An institution that mends its ways asks to go on; the reviewer looks and agrees."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, *, granted: bool = True) -> None:
        self.agenda, self.cast, self.code, self.granted = agenda, cast, code, granted

    @property
    def suspension(self) -> Suspension:
        query = select(Suspension).where(
            Suspension.institution_id == self.cast.ids[self.code], Suspension.ended_on.is_(None)
        )
        return session.scalars(query).one()

    def ask(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        suspensions.request_resumption(self.suspension, text=REPORT, actor=owner, on=on)
        if self.granted:
            self.agenda.later(4, self.grant)

    def grant(self, on: date) -> None:
        suspensions.resume(
            self.suspension,
            opinion="现场复查，问题已经整改到位。",
            actor=self.cast["reviewer"],
            on=on,
        )


def running_agreement(institution_id: int) -> Agreement:
    """The one concluded first: a supplementary agreement goes with it."""
    query = select(Agreement).where(
        Agreement.institution_id == institution_id,
        Agreement.state == AgreementState.CONCLUDED,
        agreement_terms.designating(),
    )
    return session.scalars(query.order_by(Agreement.id).limit(1)).one()
