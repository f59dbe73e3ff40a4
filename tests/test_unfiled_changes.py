"""未申请变更: the limit runs from the approval, the night proposes the ground, a person decides, a filing settles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import amendments, imports, institutions, statutory_clocks, unfiled_changes
from database import session
from jobs import nightly
from models import Event, JobRun, Termination, UnfiledChange, Violation, WorkItem
from queries import agreements, registered
from queries import unfiled_changes as ask
from rules import amendments as rule
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as agreed
from tests import factories_amendment as made
from tests.factories_amendment import ON, change

JOB = "propose-unfiled-changes"
DUE = date(2026, 7, 21)  # thirty working days from 8 June 2026
GROUND = {"pharmacy": ("PH40_09", "第四十条第九项"), "hospital": ("MI43_06", "第四十三条第六项")}


@pytest.fixture
def place(db, kind):
    row = factories.institution(kind)
    agreed.concluded(row)
    return row


@pytest.fixture
def finding(place, staff):
    row = made.noted(place, staff)
    session.commit()
    return row


def fresh(row):
    session.expire_all()
    return session.get_one(UnfiledChange, row.id)


@pytest.mark.law("P3-40.9", "M2-43.6")
@pytest.mark.parametrize(("after", "state"), [(-1, "noted"), (0, "noted"), (1, "overdue")])
def test_the_ground_is_proposed_the_day_after_the_limit_and_never_before(
    finding, kind, after, state
):
    day = DUE + timedelta(days=after)
    report = nightly.run(JOB, day)
    row = fresh(finding)
    assert (row.state, report.failed) == (state, [])
    if state == "overdue":
        key, article = GROUND[kind]
        assert (row.ground, row.overdue_on) == (key, DUE + timedelta(days=1))
        assert row.ground_basis.endswith(article)
        [event] = session.scalars(select(Event).where(Event.verb == "propose"))
        assert (event.role, event.day) == ("system", day)
        item = session.scalar(select(WorkItem).where(WorkItem.done.is_(False)))
        assert (item.desk, item.step) == ("inspector", "决定是否立案")
        assert session.scalars(select(Violation)).all() == []
        assert session.scalars(select(Termination)).all() == []


def test_a_second_night_and_a_dry_run_change_nothing(finding):
    day = DUE + timedelta(days=1)
    dry = nightly.run(JOB, day, dry_run=True)
    assert (dry.done, fresh(finding).state) == ([finding.id], "noted")
    assert session.scalars(select(JobRun)).all() == []
    first, second = nightly.run(JOB, day), nightly.run(JOB, day)
    assert (first.done, second.done) == ([finding.id], [])


def test_ten_nights_made_up_propose_under_the_day_after_the_limit(finding):
    nightly.run(JOB, DUE - timedelta(days=2))
    evening = datetime.combine(DUE + timedelta(days=8), time(20, 0), clock.SHANGHAI)
    reports = nightly.make_up(JOB, evening)
    assert len(reports) == 10
    assert [report.day for report in reports if report.done] == [DUE + timedelta(days=1)]
    assert fresh(finding).overdue_on == DUE + timedelta(days=1)


def test_found_late_is_overdue_since_its_limit_not_since_it_was_found(place, staff):
    row = made.noted(place, staff, approved_on=date(2026, 1, 30))
    session.commit()
    nightly.run(JOB, ON)
    assert fresh(row).overdue_on == date(2026, 3, 20)  # the limit ended on 19 March


def test_without_the_day_of_approval_no_limit_runs(place, staff):
    row = made.noted(place, staff, approved_on=None)
    session.commit()
    assert statutory_clocks.running(row, rule.RULE) is None
    assert nightly.run(JOB, date(2026, 12, 1)).done == []
    with pytest.raises(Refused, match="批准机关"):
        unfiled_changes.verify(
            row, approved_on=date(2026, 6, 8), authority=" ", actor=staff[Role.CLERK], on=ON
        )
    unfiled_changes.verify(
        row, approved_on=date(2026, 6, 8), authority="示例机关", actor=staff[Role.CLERK], on=ON
    )
    assert statutory_clocks.running(row, rule.RULE).due_on == DUE


def test_a_limit_nobody_can_compute_yet_waits_for_the_calendar(place, staff):
    with clock.at(date(2026, 12, 7)):
        row = made.noted(place, staff, approved_on=date(2026, 12, 1), on=date(2026, 12, 7))
        session.commit()
        report = nightly.run(JOB, date(2026, 12, 31))
    assert (report.done, [one["id"] for one in report.waiting]) == ([], [row.id])
    assert "尚未载入" in report.waiting[0]["why"]


@pytest.mark.law("P3-37", "M2-40")
@pytest.mark.parametrize("late", [False, True])
def test_a_filing_settles_the_finding_and_its_history_stays(place, staff, finding, late):
    on = DUE + timedelta(days=1 if late else 0)
    if late:
        nightly.run(JOB, on)
    row = made.submitted(place, made.owner_of(place), change("address"), on=on)
    found = fresh(finding)
    assert (found.state, found.amendment_id, found.overdue_on is not None) == (
        "settled",
        row.id,
        late,
    )
    assert row.items[0].late is late
    assert statutory_clocks.running(found, rule.RULE) is None
    assert nightly.run(JOB, on + timedelta(days=30)).done == []


def test_a_withdrawn_filing_opens_the_finding_again_with_its_own_limit(place, staff, finding):
    owner = made.owner_of(place)
    row = made.submitted(place, owner, change("address"))
    amendments.withdraw(row, actor=owner, on=ON)
    found = fresh(finding)
    assert (found.state, found.amendment_id) == ("noted", None)
    assert statutory_clocks.running(found, rule.RULE).due_on == DUE
    assert len(ask.of_institution(place.id)) == 1


def test_a_filing_of_something_else_settles_nothing(place, finding):
    made.submitted(place, made.owner_of(place), change("scope"))
    assert fresh(finding).state == "noted"


@pytest.mark.law("P3-40.9", "M2-43.6")
def test_a_person_opens_the_case_and_only_on_the_proposed_ground(place, staff, finding, kind):
    inspector = staff[Role.INSPECTOR]
    with pytest.raises(Refused, match="不能立案"):
        unfiled_changes.charge(finding, facts_text="逾期未申请。", actor=inspector, on=ON)
    nightly.run(JOB, DUE + timedelta(days=1))
    row = fresh(finding)
    with pytest.raises(Denied):
        unfiled_changes.charge(row, facts_text="逾期未申请。", actor=staff[Role.REVIEWER], on=ON)
    case = unfiled_changes.charge(
        row, facts_text="逾期未申请。", actor=inspector, on=date(2026, 7, 22)
    )
    assert (row.state, row.violation_id) == ("charged", case.id)
    assert (case.measure, case.ground, case.state) == ("terminate", GROUND[kind][0], "registered")
    made.submitted(place, made.owner_of(place), change("address"), on=date(2026, 7, 23))
    assert fresh(row).state == "charged"


def test_without_a_running_agreement_no_case_is_opened(place, staff, finding):
    nightly.run(JOB, DUE + timedelta(days=1))
    row = fresh(finding)
    for one in agreements.of_institution(place.id):
        one.state, one.lapsed_on, one.lapse_reason = AgreementState.LAPSED, ON, "示例"
    with pytest.raises(Refused, match="没有履行中的服务协议"):
        unfiled_changes.charge(row, facts_text="逾期。", actor=staff[Role.INSPECTOR], on=ON)


def test_whoever_recorded_it_does_not_dismiss_it(place, staff, finding):
    recorder = replace(staff[Role.INSPECTOR], role=Role.REVIEWER)
    with pytest.raises(Denied):
        unfiled_changes.dismiss(finding, reason="不成立。", actor=recorder, on=ON)
    with pytest.raises(Refused, match="写明理由"):
        unfiled_changes.dismiss(finding, reason=" ", actor=staff[Role.REVIEWER], on=ON)
    unfiled_changes.dismiss(finding, reason="登记无误。", actor=staff[Role.REVIEWER], on=ON)
    assert finding.state == "dismissed"
    assert statutory_clocks.running(finding, rule.RULE) is None


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"field": "phone"}, "不属于须申请变更"),
        ({"approved_on": date(2021, 1, 31)}, "还没有规定"),
        ({"approved_on": ON + timedelta(days=1)}, "晚于今天"),
        ({"field": "address"}, "不能重复登记"),
    ],
)
def test_what_cannot_be_noted_is_refused_with_its_reason(place, staff, finding, more, word):
    given = {"field": "name", **more}
    with pytest.raises(Refused, match=word):
        made.noted(place, staff, **given)


def imported(staff, place, on=ON, **cells):
    """A list with one row about this institution."""
    given = {"医保编码": place.code, "机构名称": place.name, **cells}
    sheet = f"{','.join(given)}\n{','.join(given.values())}\n".encode()
    return imports.institutions(
        sheet, "示例名单.csv", actor=staff[Role.CLERK], region=place.pooling_region, on=on
    )


@pytest.mark.law("P3-40.9", "M2-43.6")
def test_a_list_that_says_otherwise_is_a_finding_and_overwrites_nothing(place, staff):
    before = (place.address, registered.present(place, "principal").text)
    number = factories.id_number(905)
    given = {
        "地址": "示例县别处9号",
        "主要负责人": "样另某",
        "主要负责人证件号码": number,
        "联系电话": "000-1",
    }
    report = imported(staff, place, **given)
    session.expire_all()
    assert (place.address, registered.present(place, "principal").text) == before
    assert (place.phone, report.updated, report.warnings) == ("000-1", 1, 2)
    found = {(row.field, row.state, row.source) for row in ask.of_institution(place.id)}
    assert found == {("address", "found", "数据导入比对"), ("principal", "found", "数据导入比对")}
    imported(staff, place, **given)
    assert len(ask.of_institution(place.id)) == 2


def test_a_list_completes_what_was_never_on_record_and_what_is_not_listed(place, staff, kind):
    place.scope = place.phone = ""
    session.flush()
    imported(staff, place, 经营范围="示例范围", 联系电话="000-2")
    session.expire_all()
    assert (place.scope, place.phone, ask.of_institution(place.id)) == ("示例范围", "000-2", [])


def test_a_list_still_updates_an_institution_without_an_agreement(db, staff, kind):
    place = factories.institution(kind)
    imported(staff, place, 地址="示例县别处9号")
    session.expire_all()
    assert (place.address, ask.of_institution(place.id)) == ("示例县别处9号", [])


@pytest.mark.law("P3-37", "M2-40")
def test_nobody_rewrites_by_hand_what_a_designated_institution_must_file(place, staff):
    clerk = staff[Role.CLERK]
    with pytest.raises(Refused, match="不能直接改写") as refused:
        institutions.amend(place, actor=clerk, on=ON, reason="示例", address="示例县别处9号")
    assert "条" in refused.value.basis
    with pytest.raises(Refused, match="不能直接改写"):
        institutions.appoint(
            place, OfficeRole.CONTROLLER, name="样另某", id_number=factories.id_number(905),
            from_on=ON, actor=clerk, on=ON,
        )  # fmt: skip
    changed = institutions.amend(
        place, actor=clerk, on=ON, reason="示例", phone="000-3", scope="示例"
    )
    assert set(changed) == {"经营范围", "电话"}
