"""约谈 and the way back after a bar in the demo county: every state of both, in each family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from actions import deductions, practitioners, reinstatements, talks
from commands.demo_agenda import Agenda
from commands.demo_county import REGION, person
from commands.demo_paper import PAPER
from commands.demo_people import PREFIX, Cast
from commands.demo_points import Fault, Points
from database import session
from models import Reinstatement, Talk
from queries import qualification_measures
from rules import talks as rule
from rules.permissions import Actor
from rules.persons import PractitionerRole
from rules.talks import Person

SIGNED = replace(PAPER, name="示例约谈记录.pdf")
PROOF = replace(PAPER, name="示例培训证明.pdf")
CALLED = (Person("示例甲", "法定代表人"), Person("示例乙", "医保负责人"))
STAFF = (Person("示例丙", "稽核岗"), Person("示例丁", "稽核岗"))
REASON = "近三个月次均费用增幅明显高于同级别机构，费用审核的问题没有按期说明。"
MINUTES = "通报了费用变化和审核发现的问题，听取了机构的说明；机构表示接受，承诺在一个月内自查。"
COURSES = ("cancel", "file", "miss", "hold", "")  # what happens to one talk of each family
BEFORE = 30  # working days before the end on which they are called
# family, who was barred there, number of an institution to whose people nothing else happens
FAMILIES = (
    ("medical", PractitionerRole.PHYSICIAN, 12),
    ("pharmacy", PractitionerRole.PHARMACIST, 8),
)
BOOKS, BACK = 14, 12  # working days before the start, and before the end
FIRST = 7000  # nobody else in the county has these numbers
FAULTS = (
    Fault(0, "serious_impersonation", "main", 9, "将自己的医保编码交由他人使用。"),
    Fault(0, "light_other", "general", 3, "处方、票据和结算记录不一致。"),
)


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Five talks for each family, and two people whom the old books show as barred."""
    for number, (family, role, quiet) in enumerate(FAMILIES):
        if place := code(family, 0):
            for back, course in enumerate(COURSES):
                talk = Talking(agenda, cast, place, course)
                agenda.put(agenda.work(agenda.end, back - BEFORE), talk.call)
        if place := code(family, quiet):
            for serial, course in enumerate(("granted", "waiting"), start=FIRST + 2 * number):
                barred = Barred(agenda, cast, place, serial, role)
                agenda.put(agenda.work(agenda.start, 1), barred.books)
                agenda.put(agenda.work(agenda.end, -BACK), getattr(barred, course))


class Talking:
    """One talk with an institution. `course`: the last thing that happens to it."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, course: str) -> None:
        self.agenda, self.cast, self.code, self.course = agenda, cast, code, course

    def call(self, on: date) -> None:
        institution, inspector = self.cast.institution(self.code), self.cast["inspector_a"]
        first = rule.earliest(on, institution.kind.family, self.agenda.workdays)
        planned = self.agenda.work(first if self.course else self.agenda.end, 2)
        row = talks.call(
            institution, source=None, called=CALLED, reason=REASON, basis=rule.BASIS, planned_on=planned,
            planned_time="上午九时", place="示例县医疗保障局二楼会议室", actor=inspector, on=on,
        )  # fmt: skip
        if self.course == "cancel":
            reason = "机构已经书面说明，不再约谈。"
            talks.cancel(row, reason=reason, actor=self.cast["chief"], on=on)
        elif self.course:
            self.agenda.put(planned, partial(self.meet, row.id))

    def meet(self, key: int, on: date) -> None:
        row, inspector = session.get_one(Talk, key), self.cast["inspector_a"]
        if self.course == "miss":
            talks.miss(row, remark="通知书已送达，没有说明理由。", actor=inspector, on=on)
            return
        talks.hold(
            row, held_on=on, came=[row.called[0].id], staff=STAFF, minutes=MINUTES,
            demands="一个月内完成自查，书面报告结果。", actor=inspector, on=on,
        )  # fmt: skip
        if self.course == "file":
            talks.file(row, SIGNED, actor=inspector, on=on)


class Barred(Points):
    """Somebody barred for a year before the county's year began, taken over from the old books."""

    def __init__(
        self, agenda: Agenda, cast: Cast, code: str, serial: int, role: PractitionerRole
    ) -> None:
        super().__init__(agenda, cast, code, FAULTS[0])
        who = person(serial)
        self.serial, self.person_id = serial, 0
        self.who = practitioners.Person(
            f"{PREFIX.get(role, 'YS')}{REGION}{serial:06d}",
            who.name,
            role,
            who.id_number,
            f"示{serial:06d}",
        )

    def books(self, on: date) -> None:
        """Twelve points added up on one day, entered under the days of the books."""
        back = self.agenda.work(self.agenda.start, -BOOKS)
        place = self.cast.institution(self.code)
        registration = practitioners.register(
            place, self.who, actor=self.cast["clerk"], on=on, from_on=back - timedelta(days=200)
        )
        row = registration.practitioner
        for number, fault in enumerate(FAULTS):
            self.fault = replace(fault, nth=self.serial + 10 * number)
            entry = deductions.record(
                row, place, fault.item, fault.responsibility, fault.points, conduct_on=back - timedelta(days=20),
                basis=self._penalty(place, back, back), facts_text=fault.facts,
                actor=self.cast["inspector_a"], on=back,
            )  # fmt: skip
            session.flush()
            deductions.confirm(entry, actor=self.cast["reviewer"], on=back)
            self.id, self.person_id = entry.id, row.id
            self.deliver(back)

    def granted(self, on: date) -> None:
        """Taken back, declined, asked for again and agreed to: then the person is registered anew."""
        reinstatements.withdraw(self.waiting(on), actor=self.owner, on=on)
        declined = "没有提交参加医保政策培训的证明。"
        reinstatements.decline(
            self.waiting(on), opinion=declined, actor=self.cast["reviewer"], on=on
        )
        self.agenda.later(3, self._agree)

    @property
    def owner(self) -> Actor:
        return self.cast.owners[self.code]

    def waiting(self, on: date) -> Reinstatement:
        measure = qualification_measures.measures(self.person_id)[0]
        return reinstatements.apply(
            measure, self.cast.institution(self.code), text="限制期已满，本人参加了医保政策培训。",
            uploads=[PROOF], actor=self.owner, on=on,
        )  # fmt: skip

    def _agree(self, on: date) -> None:
        row = self.waiting(on)
        agreed = "限制期已满，培训证明齐全。"
        reinstatements.agree(row, opinion=agreed, actor=self.cast["reviewer"], on=on)
        self.agenda.later(1, self._return)

    def _return(self, on: date) -> None:
        practitioners.register(self.cast.institution(self.code), self.who, actor=self.owner, on=on)
