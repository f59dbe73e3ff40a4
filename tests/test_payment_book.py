"""The book of payment says what the rule says: of every day, every person, now and as it was known; for both kinds."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

import clock
from actions import payment_book
from database import session
from models import Hold, PaymentPeriod
from queries import eligibility
from queries import payment_book as ask
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as people

ONE = timedelta(days=1)


def by_the_book(place, person, day, **more):
    return ask.of_codes(place.code, person.code if person else "", day, **more)


def said(verdict):
    return verdict.payable, sorted(verdict.reasons, key=repr)


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
