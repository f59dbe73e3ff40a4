"""What becomes of counted points: appeal in time and late, correction, restoration; measures, holds, registrations follow."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from models import Hold, PointsEntry
from queries import points_ledger as ledger
from queries import practitioners
from rules.permissions import Denied, Role
from rules.points_basis import Instead
from rules.refusal import Refused
from tests import factories_points as points
from tests import factories_practitioner as make

JUNE = date(2026, 6, 1)


@pytest.mark.law("S-15", refuses=True, passes=True)
def test_an_appeal_is_taken_until_the_tenth_working_day_and_not_after(db, kind, staff):
    for on, late in ((date(2026, 6, 25), False), (date(2026, 6, 26), True)):
        entry = points.counted(staff, kind, 3, on=JUNE)
        points.served(staff, entry, on=date(2026, 6, 10))  # ten working days; the 19th is a holiday
        if not late:
            assert points.lodged(staff, entry, on=on).state == "lodged"
            continue
        with pytest.raises(Refused, match="届满"):
            points.lodged(staff, entry, on=on)


@pytest.mark.law("S-15", refuses=True)
@pytest.mark.parametrize("missing", ["signed", "stamped"])
def test_an_appeal_needs_the_signature_and_the_stamp(db, kind, staff, missing):
    entry = points.counted(staff, kind, 3, on=JUNE)
    with pytest.raises(Refused, match="签名并加盖"):
        points.lodged(staff, entry, on=JUNE, **{missing: False})


@pytest.mark.law("S-07", "S-15")
def test_an_appeal_holds_the_suspension_which_goes_on_for_its_rest(db, kind, staff):
    entry = points.counted(staff, kind, 9, on=JUNE)  # suspended until 1 July
    person = entry.practitioner
    row = points.lodged(staff, entry, on=date(2026, 6, 10))
    assert practitioners.status(person, date(2026, 6, 9)).status == "suspended"
    assert practitioners.status(person, date(2026, 6, 10)).status == "normal"
    points.decided(staff, row, on=date(2026, 7, 20))
    # 22 days were left on 10 June: 20 July to 10 August
    assert practitioners.status(person, date(2026, 7, 20)).until == date(2026, 8, 10)


@pytest.mark.law("S-08", "S-15")
def test_points_taken_back_by_appeal_void_the_revocation_and_reopen_the_registration(
    db, kind, staff
):
    entry = points.counted(staff, kind, 12, on=JUNE)
    person = entry.practitioner
    assert practitioners.sites(person.id, JUNE + timedelta(days=1)) == []
    later = date(2026, 6, 16)
    row = points.lodged(staff, entry, on=later)
    points.decided(staff, row, "revoke", on=later)
    assert practitioners.sites(person.id, later) == [entry.institution]
    assert db.scalars(select(Hold).where(Hold.practitioner_id == person.id)).all() == []
    assert ledger.total(person.id, later) == 0


@pytest.mark.law("S-08")
def test_twelve_at_once_corrected_to_four_bars_as_added_up(db, kind, staff):
    first = points.counted(staff, kind, 8, on=JUNE)
    entry = points.more(staff, first.practitioner, first.institution, 12, on=JUNE)
    points.corrected(
        staff, entry, on=date(2026, 6, 16), instead=Instead("heavier_other", "general", 4)
    )
    standing = practitioners.status(first.practitioner, date(2026, 6, 16))
    assert (standing.status, standing.until) == ("revoked", date(2027, 6, 1))


def test_whoever_gave_the_points_examines_no_appeal(db, kind, staff):
    entry = points.counted(staff, kind, 3, on=JUNE)
    row = points.lodged(staff, entry, on=JUNE)
    with pytest.raises(Denied):
        points.examined({**staff, Role.CHIEF: staff[Role.REVIEWER]}, row, on=JUNE)


@pytest.mark.law("S-07", "S-08", "S-10")
@pytest.mark.parametrize(
    ("instead", "status", "until"),
    [  # under no measure from 2 to 19 July: 18 days are added to what is served from 1 June
        (Instead("light_other", "general", 3), "suspended", date(2026, 11, 19)),  # 11: five months
        (Instead("heavier_other", "general", 4), "revoked", date(2027, 6, 19)),  # 12: twelve months
    ],
)
def test_a_correction_upwards_weighs_more_than_a_suspension_that_is_over(
    db, kind, staff, instead, status, until
):
    first = points.counted(staff, kind, 1, on=JUNE)
    points.more(staff, first.practitioner, first.institution, 8, on=JUNE)  # nine: until 1 July
    later = date(2026, 7, 20)
    assert practitioners.status(first.practitioner, later).status == "normal"
    points.corrected(staff, first, on=later, instead=instead)
    standing = practitioners.status(first.practitioner, later)
    assert (standing.status, standing.until) == (status, until)
    again = ledger.replay(first.practitioner_id, later).standing
    assert (again.status, again.until) == (status, until)


@pytest.mark.law("S-16", refuses=True, passes=True)
def test_a_year_restores_four_points_and_no_fifth(db, kind, staff):
    entry = points.counted(staff, kind, 6, on=JUNE)
    given = {"took_part_on": JUNE, "on": JUNE}
    for _ in range(4):
        points.restored(staff, entry.practitioner, entry.institution, **given)
    assert ledger.total(entry.practitioner_id, JUNE) == 2
    with pytest.raises(Refused, match="最多修复 4 分"):
        points.asked(staff, entry.practitioner, entry.institution, **given)


@pytest.mark.law("S-12", refuses=True, passes=True)
def test_one_act_is_scored_once_for_its_heaviest_item(db, kind, staff):
    row, place = make.practitioner(kind)
    basis = make.penalty(place)
    clerk = staff[Role.CLERK]
    entry = make.recorded(row, place, 3, clerk, basis=basis, also=[("heavier_other", 5)])
    assert (entry.points, [one["points"] for one in entry.seen]) == (5, [3])
    with pytest.raises(Refused, match="同一行为"):
        make.recorded(row, place, 2, clerk, basis=basis)


@pytest.mark.law("S-05", refuses=True)
def test_an_item_wants_the_penalty_of_its_article(db, kind, staff):
    row, place = make.practitioner(kind)
    other = make.penalty(place, article="《医疗保障基金使用监督管理条例》第三十八条")
    with pytest.raises(Refused, match="没有适用这些条款"):
        make.recorded(row, place, 12, staff[Role.CLERK], item="worst_fraud", basis=other)


def test_a_line_of_the_ledger_is_never_changed(db, kind, staff):
    points.counted(staff, kind, 3, on=JUNE)
    line = db.scalars(select(PointsEntry)).first()
    line.points = 1
    with pytest.raises(DatabaseError, match="append-only"):
        db.flush()
    db.rollback()
