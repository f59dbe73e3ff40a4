"""Points: what is recorded, who confirms, what a total brings, on which day; for hospital and pharmacy alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from actions import deductions, letters, service
from actions import qualification_measures as measures
from models import (
    Document,
    Hold,
    PointsAccount,
    QualificationMeasure,
    Registration,
    StatutoryClock,
    WorkItem,
)
from queries import deductions as ledger
from queries import practitioners, qualification_measures, shares
from rules.permissions import Denied, Permission, Role
from rules.qualification import Status
from rules.refusal import Refused
from scoring.points import PointsLaw
from tests import factories
from tests import factories_practitioner as make

JUNE = make.JUNE


@pytest.fixture
def recorder(staff):
    return staff[Role.CLERK]


@pytest.fixture
def reviewer(staff):
    return staff[Role.REVIEWER]


@pytest.fixture
def give(recorder, reviewer):
    """Record and confirm in one go."""

    def given(row, place, points, *, decided_on=JUNE, on=None, **values):
        day = on or decided_on
        entry = make.recorded(row, place, points, recorder, decided_on=decided_on, on=day, **values)
        return deductions.confirm(entry, actor=reviewer, on=day)

    return given


def measures_of(db, row):
    query = select(QualificationMeasure).where(QualificationMeasure.practitioner_id == row.id)
    return list(db.scalars(query.order_by(QualificationMeasure.id)))


def notices(db, row, kind="qualification"):
    code = row.code
    return [
        d
        for d in db.scalars(select(Document).where(Document.kind == kind))
        if d.facts["practitioner_code"] == code
    ]


# recording


def test_a_recorded_deduction_counts_nothing_until_confirmed(db, kind, recorder):
    row, place = make.practitioner(kind)
    entry = make.recorded(row, place, 9, recorder)
    assert entry.state == "recorded"
    assert ledger.total(row.id, JUNE) == 0
    assert practitioners.status(row, JUNE).status is Status.NORMAL
    item = db.scalars(select(WorkItem).where(WorkItem.subject == "deduction")).one()
    assert (item.desk, item.step) == ("reviewer", "复核记分")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"facts_text": ""}, "事实"),
        ({"item": "worst_other"}, "应记 10 至 12 分"),
        ({"item": "light_other", "points": 4}, "应记 1 至 3 分"),
        ({"item": "light_other", "points": 0}, "应记 1 至 3 分"),
        ({"item": "nothing"}, "没有所选情形"),
        ({"responsibility": "some"}, "责任程度"),
        ({"conduct_on": JUNE + timedelta(days=1)}, "晚于处理决定"),
        ({"decided_on": JUNE + timedelta(days=1)}, "晚于今天"),
        ({"conduct_on": date(2023, 12, 31)}, "没有在"),
        (
            {"decided_on": date(2024, 7, 31), "conduct_on": date(2024, 7, 1)},
            "没有生效的记分负面清单",
        ),
    ],
)
@pytest.mark.law("S-03", "S-05", "S-06", refuses=True)
def test_what_is_refused_when_recording(kind, recorder, change, words):
    row, place = make.practitioner(kind)
    given = {"points": 3, "item": "light_other", "on": JUNE, **change}
    with pytest.raises(Refused) as refused:
        make.recorded(row, place, given.pop("points"), recorder, **given)
    assert words in str(refused.value)


@pytest.mark.law("S-03", "S-05", passes=True)
def test_the_band_holds_its_both_ends(kind, recorder):
    row, place = make.practitioner(kind)
    for key, points in [
        ("light_other", 1),
        ("light_other", 3),
        ("worst_other", 10),
        ("worst_other", 12),
    ]:
        assert make.recorded(row, place, points, recorder, item=key).points == points


def test_a_person_registered_elsewhere_only_gets_no_points_here(kind, recorder):
    row, _place = make.practitioner(kind)
    other = factories.institution(kind)
    with pytest.raises(Refused) as refused:
        make.recorded(row, other, 3, recorder)
    assert other.name in refused.value.why


def test_conduct_before_leaving_still_counts_after_leaving(db, kind, give):
    row, place = make.practitioner(kind)
    registration = db.scalars(
        select(Registration).where(Registration.practitioner_id == row.id)
    ).one()
    registration.to_on = JUNE
    later = JUNE + timedelta(days=10)
    give(row, place, 3, decided_on=later, conduct_on=JUNE)
    assert ledger.total(row.id, later) == 3
    with pytest.raises(Refused):
        give(row, place, 3, decided_on=later, conduct_on=JUNE + timedelta(days=1))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEADER, Role.BUREAU, Role.SYSADMIN])
def test_only_clerk_and_inspector_record(staff, role):
    row, place = make.practitioner()
    with pytest.raises(Denied):
        make.recorded(row, place, 3, staff[role])


# two persons


def test_the_recorder_cannot_confirm_even_as_reviewer(db, kind, recorder):
    row, place = make.practitioner(kind)
    entry = make.recorded(row, place, 3, recorder)
    promoted = type(recorder)(recorder.id, recorder.name, Role.REVIEWER, recorder.pooling_region)
    with pytest.raises(Denied) as denied:
        deductions.confirm(entry, actor=promoted, on=JUNE)
    assert Permission.CONFIRM_DEDUCTION.label in str(denied.value)
    with pytest.raises(Denied):
        deductions.reject(entry, actor=promoted, on=JUNE, reason="示例")
    assert entry.state == "recorded"


def test_the_database_too_wants_two_persons(db, recorder):
    row, place = make.practitioner()
    entry = make.recorded(row, place, 3, recorder)
    entry.state, entry.confirmed_by_id, entry.confirmed_on = "confirmed", recorder.id, JUNE
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_reviewer_of_another_region_cannot_confirm(recorder):
    row, place = make.practitioner()
    entry = make.recorded(row, place, 3, recorder)
    with pytest.raises(Denied):
        deductions.confirm(entry, actor=factories.actor(Role.REVIEWER, region="990200"), on=JUNE)


def test_a_decision_is_made_once(recorder, reviewer, kind):
    row, place = make.practitioner(kind)
    entry = make.recorded(row, place, 3, recorder)
    deductions.confirm(entry, actor=reviewer, on=JUNE)
    with pytest.raises(Refused):
        deductions.confirm(entry, actor=reviewer, on=JUNE)
    with pytest.raises(Refused):
        deductions.reject(entry, actor=reviewer, on=JUNE, reason="示例")
    assert ledger.total(row.id, JUNE) == 3


def test_a_rejected_deduction_never_counts_and_needs_a_reason(db, recorder, reviewer, kind):
    row, place = make.practitioner(kind)
    entry = make.recorded(row, place, 12, recorder)
    with pytest.raises(Refused):
        deductions.reject(entry, actor=reviewer, on=JUNE, reason=" ")
    deductions.reject(entry, actor=reviewer, on=JUNE, reason="示例理由")
    assert (entry.state, ledger.total(row.id, JUNE), measures_of(db, row)) == ("rejected", 0, [])


# totals and measures

BOUNDARIES = [  # points in order → total, measures in order, status, bar months
    ([8], 8, [], "normal"),
    ([8, 1], 9, ["suspend"], "suspended"),
    ([8, 3], 11, ["suspend"], "suspended"),
    ([8, 4], 12, ["revoke"], "revoked"),
    ([9], 9, ["suspend"], "suspended"),
    ([9, 3], 12, ["suspend", "revoke"], "revoked"),
    ([11, 1], 12, ["suspend", "revoke"], "revoked"),
    ([9, 1], 10, ["suspend"], "suspended"),
    ([9, 1, 1], 11, ["suspend"], "suspended"),
    ([12], 12, ["revoke"], "revoked"),
    ([5, 5, 5], 15, ["suspend", "revoke"], "revoked"),
    ([3, 3, 3, 3], 12, ["suspend", "revoke"], "revoked"),
    ([12, 3], 15, ["revoke"], "revoked"),
]


@pytest.mark.parametrize(("points", "total", "kinds", "status"), BOUNDARIES)
@pytest.mark.law("S-07", "S-08", refuses=True, passes=True)
def test_boundaries(db, kind, give, points, total, kinds, status):
    row, place = make.practitioner(kind)
    for each in points:
        entry = give(row, place, each)
    assert entry.total_after == total
    assert db.get_one(PointsAccount, (row.id, 2026)).total == total
    assert [m.kind for m in measures_of(db, row)] == kinds
    assert practitioners.status(row, JUNE).status == status
    assert len(notices(db, row, "points")) == len(points)
    assert len(notices(db, row)) == len(kinds)


@pytest.mark.parametrize(
    ("points", "until"),
    [
        ([9], date(2026, 7, 1)),
        ([10], date(2026, 9, 1)),
        ([11], date(2026, 11, 1)),
        ([8, 1], date(2026, 7, 1)),
    ],
)
@pytest.mark.law("S-10", passes=True)
def test_the_table_says_how_many_months(db, kind, give, points, until):
    row, place = make.practitioner(kind)
    for each in points:
        give(row, place, each)
    [measure] = measures_of(db, row)
    assert (measure.from_on, measure.until) == (JUNE, until)
    assert practitioners.status(row, until).status is Status.SUSPENDED
    assert practitioners.status(row, until + timedelta(days=1)).status is Status.NORMAL


def test_twelve_in_one_decision_bars_longer_than_twelve_added_up(db, kind, give):
    once, place = make.practitioner(kind)
    give(once, place, 12)
    added, place = make.practitioner(kind)
    give(added, place, 11)
    give(added, place, 1)
    assert measures_of(db, once)[-1].bar_until == date(2029, 6, 1)
    assert measures_of(db, added)[-1].bar_until == date(2027, 6, 1)


@pytest.fixture
def lengthening(monkeypatch):
    """A local table whose higher rows lengthen what already runs."""
    law = replace(PointsLaw.on(JUNE), stays=frozenset())
    monkeypatch.setattr(PointsLaw, "on", lambda _day: law)


def test_further_points_leave_a_running_suspension_as_it_was_told(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    give(row, place, 2, decided_on=date(2026, 6, 20))
    [measure] = measures_of(db, row)
    assert (measure.until, measure.superseded_on) == (date(2026, 7, 1), None)
    assert len(notices(db, row)) == 1


def test_where_the_table_lengthens_the_longer_term_replaces_the_shorter(
    db, kind, give, lengthening
):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    later = date(2026, 6, 20)
    give(row, place, 1, decided_on=later)
    first, second = measures_of(db, row)
    assert first.superseded_on == later
    assert second.from_on == later
    months_more = 3 - 1
    assert second.until == date(2026, 7 + months_more, 1)
    assert practitioners.status(row, date(2026, 6, 19)).until == date(2026, 7, 1)
    assert practitioners.status(row, later).until == second.until


def test_a_suspension_already_served_is_lengthened_by_the_difference_alone(
    db, kind, give, lengthening
):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    measures.end_qualification_suspensions(date(2026, 7, 2))
    later = date(2026, 8, 10)
    give(row, place, 1, decided_on=later)
    assert measures_of(db, row)[-1].until == date(2026, 10, 10)
    assert measures_of(db, row)[0].superseded_on is None


def test_revocation_ends_the_running_suspension_and_every_registration(db, kind, give):
    row, place = make.practitioner(kind)
    second = factories.institution(kind)
    make.registered(row, second)
    give(row, place, 9)
    later = date(2026, 6, 20)
    give(row, second, 3, decided_on=later)
    suspension, revocation = measures_of(db, row)
    assert (suspension.superseded_on, revocation.superseded_on) == (later, None)
    assert practitioners.sites(row.id, later + timedelta(days=1)) == []
    assert practitioners.status(row, date(2026, 6, 19)).status is Status.SUSPENDED
    assert practitioners.status(row, later).status is Status.REVOKED
    addressed = [(d.facts["measure"], d.institution_id) for d in notices(db, row)]
    assert sorted(addressed) == sorted(
        [(word, one.id) for word in ("suspend", "revoke") for one in (place, second)]
    )


@pytest.mark.law("S-07", "S-13", refuses=True, passes=True)
def test_settlement_stops_with_the_measure_except_for_emergencies(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    later = date(2026, 6, 20)
    give(row, place, 3, decided_on=later)
    holds = list(db.scalars(select(Hold).where(Hold.practitioner_id == row.id).order_by(Hold.id)))
    assert [(h.from_on, h.to_on) for h in holds] == [(JUNE, date(2026, 6, 19)), (later, None)]
    assert all(h.emergency_exempt for h in holds)


@pytest.mark.law("S-11", refuses=True, passes=True)
def test_two_sites_add_up(db, kind, give):
    row, place = make.practitioner(kind)
    second = factories.institution(kind)
    make.registered(row, second)
    give(row, place, 5)
    give(row, second, 4)
    assert ledger.total(row.id, JUNE) == 9
    assert {d.institution_id for d in notices(db, row)} == {place.id, second.id}


# years


def test_points_begin_anew_while_a_measure_runs_on(db, kind, give):
    row, place = make.practitioner(kind)
    last = date(2025, 12, 31)
    give(row, place, 10, decided_on=last)
    assert ledger.total(row.id, date(2026, 1, 1)) == 0
    assert practitioners.status(row, date(2026, 3, 31)).status is Status.SUSPENDED
    assert practitioners.status(row, date(2026, 4, 1)).status is Status.NORMAL


@pytest.mark.law("S-06", passes=True)
def test_the_year_is_that_of_the_decision_not_of_the_confirmation(db, kind, give):
    row, place = make.practitioner(kind)
    entry = give(row, place, 9, decided_on=date(2025, 12, 31), on=date(2026, 1, 4))
    assert (entry.year, entry.total_after) == (2025, 9)
    [measure] = measures_of(db, row)
    assert measure.from_on == date(2026, 1, 4)
    give(row, place, 8, decided_on=date(2026, 1, 5))
    assert ledger.total(row.id, date(2026, 1, 5)) == 8
    assert len(measures_of(db, row)) == 1


def test_a_suspension_of_the_new_year_stands_beside_the_old_one(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 11, decided_on=date(2025, 12, 1))
    give(row, place, 9, decided_on=date(2026, 1, 10))
    old, new = measures_of(db, row)
    assert (old.until, old.superseded_on, new.until) == (date(2026, 5, 1), None, date(2026, 2, 10))
    assert practitioners.status(row, date(2026, 3, 1)).until == date(2026, 5, 1)
    measures.end_qualification_suspensions(date(2026, 2, 11))
    assert [d for d in notices(db, row) if d.facts["measure"] == "reinstate"] == []
    measures.end_qualification_suspensions(date(2026, 5, 2))
    assert len([d for d in notices(db, row) if d.facts["measure"] == "reinstate"]) == 1


def test_nobody_revoked_is_suspended_as_well(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 12, decided_on=date(2025, 12, 1))
    give(row, place, 9, decided_on=date(2026, 1, 10), conduct_on=date(2025, 6, 1))
    assert [m.kind for m in measures_of(db, row)] == ["revoke"]
    assert ledger.total(row.id, date(2026, 1, 10)) == 9


# the end


def test_a_suspension_ends_once_dated_by_its_due_day(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    due = date(2026, 7, 2)
    assert qualification_measures.suspensions_over(date(2026, 7, 1)) == []
    assert measures.end_qualification_suspensions(date(2026, 7, 1)) == 0
    late = date(2026, 7, 20)
    assert measures.end_qualification_suspensions(late) == 1
    assert measures.end_qualification_suspensions(late) == 0
    [letter] = [d for d in notices(db, row) if d.facts["measure"] == "reinstate"]
    assert (letter.issued_on, letter.facts["from_on"]) == (due, due.isoformat())
    assert practitioners.status(row, due).status is Status.NORMAL


def test_a_superseded_suspension_has_no_end_of_its_own(db, kind, give):
    row, place = make.practitioner(kind)
    give(row, place, 9)
    give(row, place, 3)
    assert qualification_measures.suspensions_over(date(2027, 1, 1)) == []


def test_status_and_total_of_any_past_day_come_from_the_ledger(kind, give, lengthening):
    row, place = make.practitioner(kind)
    told = {}
    for day, points in [
        (date(2026, 2, 2), 4),
        (date(2026, 3, 2), 5),
        (date(2026, 4, 7), 1),
        (date(2026, 5, 6), 2),
    ]:
        give(row, place, points, decided_on=day)
        told[day] = (ledger.total(row.id, day), practitioners.status(row, day))
    assert [(total, standing.status.value) for total, standing in told.values()] == [
        (4, "normal"),
        (9, "suspended"),
        (10, "suspended"),
        (12, "revoked"),
    ]
    for day, (total, standing) in told.items():
        assert (ledger.total(row.id, day), practitioners.status(row, day)) == (total, standing)
    assert practitioners.status(row, date(2026, 2, 1)).status is Status.NORMAL
    assert ledger.total(row.id, date(2026, 3, 1)) == 4
    assert practitioners.status(row, date(2026, 4, 2)).until == date(2026, 4, 2)
    assert practitioners.status(row, date(2026, 4, 3)).status is Status.NORMAL


# letters and the objection


def test_the_points_letter_says_what_was_decided(db, kind, give):
    row, place = make.practitioner(kind)
    entry = give(row, place, 3)
    [letter] = letters.of(entry, "points")
    wanted = {
        "points": 3,
        "total": 3,
        "year": 2026,
        "responsibility": "主要责任",
        "band": "1—3分（较轻）",
        "institution": place.name,
        "objection_due_on": "2026-06-15",
    }
    assert {name: letter.facts[name] for name in wanted} == wanted
    assert letter.facts["basis"].startswith("示例局行政处罚决定书 示罚〔2026〕")


@pytest.mark.law("S-15", passes=True)
def test_the_objection_clock_starts_with_service(db, kind, give, recorder):
    row, place = make.practitioner(kind)
    entry = give(row, place, 3)
    [letter] = letters.of(entry, "points")
    clock = select(StatutoryClock).where(StatutoryClock.subject == "deduction")
    assert db.scalar(clock) is None
    service.serve(
        letter, actor=recorder, on=date(2026, 6, 10), method="直接送达", proof="示例回证1号"
    )
    running = db.scalars(clock).one()
    assert (running.rule, running.started_on, running.due_on) == (
        "staff.objection",
        date(2026, 6, 10),
        date(2026, 6, 25),  # ten working days; the 19th is a holiday
    )


# the institution


@pytest.mark.law("S-14", refuses=True, passes=True)
def test_an_institution_share_reaches_its_thresholds_exactly(db, kind, give):
    place = factories.institution(kind)
    people = [make.practitioner(kind, place)[0] for _ in range(10)]
    assert shares.of(place.id, JUNE).step == ""
    give(people[0], place, 9)
    give(people[1], place, 12)
    share = shares.of(place.id, JUNE)
    assert (share.affected, share.registered, share.percent, share.step) == (
        2,
        10,
        20.0,
        "stop_payment",
    )
    for row in people[2:5]:
        give(row, place, 9)
    assert shares.of(place.id, JUNE).step == "suspend"
    assert shares.of(place.id, date(2025, 12, 31)).affected == 0
    assert db.scalar(select(func.count()).select_from(QualificationMeasure)) == 5
