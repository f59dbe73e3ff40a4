"""Beside a measure: how much is claimed and not paid, by state, and what of it would stop from which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import violations, withdrawals
from database import session
from queries import effects, open_claims, own_matters
from rules import payment_stops
from rules.eligibility import Stop
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests import factories_money as money
from tests.conftest import TODAY
from tests.factories_money import line
from tests.test_terminations import ILLEGAL, branch
from tests.web import client_for

JUNE = TODAY.replace(day=1)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def june(agreement, staff):
    """Today 200.00, and 70.00 of an inpatient who came the day before; 30.00 of yesterday."""
    yesterday = TODAY - timedelta(days=1)
    stay = {"inpatient": True, "admission_date": yesterday}
    lines = [
        line(1, 200_00, service_date=TODAY),
        line(2, 70_00, service_date=TODAY, **stay),
        line(3, 30_00, service_date=yesterday),
    ]
    return money.received(agreement, staff, lines=lines, month=JUNE, on=TODAY)


def settled(agreement, staff, **values):
    row = money.received(agreement, staff, **values)
    return money.settled(money.told(money.audited(row, staff), staff), staff)


def of(case, on=TODAY):
    return open_claims.of_violation(case, effects.shown(case, on).found, on)


def rows(shown):
    return [(one.label, one.count, one.left, one.stopped) for one in shown.rows]


def test_what_is_not_paid_is_counted_by_state_and_what_is_paid_is_not(staff, agreement, kind):
    money.deny(money.received(agreement, staff), staff, 1, 10_00)
    june(agreement, staff)
    case = made.case(agreement, staff, on=TODAY)
    shown = of(case)
    assert rows(shown) == [("待初审", 2, 290_00 + 300_00, 200_00)]
    assert len(shown.stops) == 1
    assert "自2026-06-15起，按服务日期停止支付：协议中止期间发生的费用不予支付" in shown.stops[0]
    hospital = kind == "hospital"
    assert ("第四十二条" if hospital else "第三十九条") in shown.stops[0]
    assert ("此前已经入院的，照常支付" in shown.stops[0]) is hospital
    assert shown.stops[0].count("请按本地文件核对") == 1 + hospital


def test_what_was_paid_is_not_open_and_what_is_settled_is(staff, agreement):
    money.paid(settled(agreement, staff), staff)
    case = made.case(agreement, staff, on=TODAY)
    assert rows(of(case)) == []  # 300.00 paid
    april = {"month": date(2026, 4, 1), "lines": [line(1, 50_00, service_date=date(2026, 4, 2))]}
    settled(agreement, staff, **april)
    assert rows(of(case)) == [("待审批", 1, 50_00, 0)]


@pytest.mark.parametrize(
    ("planned", "day", "stopped"),
    [
        (TODAY - timedelta(days=1), "2026-06-15", 200_00),  # has passed meanwhile: from today
        (TODAY, "2026-06-15", 200_00),
        (TODAY + timedelta(days=1), "2026-06-16", 0),
    ],
)
def test_the_day_from_which_it_stops_decides(staff, agreement, planned, day, stopped):
    june(agreement, staff)
    case = made.case(agreement, staff, on=TODAY - timedelta(days=1), from_on=planned)
    shown = of(case)
    assert shown.stops[0].startswith(f"自{day}起")
    assert [one.stopped for one in shown.rows] == [stopped]


def test_a_decided_case_shows_what_was_done_and_previews_nothing(staff, agreement):
    june(agreement, staff)
    case = made.reviewed(made.case(agreement, staff, on=TODAY), staff, on=TODAY)
    assert of(case) is not None
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    assert of(case) is None


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("institution_case_measure", "暂缓，措施结束以后再付"),
        ("institution_termination", "不予支付"),
    ],
)
def test_each_measure_says_what_becomes_of_the_costs(staff, agreement, code, word):
    june(agreement, staff)
    stop = Stop(code, "", "", TODAY, TODAY + timedelta(days=30))
    assert word in payment_stops.said(stop, agreement.institution.kind.family, TODAY)
    assert "起至2026-07-15" in payment_stops.said(stop, agreement.institution.kind.family, TODAY)
    (only,) = open_claims.by_state(agreement.institution_id, [stop], TODAY)
    assert (only.left, only.stopped) == (300_00, 200_00)


@pytest.mark.once
def test_branches_that_end_with_it_are_shown_with_theirs(db, staff):
    person = factories.id_number(971)
    origin, other = branch(person), branch(person)
    june(other, staff)
    case = made.case(origin, staff, on=TODAY, measure="terminate", number=ILLEGAL["pharmacy"])
    (found,) = of(case).branches
    assert (found.label, found.count, found.left, found.stopped) == (
        other.institution.name,
        1,
        300_00,
        200_00,
    )


def test_leaving_shows_what_stays_to_be_paid_until_it_is_done(app, db, staff, agreement):
    june(agreement, staff)
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    row = withdrawals.request(
        agreement, act="suspend", reason="装修。", from_on=date(2026, 9, 15), to_on=date(2026, 10, 14), actor=user,
        on=TODAY,
    )  # fmt: skip
    db.commit()
    shown = open_claims.of_withdrawal(row, TODAY)
    assert rows(shown) == [("待初审", 1, 300_00, 0)]
    assert "自2026-09-15起至2026-10-14" in shown.stops[0]
    page = client_for(app, staff[Role.CLERK]).get(f"/withdrawals/{row.id}").text
    assert ("对费用结算的影响" in page, "300.00" in page) == (True, True)
    withdrawals.decline(row, opinion="不符合。", actor=staff[Role.REVIEWER], on=TODAY)
    assert open_claims.of_withdrawal(row, TODAY) is None


def test_a_hold_that_runs_is_told_with_its_day_and_its_money(app, db, staff, agreement):
    made.suspended(agreement, staff, on=date(2026, 6, 10))
    row = money.received(
        agreement, staff, month=JUNE, lines=[line(1, 40_00, service_date=date(2026, 6, 12))], on=TODAY
    )  # fmt: skip
    session.commit()
    told = "已有 1 项未结束的暂停结算，最早自2026-06-10起，暂缓 0.00 元，新的处理与其并行"
    assert own_matters.of(agreement.institution_id) == [told]
    case = made.case(agreement, staff, on=TODAY, measure="terminate")
    db.commit()
    page = client_for(app, staff[Role.INSPECTOR]).get(f"/cases/{case.id}").text
    assert all(word in page for word in (told, "对费用结算的影响", "待初审"))
    assert row.number not in page
