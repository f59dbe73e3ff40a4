"""The script of the year: who applies when, who breaks what, and in which state things stand on the last day.

Institutions are named by family and running number; a story whose institution is not in the county is not played.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from actions import practitioners
from commands import (
    demo_county,
    demo_credit_year,
    demo_letters,
    demo_negotiation,
    demo_penalties,
    demo_people,
    demo_registry,
    demo_seals,
    demo_settlements,
    demo_year_end,
)
from commands import demo_rectifications as mending
from commands.demo_agenda import Agenda
from commands.demo_changes import CHANGES, FINDINGS, Changing, Wanted
from commands.demo_county import Place, person
from commands.demo_courses import Course
from commands.demo_designation import Applicant
from commands.demo_exits import EXITS
from commands.demo_filings import Bureau
from commands.demo_people import Cast
from commands.demo_points import Points
from commands.demo_renewals import Batches, Clearing, Season
from commands.demo_stories import CASES, CLEARED, FAULTS, LATE, NOW, REQUESTS, SEASON, Late
from commands.demo_supervision import Case, Resumption
from rules.clocks import add_months
from rules.lifecycle import AmendmentState
from rules.lifecycle import ApplicationState as S

YEAR = timedelta(days=364)
A_DAY = 8  # applications handed in on one day
FAILING = ("pharmacy", 1)
INCOMPLETE, DOUBTED = (
    {4},
    {10, 50},
)  # every so many hand in too little; against these somebody objects
ARRIVE = timedelta(days=150)  # before the end, the newcomers are on record
SUPPLEMENTED = (("medical", 0), ("pharmacy", 0), ("pharmacy", 3))
BARRED = demo_county.CHAIN[0]
SEQUENCE = timedelta(days=75)  # a person's deductions that are to add up lie in one calendar year
CHANGING = {
    "medical": (5, 6, 2, 10, 7, 1, 8, 9),
    "pharmacy": tuple(range(60, 68)),
}  # whose term goes on
NEW_PERSON = 5000  # nobody else in the county has these numbers
NAMES = {"medical": "hospital", "pharmacy": "pharmacy"}


@dataclass(frozen=True)
class Size:
    """How much is played. `newcomers`: of each family, how many of the states of an application are left open."""

    medical: int = 25
    pharmacies: int = 79
    newcomers: int = len(LATE)


class Year:
    """Puts the whole script on the agenda."""

    def __init__(self, agenda: Agenda, cast: Cast, size: Size) -> None:
        self.agenda, self.cast, self.size = agenda, cast, size
        self.first = agenda.work(agenda.start)
        self.places = demo_county.county(size.medical, size.pharmacies, self.first)
        self.roster = demo_people.roster(self.places)
        family = {place.code: place.family for place in self.places}
        self.codes = {
            name: [code for code in family if family[code] == name]
            for name in ("medical", "pharmacy")
        }

    def write(self) -> None:
        self.opening()
        self.designation()
        self.second_sites()
        self.supervision()
        self.changes()
        demo_penalties.write(self.agenda, self.cast, self.code)
        mending.write(self.agenda, self.cast, self.code)
        demo_settlements.write(self.agenda, self.cast, self.code)
        self.exits()
        self.points()
        self.newcomers()
        self.agreements()
        self.credit()
        demo_year_end.write(self.agenda, self.cast)
        self.renewals()
        Bureau(self.agenda, self.cast).start(self.first)

    def code(self, family: str, number: int) -> str | None:
        codes = self.codes[family]
        return codes[number] if number < len(codes) else None

    def opening(self) -> None:
        """The first day: accounts, the list of institutions, their papers."""
        put = partial(self.agenda.put, self.first)
        put(partial(demo_people.hire, self.cast))
        put(partial(demo_seals.put_in_use, self.cast))
        put(partial(demo_people.enter, self.cast, self.places, "示例县机构名单.csv"))
        for place in self.places:
            number = self.codes[place.family].index(place.code)
            put(partial(demo_people.license_, self.cast, place))
            put(partial(demo_people.employ, self.cast, place))
            put(
                partial(
                    demo_people.let_in, self.cast, place, key="" if number else NAMES[place.family]
                )
            )

    def designation(self) -> None:
        """All apply in the first weeks; one fails, mends what was wanting and applies again."""
        failing = self.code(*FAILING)
        for number, place in enumerate(self.places):
            day = self.agenda.work(self.first, 2 + number // A_DAY)
            course = Course(
                supplement=number % 9 in INCOMPLETE or place.code == self.code("pharmacy", 0),
                fails=place.code == failing,
                objection=number in DOUBTED,
                pace=1 + number % 3,
                then=partial(self.enrol, place),
            )
            self.agenda.put(day, Applicant(self.agenda, self.cast, place.code, course).apply)
            if place.code == failing:
                again = add_months(day, 4)
                course = Course(then=partial(self.enrol, place))
                self.agenda.put(
                    self.agenda.work(again),
                    Applicant(self.agenda, self.cast, place.code, course).retry,
                )

    def enrol(self, place: Place, _on: date) -> None:
        """The institution registers its people the day after the agreement is signed."""
        for who in self.roster[place.code]:
            self.agenda.later(1, partial(self.register, place.code, who))

    def register(self, code: str, who: practitioners.Person, on: date) -> None:
        person = demo_registry.dressed(who, self.agenda.start, self.agenda.end, on=on)
        practitioners.register(
            self.cast.institution(code), person, actor=self.cast.owners[code], on=on
        )

    def second_sites(self) -> None:
        """Some physicians of the county hospital see patients elsewhere as well."""
        home, others = self.code("medical", 0), self.codes["medical"][4:10]
        for number, other in enumerate(others):
            day = self.agenda.work(self.first + timedelta(days=90), number)
            self.agenda.put(day, partial(self.register, other, self.roster[str(home)][number]))

    def supervision(self) -> None:
        """Cases by their day after the start; those of today by their working days before the end."""
        for family, number, after, charge in CASES:
            if code := self.code(family, number):
                day = self.agenda.work(self.first + timedelta(days=after))
                self.agenda.put(day, Case(self.agenda, self.cast, code, charge).register)
        for family, number, before, charge in NOW:
            if code := self.code(family, number):
                day = self.agenda.work(self.agenda.end, -before)
                self.agenda.put(day, Case(self.agenda, self.cast, code, charge).register)
        for family, number, after, granted in REQUESTS:
            if code := self.code(family, number):
                start = self.first if after >= 0 else self.agenda.end
                day = self.agenda.work(start + timedelta(days=after))
                asking = Resumption(self.agenda, self.cast, code, granted=granted)
                self.agenda.put(day, asking.ask)

    def changes(self) -> None:
        """Requests, findings and notices of institutions that nothing else happens to."""
        barred = person(100 + 2 * BARRED) if self.code("pharmacy", max(demo_county.CHAIN)) else None
        for family, numbers in CHANGING.items():
            for number, wanted in zip(numbers, CHANGES, strict=True):
                if code := self.code(family, number):
                    self._change(Changing(self.agenda, self.cast, code, family), wanted, barred)
            for number, found in zip(numbers, FINDINGS, strict=False):
                if code := self.code(family, number):
                    changing = Changing(self.agenda, self.cast, code, family)
                    day = self.agenda.work(self.agenda.end, -found.before)
                    self.agenda.put(day, partial(changing.find, found))
            for number, known in zip(numbers, (False, True), strict=False):
                if code := self.code(family, number):
                    changing = Changing(self.agenda, self.cast, code, family)
                    self.agenda.put(self.agenda.work(self.agenda.end, -9), changing.tell)
                    if known:
                        self.agenda.put(self.agenda.work(self.agenda.end, -7), changing.acknowledge)

    def _change(
        self, changing: Changing, wanted: Wanted, barred: demo_county.Person | None
    ) -> None:
        """Who is to take office is new in the county, or barred where the leader has to decide."""
        escalated = wanted.until == AmendmentState.ESCALATED
        if escalated and barred is None:
            return
        taker = (
            barred if escalated and barred else person(NEW_PERSON + len(wanted.new) + wanted.before)
        )
        day = self.agenda.work(self.agenda.end, -wanted.before)
        self.agenda.put(day, partial(changing.request, wanted, taker))

    def exits(self) -> None:
        """Who wants to leave, what points to a ground, and what other regions decided."""
        for family, number, after, story, plan in EXITS:
            if code := self.code(family, number):
                start = self.first if after >= 0 else self.agenda.end
                day = self.agenda.work(start + timedelta(days=after))
                self.agenda.put(day, story(self.agenda, self.cast, code, plan).begin)

    def points(self) -> None:
        for family, number, after, fault in FAULTS:
            if code := self.code(family, number):
                day = self._point_day(after)
                self.agenda.put(day, Points(self.agenda, self.cast, code, fault).record)

    def _point_day(self, after: int) -> date:
        """Positive: days after the start of the longer part of the year; negative: working days before the end."""
        if after < 0:
            return self.agenda.work(self.agenda.end, after)
        return self.agenda.work(self._accounts_from() + timedelta(days=after))

    def _accounts_from(self) -> date:
        """A day from which the points of a person add up for a while in one calendar year."""
        day = self.first + timedelta(days=100)
        turn = date(day.year + 1, 1, 1)
        return turn + timedelta(days=20) if day + SEQUENCE + timedelta(days=40) >= turn else day

    def newcomers(self) -> None:
        """Institutions that apply late, each left in another state for each family; one has a barred person."""
        barred = person(100 + 2 * BARRED) if self.size.pharmacies > max(demo_county.CHAIN) else None
        places = demo_county.newcomers(self.size.newcomers, self.first, barred)
        if not places:
            return
        day = self.agenda.work(self.agenda.end - ARRIVE)
        self.agenda.put(day, partial(demo_people.enter, self.cast, places, "新增机构名单.csv"))
        for place in places:
            self.agenda.put(day, partial(demo_people.license_, self.cast, place))
            self.agenda.put(day, partial(demo_people.employ, self.cast, place))
            self.agenda.put(day, partial(demo_people.let_in, self.cast, place))
        for number, place in enumerate(places[: 2 * self.size.newcomers]):
            self._late(place, LATE[number % self.size.newcomers])
        if barred:
            self._late(places[-1], Late(22, Course(until=S.DECLINED)))

    def agreements(self) -> None:
        """Two clauses of the region, and a supplementary agreement for one institution of each family."""
        self.agenda.put(self.first, partial(demo_negotiation.local_rules, self.cast))
        for family, number in SUPPLEMENTED:
            if code := self.code(family, number):
                day = self.agenda.work(self.agenda.end, -12)
                self.agenda.put(
                    day, demo_negotiation.Table(self.agenda, self.cast, code).supplement
                )
        demo_letters.write(self.agenda, self.cast, [self.code(*one) for one in SUPPLEMENTED[:2]])

    def credit(self) -> None:
        demo_credit_year.write(self.agenda, self.cast, self.first)

    def renewals(self) -> None:
        """The last weeks: a campaign, a renewal left in every state for each family, and batches in every state."""
        end = self.agenda.end
        cleared = Clearing(self.cast, self.codes["pharmacy"][CLEARED])
        self.agenda.put(self.agenda.work(end - timedelta(days=60)), cleared.open)
        for family, number, before, course in SEASON:
            if code := self.code(family, number):
                day = self.agenda.work(end, -before)
                self.agenda.put(day, Season(self.agenda, self.cast, code, course).begin)
        self.agenda.put(self.agenda.work(end, -1), Batches(self.cast).play)

    def _late(self, place: Place, late: Late) -> None:
        end = self.agenda.end
        day = self.agenda.work(end, -late.before) if late.before else end
        if late.months:
            day = self.agenda.work(
                add_months(end, -late.months) + timedelta(days=late.days), -late.before
            )
        self.agenda.put(
            day, Applicant(self.agenda, self.cast, place.code, late.course(place.family)).apply
        )
