"""信用异议、更正、等级变动 in the demo county: every state of both in each family, one correction worked out anew."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from actions import (
    cycle_decisions,
    cycle_notices,
    cycles,
    grade_changes,
    letters,
    proposals,
    rating_corrections,
    rating_objections,
    self_assessments,
)
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from commands.demo_agenda import Agenda
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from database import session
from models import Cycle, GradeChange, Institution, Rating, RatingObjection
from queries import cycle_acts
from queries import cycles as ask
from queries import proposals as ask_proposals
from queries import rating_corrections as found
from rules.kinds import MEDICAL, PHARMACY
from rules.lifecycle import CycleState, ProposalState
from rules.rating_objections import COUNTER

SCHEME = "county_four_grades@2026"
COUNCIL = ("leader", "reviewer", "finance")  # the chief looks into objections afterwards
FACT = "years_of_service"  # known of everybody
LATE = 8  # working days after publication nobody may object any more
COURSES = ("correct", "uphold", "decline", "withdraw")
MONTHS = timedelta(days=125)  # after the publication, when a restoration may be asked for


class Disputes:
    """What follows the publication of one cycle. The reviewer looks into nothing: that person reviewed it."""

    def __init__(self, agenda: Agenda, cast: Cast, name: str) -> None:
        self.agenda, self.cast, self.name = agenda, cast, name

    @property
    def cycle(self) -> Cycle:
        """The one whose grades hold."""
        query = select(Cycle).where(
            Cycle.name == self.name, Cycle.state.in_([CycleState.PUBLISHED, CycleState.ARCHIVED])
        )
        return session.scalars(query).one()

    def ratings(self, family: str) -> list[Rating]:
        """Of one family, those of lower grade first: these have reason to object and to restore."""
        query = select(Rating).join(Institution).where(Rating.cycle_id == self.cycle.id)
        rows = session.scalars(query.order_by(Rating.score_milli, Rating.id)).all()
        best = ask.scheme_of(self.cycle).grades[0].key
        rows = [row for row in rows if row.institution and row.institution.kind.family == family]
        return sorted(rows, key=lambda row: row.grade == best)

    def lower(self, number: int) -> list[Rating]:
        """Of those, whose grade can be restored."""
        best = ask.scheme_of(self.cycle).grades[0].key
        return [row for row in self.each(number) if row.grade != best]

    def each(self, number: int) -> list[Rating]:
        """The rating of this number in each family."""
        return [
            rows[number] for rows in map(self.ratings, (MEDICAL, PHARMACY)) if len(rows) > number
        ]

    def begin(self) -> None:
        """The letters are handed over; the day after the publication, and weeks later."""
        self.serve(self.cycle)
        self.agenda.later(1, self.objections)
        self.agenda.later(LATE, self.late)
        self.agenda.later(LATE + 1, self.replay)
        self.agenda.put(self.agenda.work(self.agenda.today + MONTHS), self.restorations)
        self.agenda.put(self.agenda.work(self.agenda.end, -1), self.waiting)

    def serve(self, cycle: Cycle) -> None:
        for letter in cycle_acts.letters(cycle.id):
            given = {"method": "直接送达", "proof": f"送达回证（{letter.number}）"}
            letters.serve(letter, actor=self.cast["clerk"], on=letter.issued_on, **given)

    def raised(self, rating: Rating, on: date) -> RatingObjection:
        said = Said(rating.name, "首次签订协议的日期登记有误。", source=COUNTER, uploads=[PAPER])
        return rating_objections.raise_objection(rating, said, actor=self.cast["clerk"], on=on)

    def objections(self, on: date) -> None:
        chief = self.cast["chief"]
        for number, course in enumerate(COURSES):
            for rating in self.each(number):
                if course == "decline":
                    continue
                row = self.raised(rating, on)
                if course == "withdraw":
                    rating_objections.withdraw(row, actor=self.cast["clerk"], on=on)
                    continue
                rating_objections.accept(row, actor=chief, on=on)
                self.agenda.later(2, partial(self.answer, row.id, course))

    def answer(self, key: int, course: str, on: date) -> None:
        row, chief = session.get_one(RatingObjection, key), self.cast["chief"]
        if course == "uphold":
            said = "经调取协议核对，首次签订的日期与登记一致。"
            rating_objections.uphold(row, opinion=said, actor=chief, on=on)
            return
        facts = found.as_corrected(row.rating.cycle, str(row.institution_id))
        right = str((facts.get(FACT) or 0) + 1)
        given = Correction(FACT, right, "旧协议档案表明定点早一年。", "示例旧协议一份")
        rating_objections.correct(row, [given], opinion="经核对属实。", actor=chief, on=on)

    def late(self, on: date) -> None:
        for rating in self.each(COURSES.index("decline")):
            row = self.raised(rating, on)
            rating_objections.decline(
                row, ground="late", opinion="提出时期限已经届满。", actor=self.cast["chief"], on=on
            )

    def replay(self, on: date) -> None:
        run = rating_corrections.replay(self.cycle, actor=self.cast["clerk"], on=on)
        cycles.review(run, actor=self.cast["reviewer"], on=on, opinion="更正项目核对无误。")
        self.agenda.later(1, partial(self.publish, run.id))

    def publish(self, key: int, on: date) -> None:
        """The meeting and, by a third person, the publication: it takes the place of the first."""
        run = session.get_one(Cycle, key)
        decide(run, self.cast, on)
        cycles.publish(run, actor=self.cast["leader"], on=on, opinion="同意按更正结果公布。")
        self.serve(run)
        self.agenda.later(LATE, self.archive)

    def archive(self, on: date) -> None:
        cycles.archive(self.cycle, actor=self.cast["clerk"], on=on)

    def asked(self, rating: Rating, on: date) -> GradeChange:
        return grade_changes.request(
            rating, text="问题已经整改，款项已经退回。", uploads=[PAPER], actor=self.cast["clerk"], on=on
        )  # fmt: skip

    def plan(self, rating: Rating) -> grade_changes.Plan:
        """The best grade, or for the best the second."""
        keys = [grade.key for grade in ask.scheme_of(rating.cycle).grades]
        to = keys[0] if rating.grade != keys[0] else keys[1]
        return grade_changes.Plan(
            to, "整改已经验收，款项已经到账。", "《示例县信用评价方案》修复条款"
        )

    def restorations(self, on: date) -> None:
        """One granted, one refused; and one grade adjusted by the agency itself."""
        inspector, reviewer = self.cast["inspector_a"], self.cast["reviewer"]
        for rating in self.lower(0):
            self.use(rating, on)
        for number, verb in enumerate(("confirm", "refuse")):
            for rating in self.lower(number):
                row = self.asked(rating, on)
                grade_changes.examine(row, self.plan(rating), actor=inspector, on=on)
                act = getattr(grade_changes, verb)
                act(
                    row, opinion="证明材料不全。" if verb == "refuse" else "", actor=reviewer, on=on
                )
        for rating in self.lower(2):
            row = grade_changes.propose(rating, self.plan(rating), actor=inspector, on=on)
            grade_changes.confirm(row, actor=reviewer, on=on)

    def use(self, rating: Rating, on: date) -> None:
        """What the old grade suggested is in use until the grade changes."""
        row = ask_proposals.latest(rating.id, "inspection_ratio")
        if row is not None and row.state == ProposalState.PROPOSED:
            proposals.decide(row, "adopt", actor=self.cast["leader"], on=on)

    def waiting(self, on: date) -> None:
        for rating in self.lower(3):
            self.asked(rating, on)
        for rating in self.lower(4):
            row = self.asked(rating, on)
            plan = self.plan(rating)
            grade_changes.examine(row, plan, actor=self.cast["inspector_a"], on=on)


def decide(cycle: Cycle, cast: Cast, on: date) -> None:
    """Three sit in the meeting, one abstains; the chief has no part in it and may judge what is said against it."""
    members = [cast[name] for name in COUNCIL]
    leader, keys = cast["leader"], [one.id for one in members if one.id]
    cycle_decisions.convene(cycle, keys, actor=leader, on=on)
    for vote in cycle.votes:
        member = next(one for one in members if one.id == vote.user_id)
        ballot = "abstain" if member is members[-1] else "for"
        cycle_decisions.cast(vote, ballot=ballot, remark="", actor=member, on=on)
    heard = "测算和复核情况" if cycle.of_persons else "测算、复核和公示情况"
    minutes = f"会议听取了{heard}，同意拟定的等级。"
    cycle_decisions.conclude(cycle, minutes=minutes, actor=leader, on=on)


def open_objections(agenda: Agenda, cast: Cast, name: str, on: date) -> None:
    """On the last day one is taken in and one waits, in each family."""
    disputes = Disputes(agenda, cast, name)
    for number in (0, 1):
        for rating in disputes.each(number):
            row = disputes.raised(rating, on)
            if number:
                rating_objections.accept(row, actor=cast["chief"], on=on)


def frozen(cast: Cast, days: tuple[date, date], on: date) -> None:
    """Two that are not worked out yet; in one the institutions look at their own facts."""
    clerk = cast["clerk"]
    cycles.freeze(f"{on.year}年第四季度预评价", *days, SCHEME, actor=clerk, on=on)
    cycle = cycles.freeze(f"{on.year}年自评试点", *days, SCHEME, actor=clerk, on=on)
    cycle_notices.invite(cycle, actor=clerk, on=on)
    rated = {row["institution"] for row in cycle.facts}
    for owner in list(cast.owners.values()):
        if owner.institution_id in rated:
            place = session.get_one(Institution, owner.institution_id)
            self_assessments.submit(cycle, place, {}, text="没有不同意见。", actor=owner, on=on)
            break
