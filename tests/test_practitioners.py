"""Registration: codes, one file for life, bars; and the question of the day for the command line."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from actions import deductions, reinstatements
from actions import practitioners as act
from models import Event, Hold, Practitioner
from queries import practitioners, qualification_measures
from rules.permissions import Denied, Role
from rules.persons import PractitionerRole
from rules.qualification import Status
from rules.refusal import Refused
from tests import factories
from tests import factories_points as points_of
from tests import factories_practitioner as make

JUNE = make.JUNE
NUMBER = factories.id_number(777)


@pytest.fixture
def clerk(staff):
    return staff[Role.CLERK]


def physician(**changes):
    given = {
        "code": "D990123900001",
        "name": "样例甲",
        "role": PractitionerRole.PHYSICIAN,
        "id_number": NUMBER,
    }
    return act.Person(**{**given, **changes})


def principal(**changes):
    return physician(
        **{"code": "YY99012300001", "role": PractitionerRole.PHARMACY_PRINCIPAL, **changes}
    )


def place_of(kind):
    """An institution; a pharmacy has the sample person as its principal on record."""
    return make.headed_by(factories.institution(kind), NUMBER)


def somebody(kind, **changes):
    return principal(**changes) if kind == "pharmacy" else physician(**changes)


@pytest.mark.law("S-01", "S-02", passes=True)
def test_registering_makes_the_file_and_says_since_when(db, kind, clerk):
    place = place_of(kind)
    row = act.register(place, somebody(kind), actor=clerk, on=JUNE, from_on=date(2026, 5, 1))
    assert (row.from_on, row.to_on, row.first_place) == (date(2026, 5, 1), None, True)
    assert row.practitioner.pooling_region == place.pooling_region
    assert practitioners.is_registered(row.practitioner_id, place.id, JUNE)
    assert not practitioners.is_registered(row.practitioner_id, place.id, date(2026, 4, 30))


def test_a_second_site_joins_the_same_file(db, kind, clerk):
    first, second = place_of(kind), place_of(kind)
    one = act.register(first, somebody(kind), actor=clerk, on=JUNE)
    two = act.register(second, somebody(kind), actor=clerk, on=JUNE)
    assert one.practitioner_id == two.practitioner_id
    assert (one.first_place, two.first_place) == (True, False)
    assert len(db.scalars(select(Practitioner)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "D99012390000"}, "共13位"),
        ({"code": "N990123900001"}, "以D开头"),
        ({"id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "校验位"),
        ({"id_number": "123"}, "18位"),
        ({"name": " "}, "姓名"),
        ({"licence_valid_to": date(2026, 5, 31)}, "到期"),
        ({"role": PractitionerRole.PHARMACY_PRINCIPAL}, "不登记备案"),
    ],
)
@pytest.mark.law("S-01", "S-02", refuses=True)
def test_what_is_refused_at_a_hospital(clerk, changes, words):
    place = factories.institution("hospital")
    with pytest.raises(Refused) as refused:
        act.register(place, physician(**changes), actor=clerk, on=JUNE)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "role", [PractitionerRole.PHYSICIAN, PractitionerRole.NURSE, PractitionerRole.AUDIT_STAFF]
)
@pytest.mark.law("S-01", refuses=True)
def test_a_pharmacy_registers_its_principal_and_pharmacists_only(clerk, role):
    place = factories.institution("pharmacy")
    with pytest.raises(Refused):
        act.register(place, principal(role=role), actor=clerk, on=JUNE)


def test_the_refusal_never_repeats_the_id_number(clerk):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    with pytest.raises(Refused) as refused:
        act.register(
            factories.institution("hospital"), physician(id_number=wrong), actor=clerk, on=JUNE
        )
    assert wrong not in str(refused.value)


def test_a_code_or_number_of_somebody_else_is_refused(kind, clerk):
    place = place_of(kind)
    act.register(place, somebody(kind), actor=clerk, on=JUNE)
    for changes in ({"id_number": factories.id_number(778)}, {"name": "样例乙"}):
        with pytest.raises(Refused):
            act.register(place_of(kind), somebody(kind, **changes), actor=clerk, on=JUNE)


def test_periods_at_one_site_do_not_overlap(kind, clerk):
    place = place_of(kind)
    row = act.register(place, somebody(kind), actor=clerk, on=JUNE)
    with pytest.raises(Refused):
        act.register(place, somebody(kind), actor=clerk, on=date(2026, 6, 2))
    act.leave(row, to_on=date(2026, 6, 5), actor=clerk, on=date(2026, 6, 5))
    with pytest.raises(Refused):
        act.register(place, somebody(kind), actor=clerk, on=date(2026, 6, 5))
    again = act.register(place, somebody(kind), actor=clerk, on=date(2026, 6, 6))
    assert again.practitioner_id == row.practitioner_id


def test_leaving_is_refused_twice_before_it_began_and_ahead_of_time(kind, clerk):
    row = act.register(place_of(kind), somebody(kind), actor=clerk, on=JUNE)
    for day in (date(2026, 5, 31), date(2026, 6, 3)):
        with pytest.raises(Refused):
            act.leave(row, to_on=day, actor=clerk, on=date(2026, 6, 2))
    act.leave(row, to_on=date(2026, 6, 2), actor=clerk, on=date(2026, 6, 2))
    with pytest.raises(Refused):
        act.leave(row, to_on=date(2026, 6, 2), actor=clerk, on=date(2026, 6, 2))


def test_an_institution_registers_its_own_people_only(db, kind):
    place, other = place_of(kind), place_of(kind)
    user = factories.actor(Role.INSTITUTION, institution=place)
    act.register(place, somebody(kind), actor=user, on=JUNE)
    with pytest.raises(Denied):
        act.register(other, somebody(kind), actor=user, on=JUNE)


@pytest.mark.parametrize(
    ("points", "barred_until", "free_on"),
    [([12], date(2029, 6, 1), date(2029, 6, 2)), ([11, 1], date(2027, 6, 1), date(2027, 6, 2))],
)
@pytest.mark.law("S-08", refuses=True, passes=True)
def test_nobody_is_registered_while_barred_and_anew_afterwards(
    db, kind, staff, clerk, points, barred_until, free_on
):
    place = place_of(kind)
    person = act.register(place, somebody(kind), actor=clerk, on=date(2026, 1, 5)).practitioner
    for each in points:
        entry = make.recorded(person, place, each, clerk)
        deductions.confirm(entry, actor=staff[Role.REVIEWER], on=JUNE)
    with pytest.raises(Refused) as refused:
        act.register(place_of(kind), somebody(kind), actor=clerk, on=barred_until)
    assert (refused.value.basis != "", str(barred_until) in refused.value.why) == (True, True)
    assert practitioners.status(person, free_on).status is Status.REVOKED
    with pytest.raises(Refused, match="申请还没有同意"):
        act.register(place, somebody(kind), actor=clerk, on=free_on)
    measure = qualification_measures.measures(person.id)[0]
    asked = points_of.reinstatement(staff, measure, place, on=free_on)
    reinstatements.agree(asked, opinion="示例意见", actor=staff[Role.REVIEWER], on=free_on)
    act.register(place, somebody(kind), actor=clerk, on=free_on)
    assert practitioners.status(person, free_on).status is Status.NORMAL
    assert practitioners.status(person, barred_until).status is Status.REVOKED
    holds = db.scalars(select(Hold).where(Hold.practitioner_id == person.id)).all()
    assert [hold.to_on for hold in holds if hold.to_on is None] == []
    assert max(hold.to_on for hold in holds) == barred_until


def test_the_events_hold_no_id_number(db, kind, clerk):
    act.register(place_of(kind), somebody(kind), actor=clerk, on=JUNE)
    db.commit()
    assert db.scalars(select(Event).where(Event.verb == "register")).all() != []
    assert NUMBER not in json.dumps(
        [line.facts for line in db.scalars(select(Event))], ensure_ascii=False
    )


# flask points


def test_the_command_answers_for_any_day(app, db, staff, kind):
    row, place = make.practitioner(kind)
    for day, points in [(date(2026, 2, 2), 4), (JUNE, 5)]:
        entry = make.recorded(row, place, points, staff[Role.CLERK], decided_on=day)
        deductions.confirm(entry, actor=staff[Role.REVIEWER], on=day)
    db.commit()
    told = {}
    for day in ("2026-02-01", "2026-05-31", "2026-06-01", "2026-07-01", "2026-07-02", "2027-01-01"):
        answer = app.test_cli_runner().invoke(args=["points", row.code, "--on", day, "--json"])
        assert answer.exit_code == 0, answer.output
        plain = json.loads(answer.output)
        told[day] = (
            plain["total"],
            plain["status"],
            plain["until"],
            [e["points"] for e in plain["entries"]],
        )
    assert told == {
        "2026-02-01": (0, "normal", None, []),
        "2026-05-31": (4, "normal", None, [4]),
        "2026-06-01": (9, "suspended", "2026-07-01", [4, 5]),
        "2026-07-01": (9, "suspended", "2026-07-01", [4, 5]),
        "2026-07-02": (9, "normal", None, [4, 5]),
        "2027-01-01": (0, "normal", None, []),
    }


def test_the_command_says_when_nobody_has_the_code(app, db):
    answer = app.test_cli_runner().invoke(args=["points", "D990123999999", "--json"])
    assert answer.exit_code == 1
    assert "D990123999999" in answer.output
