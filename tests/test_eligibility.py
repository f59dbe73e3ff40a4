"""May a service be paid: by the day of service, from agreements, holds and registrations — for both kinds."""

import json
from datetime import date, timedelta

import pytest

from actions import suspensions
from models import Hold, Practitioner, Registration
from models.sealed import blind_index
from queries.eligibility import of_service
from rules.permissions import Role
from rules.persons import PractitionerRole
from tests import factories
from tests import factories_agreement as made
from tests.test_terminations import BREACH, end

START = date(2026, 3, 2)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def codes(agreement, day, **more):
    verdict = of_service(agreement.institution, more.pop("practitioner", None), day, **more)
    assert verdict.payable is (verdict.reasons == ())
    return [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), ["agreement_pending"]),
        (date(2026, 1, 1), []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), ["agreement_expired"]),
    ],
)
def test_only_the_days_of_the_term_are_payable(agreement, day, expected):
    assert codes(agreement, day) == expected


@pytest.mark.law("P3-31", refuses=True)
def test_without_any_agreement_nothing_is_payable(db, kind):
    verdict = of_service(factories.institution(kind), None, START)
    assert [reason.code for reason in verdict.reasons] == ["agreement_none"]


@pytest.mark.law("P3-39a", "M2-42a", refuses=True, passes=True)
def test_the_service_day_counts_in_a_suspension(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    suspensions.request_resumption(row, text="整改。", actor=staff[Role.CLERK], on=START)
    resumed = START + timedelta(days=20)
    suspensions.resume(row, opinion="合格。", actor=staff[Role.REVIEWER], on=resumed)
    before, last = START - timedelta(days=1), resumed - timedelta(days=1)
    assert [codes(agreement, day) for day in (before, START, last, resumed)] == [
        [], ["institution_suspension"], ["institution_suspension"], [],
    ]  # fmt: skip


def test_a_decided_period_that_is_over_stops_nothing_although_the_night_has_not_run(
    db, staff, agreement
):
    to_on = START + timedelta(days=30)
    made.suspended(agreement, staff, on=START, to_on=to_on)
    assert codes(agreement, to_on) == ["institution_suspension"]
    assert codes(agreement, to_on + timedelta(days=1)) == []


@pytest.mark.law("P3-40.9", "M2-43.6")
def test_after_termination_two_reasons_stand_until_a_new_agreement(db, staff, agreement, kind):
    day = date(2026, 6, 15)
    end(agreement, staff, BREACH[kind])
    assert codes(agreement, day - timedelta(days=1)) == []
    assert codes(agreement, day) == ["agreement_terminated", "institution_termination"]
    made.concluded(
        agreement.institution,
        on=date(2028, 1, 5),
        term_from=date(2028, 1, 10),
        term_to=date(2028, 12, 31),
    )
    assert codes(agreement, date(2028, 1, 9)) != []
    assert codes(agreement, date(2028, 1, 10)) == []


def test_emergency_is_paid_where_the_hold_exempts_it(db, agreement):
    number = factories.id_number(951)
    person = Practitioner(
        code="D990123000951", name="样某某", role=PractitionerRole.PHYSICIAN, id_number=number,
        id_index=blind_index(number), pooling_region=factories.REGION,
    )  # fmt: skip
    db.add(person)
    db.flush()
    assert codes(agreement, START, practitioner=person) == ["not_registered"]
    db.add(
        Registration(
            practitioner_id=person.id, institution=agreement.institution, from_on=date(2026, 1, 1)
        )
    )
    db.add(
        Hold(practitioner_id=person.id, source="qualification_measure", source_id=1, from_on=START, to_on=None,
             emergency_exempt=True, basis="《示例》")
    )  # fmt: skip
    db.flush()
    assert codes(agreement, START, practitioner=person) == ["practitioner_qualification_measure"]
    assert codes(agreement, START, practitioner=person, emergency=True) == []
    assert codes(agreement, START) == []


def test_the_command_answers_as_the_contract_says(app, db, staff, agreement):
    made.suspended(agreement, staff, on=START, to_on=START + timedelta(days=9))
    db.commit()
    runner = app.test_cli_runner()
    given = ["eligibility", "--institution", agreement.institution.code, "--service-date"]
    stopped = json.loads(runner.invoke(args=[*given, "2026-03-05", "--json"]).stdout)
    assert stopped["payable"] is False
    assert stopped["reasons"][0] | {"article": ""} == {
        "code": "institution_suspension", "article": "", "from": "2026-03-02", "to": "2026-03-11",
    }  # fmt: skip
    paid = json.loads(runner.invoke(args=[*given, "2026-03-12", "--json"]).stdout)
    assert paid == {"payable": True, "reasons": []}
    unknown = runner.invoke(
        args=["eligibility", "--institution", "X", "--service-date", "2026-03-12"]
    )
    assert unknown.exit_code == 1


@pytest.mark.law("R-13", passes=True)
def test_the_command_asks_for_a_department_when_one_is_named(app, db, agreement):
    place = agreement.institution
    db.add(
        Hold(institution_id=place.id, department="示例科", source="case_measure", source_id=1,
             from_on=START, to_on=None, basis="《示例》")
    )  # fmt: skip
    db.commit()
    runner = app.test_cli_runner()
    given = ["eligibility", "--institution", place.code, "--service-date", str(START), "--json"]
    answers = [
        json.loads(runner.invoke(args=[*given, *more]).stdout)
        for more in ((), ("--department", "他科"), ("--department", " 示例科 "))
    ]
    assert [one["payable"] for one in answers] == [True, True, False]
    assert answers[2]["reasons"][0]["code"] == "department_case_measure"


def test_affected_is_an_array_and_knows_wrong_usage(app, db, agreement):
    db.commit()
    runner = app.test_cli_runner()
    code = agreement.institution.code
    assert (
        json.loads(runner.invoke(args=["affected", code, "--action", "terminate", "--json"]).stdout)
        == []
    )
    assert runner.invoke(args=["affected", code, "--action", "burn"]).exit_code == 2
