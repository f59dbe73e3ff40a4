"""机构人员占比 (S-14): who counts, the warning before the entry that crosses, and what the case desk then finds."""

import re
from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import deductions, indications
from actions import shares as act
from database import session
from jobs import nightly
from models import Indication
from queries import indications as pointed
from queries import shares as ask
from rules.permissions import Role
from rules.refusal import Refused
from scoring import institution_share
from tests import factories, local_law
from tests import factories_agreement as made
from tests import factories_practitioner as make
from tests.conftest import TODAY
from tests.web import client_for

pytestmark = pytest.mark.law("S-14")
JUNE = date(2026, 6, 1)
DAY = """
since: 2024-08-01
source: house
rows:
  year: {chosen: false, label: 本年度内曾在本机构登记备案的人员}
  day: {chosen: true, label: 当日在本机构登记备案的人员}
"""


def people(place, number, **period):
    return [make.registered(make.person(), place, **period).practitioner for _ in range(number)]


def hit(row, place, staff, *, on=JUNE, points=9, **more):
    """So many points at once, confirmed on the day."""
    entry = make.recorded(row, place, points, staff[Role.INSPECTOR], decided_on=on)
    return deductions.confirm(entry, actor=staff[Role.REVIEWER], on=on, **more)


def told(agreement):
    rows = session.scalars(select(Indication).where(Indication.agreement_id == agreement.id))
    return [(row.measure, row.reference) for row in rows]


# the arithmetic


@pytest.mark.parametrize(
    ("affected", "registered", "step"),
    [
        (0, 0, ""),
        (1, 6, ""),  # 16.7 %
        (1, 5, "stop_payment"),  # exactly 20 %
        (2, 9, "stop_payment"),
        (49, 99, "stop_payment"),  # 49.49 %
        (49, 98, "suspend"),  # exactly 50 %
        (3, 3, "suspend"),
    ],
)
def test_a_threshold_is_reached_at_exactly_its_percentage(affected, registered, step):
    assert institution_share.share(affected, registered, JUNE).step == step


@pytest.mark.parametrize(
    ("affected", "registered", "left"), [(0, 10, 2), (1, 10, 1), (2, 10, 3), (4, 10, 1), (5, 10, 0)]
)
def test_the_counter_says_how_many_are_left_before_the_next_threshold(affected, registered, left):
    assert institution_share.share(affected, registered, JUNE).left == left


# who counts


def test_joiners_and_leavers_move_the_denominator_through_the_year(db, kind):
    place = factories.institution(kind)
    people(place, 3, from_on=date(2024, 1, 1))
    people(place, 1, from_on=date(2024, 1, 1), to_on=date(2025, 12, 31))  # gone before the year
    people(place, 1, from_on=date(2024, 1, 1), to_on=date(2026, 1, 1))  # left on its first day
    people(place, 2, from_on=date(2026, 6, 2))
    days = [date(2026, 1, 1), JUNE, date(2026, 6, 2), date(2027, 1, 1)]
    assert [ask.of(place.id, day).registered for day in days] == [4, 4, 6, 5]


def test_whoever_left_the_place_before_the_measure_does_not_count_against_it(db, staff, kind):
    old, new = factories.institution(kind), factories.institution(kind)
    (row,) = people(old, 1, from_on=date(2024, 1, 1), to_on=date(2026, 5, 31))
    make.registered(row, new, from_on=JUNE)
    people(old, 3)
    people(new, 3)
    hit(row, new, staff)
    assert (ask.of(old.id, JUNE).affected, ask.of(new.id, JUNE).affected) == (0, 1)
    assert (ask.of(old.id, JUNE).registered, ask.of(new.id, JUNE).registered) == (4, 4)


def test_a_person_of_several_sites_counts_at_each_and_once(db, staff, kind):
    first, second = factories.institution(kind), factories.institution(kind)
    (row,) = people(first, 1)
    make.registered(row, second)
    people(first, 4)
    people(second, 9)
    hit(row, first, staff)
    hit(row, first, staff, on=date(2026, 6, 8), points=3)  # 12 together: the second measure
    shares = [ask.of(place.id, date(2026, 6, 8)) for place in (first, second)]
    assert [(one.affected, one.registered, one.step) for one in shares] == [
        (1, 5, "stop_payment"),
        (1, 10, ""),
    ]


@pytest.mark.law("S-04")
def test_a_measure_that_runs_over_new_year_counts_in_the_year_in_which_it_began(db, staff, kind):
    place = factories.institution(kind)
    (row,) = people(place, 1)
    hit(row, place, staff, on=date(2026, 12, 1), points=11)  # five months
    assert ask.of(place.id, date(2026, 12, 31)).affected == 1
    assert ask.of(place.id, date(2027, 1, 1)).affected == 0


def test_a_local_overlay_may_count_who_is_registered_on_the_day_and_the_revoked_stay_among_them(
    db, staff, kind, tmp_path
):
    place = factories.institution(kind)
    people(place, 2, from_on=date(2024, 1, 1), to_on=date(2026, 3, 31))
    rows = people(place, 4)
    hit(rows[0], place, staff, points=12)  # revoked: the registration ends
    day = date(2026, 6, 2)
    assert ask.of(place.id, day).registered == 6
    with local_law.in_force(tmp_path, {"tables/share_denominators.yaml": DAY}):
        share = ask.of(place.id, day)
    assert (share.affected, share.registered) == (1, 4)
    assert "当日在本机构登记备案" in share.denominator


