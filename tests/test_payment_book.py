"""The book of payment says what the rule says: of every day, every person, now and as it was known; for both kinds."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import delete, select

import clock
from actions import payment_book
from database import session
from models import Hold, PaymentPeriod, QualificationMeasure, Suspension
from queries import eligibility
from queries import payment_book as ask
from rules.permissions import Actor, Role
from scoring import payments
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as people
from tests.gate_oracle import Oracle

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
        self.people, self.edges = [], []
        for _ in range(self.chance.randrange(1, 4)):
            self.agreement()
        for _ in range(self.chance.randrange(4)):
            self.hold(institution_id=self.place.id)
        self.hold(institution_id=self.place.id, department="内科")
        for _ in range(3):
            self.person()
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
        row.term_from = self.day()
        row.term_to = self.later(row.term_from)
        row.institution_signed_on = row.agency_signed_on = self.later(row.term_from, 60)
        session.flush()
        if self.chance.random() < 0.4:
            begins = self.later(row.term_from)
            session.add(
                Suspension(
                    agreement_id=row.id, institution_id=self.place.id, from_on=begins,
                    to_on=self.perhaps(self.later(begins, 200)), ended_on=self.perhaps(self.later(begins + ONE, 200)),
                    ground="示例", ground_text="示例", basis="示例", decided_on=begins, end_reason="示例",
                )
            )  # fmt: skip
        session.flush()
        if self.chance.random() < 0.4:
            row.lapsed_on = self.later(row.term_from)

    def hold(self, **whose) -> None:
        begins = self.day()
        source = self.chance.choice(["suspension", "termination", "case_measure"])
        session.add(
            Hold(
                source=source, source_id=1, from_on=begins, to_on=self.perhaps(self.later(begins)), basis="示例依据",
                emergency_exempt=self.chance.random() < 0.5, **whose,
            )
        )  # fmt: skip

    def person(self) -> None:
        row = people.person()
        self.people.append(row)
        keys = []
        for place in (self.place, self.place, self.other)[: self.chance.randrange(1, 4)]:
            begins = self.day()
            ends = self.perhaps(self.later(begins))
            keys.append(people.registered(row, place, from_on=begins, to_on=ends).id)
        if self.chance.random() < 0.6:
            self.hold(practitioner_id=row.id)
        if self.chance.random() < 0.5:
            self.hold(practitioner_id=row.id, institution_id=self.place.id)
        if self.chance.random() < 0.7:
            self.measure(row, keys)

    def measure(self, row, keys) -> None:
        begins = self.day()
        revoked = self.chance.random() < 0.7
        session.add(
            QualificationMeasure(
                practitioner_id=row.id, deduction_id=self.entry.id, kind="revoke" if revoked else "suspend",
                from_on=begins, until=None if revoked else self.later(begins),
                bar_until=self.later(begins) if revoked else None, superseded_on=self.perhaps(self.later(begins)),
                registrations=keys if revoked else [], needs_application=self.chance.random() < 0.3,
                reinstated_on=self.perhaps(self.later(begins)), total=12, basis="示例依据",
            )
        )  # fmt: skip


def by_the_book(place, person, day, **more):
    return ask.of_codes(place.code, person.code if person else "", day, **more)


def said(verdict):
    return verdict.payable, sorted(verdict.reasons, key=repr)


def questions(history, number):
    """Any person or none, any day, emergency or not, a department or none."""
    chance = history.chance
    for _ in range(number):
        yield {
            "practitioner": chance.choice([None, *history.people]),
            "day": history.asked(),
            "emergency": chance.random() < 0.5,
            "department": chance.choice(["", "内科", "外科"]),
        }


def compared(kind, seeds, number, clerk):
    """The book, single and by columns, against the rule asked of the tables, and the rule against the bare rows.

    How many were compared, how many answers there were, and how often each thing asked for made the difference.
    """
    asked, expected, seen = [], [], Counter()
    for seed in seeds:
        history = History(kind, seed, clerk)
        session.commit()
        oracle = Oracle(history.place)
        for one in questions(history, number):
            day, person = one.pop("day"), one.pop("practitioner")
            plain = eligibility.of_service(history.place, person, day, **one)
            assert session.scalar(
                select(PaymentPeriod.id).filter_by(institution_id=history.place.id).limit(1)
            )
            assert said(by_the_book(history.place, person, day, **one)) == said(plain), (seed, day)
            truth = oracle.codes(person, day, **one)
            assert plain.payable is (truth == set()), (seed, day, truth)
            assert {bare(reason.code) for reason in plain.reasons} == truth, (seed, day)
            seen["payable" if plain.payable else "stopped"] += 1
            for key, other in (("emergency", not one["emergency"]), ("department", "外科")):
                turned = oracle.codes(person, day, **(one | {key: other}))
                seen[key] += turned != truth
            asked.append(
                (
                    history.place.id,
                    person.id if person else 0,
                    one["department"],
                    day,
                    one["emergency"],
                )
            )
            expected.append((plain.payable, sorted(reason.code for reason in plain.reasons)))
    table = pl.DataFrame(asked, schema=payments.ASKED, orient="row")
    answers = payments.answer(table, payments.book(ask.lines()))
    found = [(payable, sorted(filter(None, codes.split(";")))) for payable, codes in answers.rows()]
    assert found == expected
    return len(asked), len({str(one) for one in expected}), seen


def bare(code):
    return "agreement" if code.startswith("agreement_") else code


def test_the_book_says_what_the_rule_says(db, staff, kind):
    number, different, seen = compared(kind, range(5), 40, staff[Role.CLERK])
    assert number == 200
    assert different > 10
    assert min(seen[word] for word in ("payable", "stopped", "emergency", "department")) > 0, seen


@pytest.mark.slow
def test_the_book_says_what_the_rule_says_a_hundred_thousand_times(db, staff, kind):
    number, different, seen = compared(kind, range(500), 100, staff[Role.CLERK])
    assert number == 50_000
    assert different > 40
    assert min(seen[word] for word in ("payable", "stopped", "emergency", "department")) > 1000, (
        seen
    )


def answers(place, day, **more):
    verdict = by_the_book(place, None, day, **more)
    return [reason.code for reason in verdict.reasons]


def test_what_was_known_before_a_correction_is_still_answered(db, staff, kind):
    """Suspended on 2 March, found out on 20 March that it ended on the 10th: three answers for the 15th, as known."""
    agreement = made.concluded(factories.institution(kind))
    place, day = agreement.institution, date(2026, 3, 15)
    instants = [datetime(2026, 3, first, 9, tzinfo=clock.SHANGHAI) for first in (1, 2, 20)]
    with clock.at(instants[0]):
        session.commit()
    with clock.at(instants[1]):
        hold = Hold(
            source="suspension",
            source_id=1,
            institution_id=place.id,
            from_on=date(2026, 3, 2),
            basis="示例",
        )
        session.add(hold)
        session.commit()
    with clock.at(instants[2]):
        hold.to_on = date(2026, 3, 9)
        session.commit()
    known = [answers(place, day, known_at=at) for at in instants]
    assert known == [[], ["institution_suspension"], []]
    assert answers(place, day, known_at=instants[0] - ONE) == ["not_recorded"]
    assert answers(place, day) == []
    assert answers(place, date(2026, 3, 5)) == ["institution_suspension"]


def test_what_is_taken_back_leaves_the_book_alone(db, kind):
    place = made.concluded(factories.institution(kind)).institution
    session.commit()
    before = session.scalars(select(PaymentPeriod.id)).all()
    session.add(
        Hold(
            source="suspension",
            source_id=1,
            institution_id=place.id,
            from_on=date(2026, 3, 2),
            basis="示例",
        )
    )
    session.flush()
    session.rollback()
    session.add(people.person())
    session.commit()
    assert session.scalars(select(PaymentPeriod.id)).all() == before


def test_a_change_that_changes_no_answer_writes_no_line(db, kind):
    agreement = made.concluded(factories.institution(kind))
    session.commit()
    before = session.scalars(select(PaymentPeriod.id)).all()
    agreement.term_to = agreement.term_to + timedelta(days=0)
    agreement.version += 1
    session.commit()
    assert session.scalars(select(PaymentPeriod.id)).all() == before


def test_who_stands_in_no_book_yet_is_answered_from_the_tables_and_written_down(db, kind):
    person, place = people.practitioner(kind)
    made.concluded(place)
    session.commit()
    session.execute(delete(PaymentPeriod))
    session.commit()
    day = date(2026, 3, 15)
    verdict = by_the_book(place, person, day)
    assert verdict == eligibility.of_service(place, person, day)
    assert (ask.institutions_missing(), ask.people_missing()) == ([place.id], [person.id])
    payment_book.complete()
    session.commit()
    assert (ask.institutions_missing(), ask.people_missing()) == ([], [])
    assert said(by_the_book(place, person, day)) == said(verdict)


def asked_by_file(app, folder, text):
    source, out = folder / "questions.csv", folder / "answers.csv"
    source.write_text(text, "utf-8-sig")
    answer = app.test_cli_runner().invoke(
        args=["eligibility", "--bulk", str(source), "--out", str(out), "--json"]
    )
    return answer, out


def test_a_file_of_questions_is_answered_row_by_row(app, db, kind, tmp_path):
    person, place = people.practitioner(kind)
    made.concluded(place)
    session.add(
        Hold(
            source="qualification",
            source_id=1,
            practitioner_id=person.id,
            from_on=date(2026, 3, 2),
            basis="示例",
            emergency_exempt=True,
        )
    )
    session.commit()
    rows = [
        f"{place.code},{person.code},2026-03-01,,甲",
        f"{place.code},{person.code},2026-03-02,0,乙",
        f"{place.code},{person.code},2026-03-02,是,丙",
        f"{place.code},,2025-12-31,,丁",
        f"X000,{person.code},2026-03-01,,戊",
        f"{place.code},X000,2026-03-01,,己",
    ]  # fmt: skip
    text = "\n".join(["fixmedins_code,practitioner,service_date,emergency,name", *rows])
    answer, out = asked_by_file(app, tmp_path, text)
    assert (answer.exit_code, json.loads(answer.output)) == (0, {"questions": 6, "payable": 2})
    found = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["name"] for row in found] == [*"甲乙丙丁戊己"]
    assert [row["payable"] for row in found] == ["true", "false", "true", "false", "false", "false"]
    assert [row["reasons"] for row in found] == [
        "", "practitioner_qualification", "", "agreement_pending", "unknown_institution", "unknown_practitioner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("institution\nX", "缺少列：service_date"),
        (
            "institution,service_date\nX,2026-03-01\nX,2026年3月1日",
            "第 3 行的 service_date 不是日期",
        ),
        ("institution,service_date,emergency\nX,2026-03-01,也许", "第 2 行的 emergency"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_whole(app, db, tmp_path, text, said):
    answer, out = asked_by_file(app, tmp_path, text)
    assert answer.exit_code == 1
    assert said in answer.output
    assert not out.exists()
