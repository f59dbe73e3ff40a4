"""信用评价 played: computed by one, reviewed by another, published by a third; then the leader decides on proposals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from actions import cycle_notices, cycles
from commands.demo_agenda import Agenda
from commands.demo_credit_objections import Disputes, decide
from commands.demo_people import Cast
from database import session
from models import Cycle, Proposal, Rating
from rules.lifecycle import CycleState

SCHEME = "county_four_grades@2026"
CHANNEL = "示例县医疗保障局门户网站，电话0990-0000000"
NOTICE = 6  # working days until the day after the last of a notice
EVERY = 7  # of so many proposals decided, one is refused


@dataclass(frozen=True)
class Round:
    """One cycle. `decided`: proposals the leader decides afterwards.

    `again`: computed a second time before review; afterwards objections lead to a corrected run.
    """

    name: str
    from_on: date
    to_on: date
    until: str = CycleState.PUBLISHED
    decided: int = 0
    again: bool = False


class Rated:
    """One cycle from its computation to the decisions taken on it."""

    def __init__(self, agenda: Agenda, cast: Cast, plan: Round) -> None:
        self.agenda, self.cast, self.plan = agenda, cast, plan

    @property
    def cycle(self) -> Cycle:
        query = select(Cycle).where(
            Cycle.name == self.plan.name, Cycle.state != CycleState.SUPERSEDED
        )
        return session.scalars(query).one()

    def next(self, state: str, count: int, step: Callable[[date], object]) -> None:
        if self.plan.until != state:
            self.agenda.later(count, step)

    def compute(self, on: date) -> None:
        plan = self.plan
        cycles.start(plan.name, plan.from_on, plan.to_on, SCHEME, actor=self.cast["clerk"], on=on)
        self.next(CycleState.COMPUTED, 1, self.compute_again if plan.again else self.review)

    def compute_again(self, on: date) -> None:
        """Facts that came in late: the first run stays on record as superseded."""
        plan = self.plan
        cycles.start(plan.name, plan.from_on, plan.to_on, SCHEME, actor=self.cast["clerk"], on=on)
        self.agenda.later(1, self.review)

    def review(self, on: date) -> None:
        cycles.review(
            self.cycle, actor=self.cast["reviewer"], on=on, opinion="抽查十家，计算无误。"
        )
        self.next(CycleState.REVIEWED, 1, self.announce)

    def announce(self, on: date) -> None:
        cycle_notices.announce(self.cycle, channel=CHANNEL, actor=self.cast["clerk"], on=on)
        self.next(CycleState.ANNOUNCED, NOTICE, self.decide_together)

    def decide_together(self, on: date) -> None:
        decide(self.cycle, self.cast, on)
        self.next(CycleState.DECIDED, 1, self.publish)

    def publish(self, on: date) -> None:
        cycles.publish(
            self.cycle, actor=self.cast["leader"], on=on, opinion="经集体讨论，同意公布。"
        )
        if self.plan.again:
            Disputes(self.agenda, self.cast, self.plan.name).begin()
        for number in range(self.plan.decided):
            self.agenda.later(1 + number // 40, partial(self.decide, number))

    def decide(self, number: int, on: date) -> None:
        query = select(Proposal).join(Rating).where(Rating.cycle_id == self.cycle.id)
        proposal = session.scalars(query.order_by(Proposal.id).offset(number).limit(1)).first()
        if proposal is None:
            return
        refused = number % EVERY == EVERY - 1
        cycles.decide(
            proposal,
            "refuse" if refused else "adopt",
            actor=self.cast["leader"],
            on=on,
            reason="该机构整改已经完成，另行研究。" if refused else "",
        )