# the warning before


def test_the_entry_that_crosses_is_announced_before_it_is_confirmed(db, staff, kind):
    place = factories.institution(kind)
    rows = people(place, 5)
    (found,) = ask.crossings(rows[0].id, JUNE)
    assert (found.before.step, found.after.step) == ("", "stop_payment")
    assert "由 0.0% 升至 20.0%" in found.sentence
    hit(rows[0], place, staff)
    assert ask.crossings(rows[1].id, JUNE) == []  # 40 %: no further threshold
    hit(rows[1], place, staff)
    (found,) = ask.crossings(rows[2].id, JUNE)
    assert found.after.step == "suspend"  # 60 %
    assert ask.crossings(rows[0].id, JUNE) == []  # counted already


def test_whoever_confirms_was_warned_of_what_it_reaches_now(db, staff, kind):
    """Two at once: the page of the second was opened before the first was confirmed."""
    place = factories.institution(kind)
    rows = people(place, 10)
    unwarned = ask.token(ask.crossings(rows[1].id, JUNE))
    assert unwarned == ""
    hit(rows[0], place, staff, warned="")
    with pytest.raises(Refused, match="没有经您核对") as refused:
        hit(rows[1], place, staff, warned=unwarned)
    assert "20.0%" in refused.value.why
    assert refused.value.basis
    seen = ask.token(ask.crossings(rows[1].id, JUNE))
    assert seen == f"{place.id}:stop_payment"
    entry = make.recorded(rows[1], place, 9, staff[Role.INSPECTOR])
    act.check_warned(entry, seen, on=JUNE)


# what follows


def test_reaching_a_threshold_comes_before_the_case_desk_at_once_and_decides_nothing(
    db, staff, kind
):
    agreement = made.concluded(factories.institution(kind))
    place = agreement.institution
    rows = people(place, 5)
    hit(rows[0], place, staff)
    pays = "withhold_payment" if kind == "pharmacy" else "hold_payment"
    assert told(agreement) == [(pays, "share:2026:stop_payment")]
    hit(rows[1], place, staff)
    assert len(told(agreement)) == 1
    hit(rows[2], place, staff)
    assert told(agreement) == [
        (pays, "share:2026:stop_payment"),
        ("suspend", "share:2026:suspend"),
    ]
    row = session.scalars(select(Indication).order_by(Indication.id.desc())).first()
    assert row.ground == ("PH39_03" if kind == "pharmacy" else "MI42_03")
    assert "3 人，占计入的 5 人的 60.0%" in row.facts_text
    assert agreement.state == "concluded"


def chosen(page):
    """What the list of grounds opens on."""
    inside = page.partition('name="ground"')[2].partition("</select>")[0]
    return re.findall(r'<option selected value="([^"]*)"', inside)


def test_a_case_opened_about_a_share_begins_with_the_measure_of_its_threshold_and_no_heavier(
    app, db, staff, kind
):
    agreement = made.concluded(factories.institution(kind))
    rows = people(agreement.institution, 5)
    for row in rows[:3]:
        hit(row, agreement.institution, staff)
    pays, stops = session.scalars(select(Indication).order_by(Indication.id)).all()
    paths = [f"/cases/new?agreement={agreement.id}&indication={one.id}" for one in (pays, stops)]
    session.commit()
    browser = client_for(app, staff[Role.INSPECTOR])
    light, heavy = (browser.get(path).text for path in paths)
    assert chosen(light) == ["none"]
    assert "不涉及中止、解除协议" in light
    ground = "PH39_03" if kind == "pharmacy" else "MI42_03"
    assert chosen(heavy) == [f"suspend:{ground}"]
    assert "不涉及中止、解除协议" not in heavy


def test_the_night_finds_a_share_that_rose_because_somebody_left_and_asks_once(
    db, staff, kind, tmp_path
):
    agreement = made.concluded(factories.institution(kind))
    place = agreement.institution
    rows = people(place, 6)
    with local_law.in_force(tmp_path, {"tables/share_denominators.yaml": DAY}):
        hit(rows[0], place, staff)  # 1 of 6
        assert told(agreement) == []
        session.scalars(
            select(make.Registration).where(make.Registration.practitioner_id == rows[5].id)
        ).one().to_on = date(2026, 6, 9)
        session.commit()
        assert pointed.due(date(2026, 6, 9)) == []
        assert pointed.due(date(2026, 6, 10)) == [agreement.id]  # 1 of 5
        with clock.at(TODAY):
            assert nightly.run("find-grounds", date(2026, 6, 10)).done == [agreement.id]
            assert nightly.run("find-grounds", date(2026, 6, 11)).done == []
    session.expire_all()
    assert len(told(agreement)) == 1


def test_an_institution_without_a_living_agreement_has_nothing_to_be_pointed_at(db, staff, kind):
    place = factories.institution(kind)
    (row,) = people(place, 1)
    hit(row, place, staff)
    assert session.scalars(select(Indication)).all() == []


def test_what_was_set_aside_in_the_year_is_not_brought_up_again(db, staff, kind):
    agreement = made.concluded(factories.institution(kind))
    rows = people(agreement.institution, 3)
    hit(rows[0], agreement.institution, staff)
    row = session.scalars(select(Indication)).one()
    indications.set_aside(row, reason="人数过少。", actor=staff[Role.REVIEWER], on=JUNE)
    db.flush()
    assert pointed.fresh(agreement, date(2026, 6, 2)) == []
