"""续签 played: a campaign, one renewal left in every state for each family, and batches as a season leaves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import clock
from actions import batches, campaigns, renewals, signatures, users
from actions.batches import Item
from actions.campaigns import Plan
from commands import demo_people
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from commands.demo_supervision import running_agreement
from database import session
from models import Batch, BatchRow, Campaign, Renewal, User
from queries import batches as ask
from queries import renewals as waiting
from queries.paging import Asked
from rules.lifecycle import RenewalState as S
from rules.permissions import Role
from rules.renewals import Advice

STATEMENT = "本协议期内按约定提供服务，数据按时上传，检查发现的问题均已整改。"
MANDATE = "示例授权委托书"
OPINION = "已逐项核对评议表，例外事项不影响续签。"
REASON = "协议履行情况没有达到续签要求，经研究期满后不再续签。"


@dataclass(frozen=True)
class Course:
    """`asked`: the institution applies, else the agency organises. `until`: the state in which it is left."""

    until: S
    asked: bool = True


class Season:
    """One renewal, step by step; every step puts the next one on the agenda."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, course: Course) -> None:
        self.agenda, self.cast, self.code, self.course = agenda, cast, code, course
        self.id = 0

    @property
    def renewal(self) -> Renewal:
        return session.get_one(Renewal, self.id)

    def next(self, state: S, step: Callable[[date], object]) -> None:
        if self.course.until != state:
            self.agenda.later(1, step)

    def begin(self, on: date) -> None:
        agreement = running_agreement(self.cast.ids[self.code])
        if self.course.asked:
            owner = self.cast.owners[self.code]
            row = renewals.apply(agreement, statement=STATEMENT, actor=owner, on=on)
        else:
            row = renewals.collect(agreement, actor=self.cast["clerk"], on=on)
        session.flush()
        self.id = row.id
        if self.course.until == S.WITHDRAWN:
            self.agenda.later(1, self.withdraw)
        else:
            self.next(S.APPLIED if self.course.asked else S.COLLECTED, self.assess)

    def withdraw(self, on: date) -> None:
        renewals.withdraw(self.renewal, actor=self.cast.owners[self.code], on=on)

    def assess(self, on: date) -> None:
        renewals.assess(self.renewal, actor=self.cast["clerk"], on=on)
        self.next(S.ASSESSED, self.propose)

    def propose(self, on: date) -> None:
        decision = Advice.NOT_RENEW if self.course.until == S.REFUSED else Advice.RENEW
        renewals.propose(
            self.renewal, decision, opinion=OPINION, actor=self.cast["reviewer"], on=on
        )
        self.next(S.PROPOSED, self.decide)

    def decide(self, on: date) -> None:
        against = self.course.until == S.REFUSED
        renewals.decide(
            self.renewal,
            Advice.NOT_RENEW if against else Advice.RENEW,
            reason=REASON if against else "",
            actor=self.cast["leader"],
            on=on,
        )
        if not against:
            self.next(S.AGREED, self.offer)

    def offer(self, on: date) -> None:
        renewals.offer(self.renewal, actor=self.cast["clerk"], on=on)
        self.next(S.OFFERED, self.sign)

    def sign(self, on: date) -> None:
        following = self.renewal.next_agreement
        if following is None:
            raise RuntimeError(f"{self.renewal.number} was offered without an agreement")
        owner = self.cast.owners[self.code]
        signatures.sign_for_institution(following, read=True, mandate=MANDATE, actor=owner, on=on)
        signatures.countersign(following, actor=self.cast["leader"], on=on)


class Clearing:
    """The clearing of shelves: one in time, one too late, one not at all, one with nothing found."""

    def __init__(self, cast: Cast, codes: list[str]) -> None:
        self.cast, self.codes = cast, codes

    def open(self, on: date) -> None:
        plan = Plan(
            name=f"{on.year}年定点零售药店陈列清理行动",
            family="pharmacy",
            subject_text="清理不允许陈列的日用百货、食品和化妆品，医保与非医保区域分开标识。",
            basis="示例县专项行动方案",
            from_on=on,
            due_on=date.fromordinal(on.toordinal() + 30),
        )
        inspector = self.cast["inspector_a"]
        campaign = campaigns.open_campaign(plan, actor=inspector, on=on)
        campaigns.draw(campaign, reason="", actor=inspector, on=on, at=clock.now())
        for number, code in enumerate(self.codes):
            self._check(campaign, code, number, on)

    def _check(self, campaign: Campaign, code: str, number: int, on: date) -> None:
        campaigns.record(
            campaign,
            self.cast.institution(code),
            checked_on=on,
            found_text="陈列日用百货和食品" if number else "",
            due_on=None,
            actor=self.cast["inspector_a"],
            on=on,
        )


class Batches:
    """One batch in every state: waiting to be confirmed, running, done, cancelled, and stopped with its person gone."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def play(self, on: date) -> None:
        clerk = self.cast["clerk"]
        found, _ = waiting.candidates(clerk, Asked(words={}), on=on)
        rows = [Item("agreement", row.agreement.id, row.institution.name) for row in found]
        if not rows:
            return
        prepared = [batches.prepare("collect", rows[:3], actor=clerk, on=on) for _ in range(4)]
        for batch in prepared[1:]:
            batches.start(batch, actor=clerk, on=on)
        session.flush()
        self._run(prepared[1], on)
        batches.cancel(prepared[2], actor=self.cast["chief"], on=on, reason="改为逐家组织")
        self._stopped(rows[3:5] or rows[:1], on)

    def _run(self, batch: Batch, on: date) -> None:
        for key in ask.to_run(on):
            if session.get_one(BatchRow, key).batch_id == batch.id:
                batches.run_row(key, on)

    def _stopped(self, rows: list[Item], on: date) -> None:
        """A clerk who leaves before the batch has run."""
        actor = demo_people.newcomer(self.cast, "clerk_b", Role.CLERK, "示经办乙", on)
        batch = batches.prepare("collect", rows, actor=actor, on=on)
        batches.start(batch, actor=actor, on=on)
        user = session.get_one(User, actor.id)
        users.disable(user, actor=self.cast["sysadmin"], on=on)
        session.flush()
        self._run(batch, on)
