"""What points bring beyond the ledger: the talk at six, other regions, emergency and rescue, the turn of the year."""

from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import deductions
from database import session
from jobs import nightly
from models import Document, Talk
from queries import deductions as ledger
from queries import eligibility, points_talks, practitioners
from rules.eligibility import Facts, judge
from rules.permissions import Role
from rules.qualification import Status
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as make

JUNE = date(2026, 6, 1)


def hit(row, place, staff, points, *, on=JUNE):
    entry = make.recorded(row, place, points, staff[Role.INSPECTOR], decided_on=on)
    return deductions.confirm(entry, actor=staff[Role.REVIEWER], on=on)


def night(day):
    session.commit()
    with clock.at(day):
        return nightly.run("call-talks", day)


def talks():
    session.expire_all()
    return session.scalars(select(Talk).order_by(Talk.id)).all()


@pytest.mark.law("S-09", refuses=True, passes=True)
@pytest.mark.parametrize(("points", "called"), [(5, 0), (6, 1), (7, 1)])
def test_at_six_points_the_institution_is_asked_to_talk_to_the_person(
    db, staff, kind, points, called
):
    row, place = make.practitioner(kind)
    hit(row, place, staff, points)
    night(JUNE)
    assert len(talks()) == called
    for talk in talks():
        assert (talk.host, talk.institution_id) == ("institution", place.id)
        assert talk.planned_on == date(2026, 6, 15)  # ten working days


@pytest.mark.law("S-09", "S-04", refuses=True)
def test_one_talk_a_year_and_another_in_the_next(db, staff, kind):
    row, place = make.practitioner(kind)
    hit(row, place, staff, 6)
    night(JUNE)
    hit(row, place, staff, 1, on=date(2026, 6, 8))
    assert night(date(2026, 6, 9)).done == []
    assert points_talks.due(date(2027, 1, 4)) == []
    assert len(talks()) == 1


@pytest.mark.law("S-08", "S-13", refuses=True, passes=True)
@pytest.mark.parametrize("points", [9, 12])
def test_a_service_of_a_person_with_a_measure_is_paid_in_an_emergency_alone(
    db, staff, kind, points
):
    agreement = made.concluded(factories.institution(kind))
    row, place = make.practitioner(kind, agreement.institution)
    hit(row, place, staff, points)
    day = date(2026, 6, 10)
    assert not eligibility.of_service(place, row, day).payable
    assert eligibility.of_service(place, row, day, emergency=True).payable


@pytest.mark.law("S-08")
def test_whoever_was_never_registered_here_is_not_paid_even_in_an_emergency():
    facts = Facts("medical", (), (), registered=False)
    verdict = judge(facts, JUNE, emergency=True)
    assert "not_registered" in [reason.code for reason in verdict.reasons]


@pytest.mark.law("S-11")
@pytest.mark.parametrize(("points", "word"), [(9, "suspend"), (12, "revoke")])
def test_the_agency_of_another_region_where_the_person_works_is_told(db, staff, kind, points, word):
    row, place = make.practitioner(kind)
    near, far = factories.institution(kind), factories.institution(kind, pooling_region="990200")
    make.registered(row, near)
    make.registered(row, far)
    hit(row, place, staff, points)
    letters = session.scalars(select(Document).where(Document.kind == "person_notice")).all()
    assert [(one.facts["measure"], one.facts["places"]) for one in letters] == [(word, [far.name])]
    assert "990200" in letters[0].facts["addressee"]


@pytest.mark.law("S-04", "S-07")
def test_a_suspension_runs_over_new_year_although_the_points_start_again(db, staff, kind):
    row, place = make.practitioner(kind)
    hit(row, place, staff, 9, on=date(2026, 12, 15))  # one month, until 15 January
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)
    assert [ledger.total(row.id, day) for day in (eve, new_year)] == [9, 0]
    days = (eve, new_year, date(2027, 1, 15), date(2027, 1, 16))
    assert [practitioners.status(row, day).status for day in days] == [
        Status.SUSPENDED,
        Status.SUSPENDED,
        Status.SUSPENDED,
        Status.NORMAL,
    ]
