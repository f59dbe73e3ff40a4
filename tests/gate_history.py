"""Random histories of an institution for the settlement gate, and what was found out about them later."""

from __future__ import annotations

import random
from datetime import date, timedelta

from database import session
from models import (
    Agreement,
    Hold,
    Practitioner,
    QualificationMeasure,
    Registration,
    Suspension,
    Termination,
)
from rules.permissions import Actor
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as people

FIRST, LAST = date(2019, 12, 1), date(2031, 1, 31)
ONE = timedelta(days=1)


class History:
    """One institution of a kind with random agreements, suspensions, ends, holds, people and their measures."""

    def __init__(self, kind: str, seed: int, clerk: Actor) -> None:
        self.chance = random.Random(seed)
        self.place = factories.institution(kind)
        self.other = factories.institution(kind)
        someone, place = people.practitioner(kind)
        self.entry = people.recorded(someone, place, 1, clerk)
        self.people: list[Practitioner] = []
        self.edges: list[date] = []
        self.agreements: list[Agreement] = []
        self.pauses: list[Suspension] = []
        self.holds: list[Hold] = []
        self.filings: list[Registration] = []
        self.measures: list[QualificationMeasure] = []
        for _ in range(self.chance.randrange(1, 4)):
            self.agreement()
        for _ in range(self.chance.randrange(4)):
            self.hold(institution_id=self.place.id)
        self.hold(institution_id=self.place.id, department="内科")
        for _ in range(3):
            self.person()
        session.flush()

    def correct(self) -> None:
        """Something comes to light: other days, another agreement, another stop, another person."""
        for _ in range(self.chance.randrange(1, 5)):
            self.chance.choice(
                [
                    self.correct_agreement, self.correct_pause, self.correct_hold, self.correct_filing,
                    self.correct_measure, self.agreement, self.person,
                    lambda: self.hold(institution_id=self.place.id),
                    lambda: self.hold(institution_id=self.place.id, department="外科"),
                ]
            )()  # fmt: skip
            session.flush()

    def day(self) -> date:
        return self.later(date(2020, 1, 1), 3650)

    def later(self, day: date, most: int = 900) -> date:
        self.edges.append(day + timedelta(days=self.chance.randrange(most)))
        return self.edges[-1]

    def asked(self) -> date:
        """Any day, or one on which something begins or ends, or its neighbour."""
        if self.chance.random() < 0.5:
            return FIRST + timedelta(days=self.chance.randrange((LAST - FIRST).days))
        return min(self.chance.choice(self.edges) + self.chance.choice([-ONE, 0 * ONE, ONE]), LAST)

    def perhaps(self, day: date) -> date | None:
        return day if self.chance.random() < 0.5 else None

    def agreement(self) -> None:
        row = made.concluded(self.place)
        self.agreements.append(row)
        row.term_from = self.day()
        row.term_to = self.later(row.term_from)
        row.institution_signed_on = row.agency_signed_on = self.later(row.term_from, 60)
        session.flush()
        if self.chance.random() < 0.4:
            self.pause(row)
        if self.chance.random() < 0.3:
            row.lapsed_on = self.later(row.term_from)
        if self.chance.random() < 0.3:
            self.end(row)

    def pause(self, agreement: Agreement) -> None:
        begins = self.later(agreement.term_from)
        row = Suspension(
            agreement_id=agreement.id, institution_id=self.place.id, from_on=begins,
            to_on=self.perhaps(self.later(begins, 200)), ended_on=self.perhaps(self.later(begins + ONE, 200)),
            ground="示例", ground_text="示例", basis="示例", decided_on=begins, end_reason="示例",
        )  # fmt: skip
        session.add(row)
        self.pauses.append(row)

    def end(self, agreement: Agreement) -> None:
        """A termination with the stop it writes, or the end alone."""
        day = self.later(agreement.term_from)
        session.add(
            Termination(
                agreement_id=agreement.id, institution_id=self.place.id, ground="示例", ground_text="示例",
                basis="示例", ban_class="none", decided_on=day, effective_on=day,
            )
        )  # fmt: skip
        if self.chance.random() < 0.7:
            self.hold(institution_id=self.place.id, source="termination", from_on=day)

    def hold(self, **given) -> None:
        begins = given.pop("from_on", None) or self.day()
        source = self.chance.choice(["suspension", "termination", "case_measure"])
        row = Hold(
            source_id=1, from_on=begins, to_on=self.perhaps(self.later(begins)), basis="示例依据",
            emergency_exempt=self.chance.random() < 0.5, **({"source": source} | given),
        )  # fmt: skip
        session.add(row)
        self.holds.append(row)

    def person(self) -> None:
        row = people.person()
        self.people.append(row)
        keys = []
        for place in (self.place, self.place, self.other)[: self.chance.randrange(1, 4)]:
            begins = self.day()
            ends = self.perhaps(self.later(begins))
            self.filings.append(people.registered(row, place, from_on=begins, to_on=ends))
            keys.append(self.filings[-1].id)
        if self.chance.random() < 0.6:
            self.hold(practitioner_id=row.id)
        if self.chance.random() < 0.5:
            self.hold(practitioner_id=row.id, institution_id=self.place.id)
        if self.chance.random() < 0.7:
            self.measure(row, keys)

    def measure(self, person: Practitioner, keys: list[int]) -> None:
        begins = self.day()
        revoked = self.chance.random() < 0.7
        row = QualificationMeasure(
            practitioner_id=person.id, deduction_id=self.entry.id, kind="revoke" if revoked else "suspend",
            from_on=begins, until=None if revoked else self.later(begins),
            bar_until=self.later(begins) if revoked else None, superseded_on=self.perhaps(self.later(begins)),
            registrations=keys if revoked else [], needs_application=self.chance.random() < 0.3,
            reinstated_on=self.perhaps(self.later(begins)), total=12, basis="示例依据",
        )  # fmt: skip
        session.add(row)
        self.measures.append(row)

    def correct_agreement(self) -> None:
        row = self.chance.choice(self.agreements)
        if self.chance.random() < 0.5:
            row.term_to = self.later(row.term_from)
        else:
            row.lapsed_on = None if row.lapsed_on else self.later(row.term_from)

    def correct_pause(self) -> None:
        if self.pauses:
            row = self.chance.choice(self.pauses)
            row.ended_on = self.later(row.from_on + ONE, 200)

    def correct_hold(self) -> None:
        row = self.chance.choice(self.holds)
        row.from_on = self.later(row.from_on, 100)
        row.to_on = self.perhaps(self.later(row.from_on))

    def correct_filing(self) -> None:
        row = self.chance.choice(self.filings)
        row.to_on = self.perhaps(self.later(row.from_on))

    def correct_measure(self) -> None:
        if self.measures:
            row = self.chance.choice(self.measures)
            row.superseded_on = self.perhaps(self.later(row.from_on))
            row.reinstated_on = self.perhaps(self.later(row.from_on))
