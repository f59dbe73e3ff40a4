"""A year that was settled is not paid again, neither by a late claim nor by an advance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import annual_settlements as act
from actions import ledger, prepayments, settlements, statement_imports
from actions import retention_releases as releases
from models import Hold
from queries import annual_ledger, exports
from queries import retention_releases as known
from rules.insurance import InsuranceKind
from rules.ledger import Kind, Transfer
from rules.lifecycle import StatementState
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as agreements
from tests import factories_money as money
from tests import factories_year as made
from tests.factories_money import line
from tests.factories_year import ITEMS, JANUARY, ON, YEAR
from tests.test_statement_imports import HEAD
from tests.test_statement_imports import row as of_file
from tests.web import client_for

EMPLOYEE = InsuranceKind.EMPLOYEE
NOVEMBER = date(YEAR, 11, 1)
SERVICE = date(YEAR, 11, 12)


@pytest.fixture
def staff(db):
    return factories.staff()


@pytest.fixture
def agreement(staff, kind):
    return made.booked(made.agreement(kind), staff)


def late(agreement, staff, *, month=NOVEMBER):
    lines = [line(1, 1000_00, service_date=month.replace(day=12))]
    return money.received(agreement, staff, lines=lines, month=month, claimed_on=ON, on=ON)


def test_a_late_claim_waits_for_a_draft_and_is_refused_once_the_institution_was_asked(
    agreement, staff
):
    row = made.drafted(agreement, staff)
    act.send(row, actor=staff[Role.FINANCE], on=ON)
    with pytest.raises(
        Refused, match=f"2025 年度职工基本医疗保险的费用已经清算（{row.number}，待机构确认）"
    ) as why:
        late(agreement, staff)
    assert "退回编制" in why.value.cure
    assert why.value.basis
    act.back(row, "revise", reason="补报", actor=staff[Role.FINANCE], on=ON)
    assert late(agreement, staff).state == StatementState.RECEIVED
    with pytest.raises(Refused, match="1 件申报没有拨付"):
        act.send(row, actor=staff[Role.FINANCE], on=ON)


def test_a_closed_year_takes_no_claim_and_pays_nothing_beyond_its_cap(agreement, staff):
    row = made.drafted(agreement, staff, replace(ITEMS, cap=900_00))
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert row.state == "closed"
    with pytest.raises(Refused, match="已结清") as why:
        late(agreement, staff)
    assert "不再另行申报和拨付" in why.value.cure
    assert annual_ledger.paid_in(agreement.institution_id, YEAR) == 855_00  # 900.00 less 5 %
    assert late(agreement, staff, month=date(2026, 5, 1)).state == StatementState.RECEIVED


def test_the_preview_of_a_file_says_that_the_year_is_settled(agreement, staff):
    made.confirmed(made.drafted(agreement, staff), staff)
    given = {"申报月份": "2025-11", "服务日期": "2025-11-12", "申报日期": "2025-12-03"}
    content = exports.csv_bytes(HEAD, [of_file(agreement.institution, **given)])
    report = statement_imports.import_file(
        content, "补报.csv", actor=staff[Role.CLERK], region=factories.REGION, on=ON, dry_run=True
    )
    assert ["已经清算" in str(one.faults) for one in report.rejected] == [True]


def test_what_came_in_before_the_year_was_closed_by_other_means_is_not_settled_nor_paid(
    agreement, staff
):
    """As a statement stands that an earlier release took up."""
    rows = [money.told(money.audited(late(agreement, staff, month=month), staff, on=ON), staff, on=ON)
            for month in (NOVEMBER, date(YEAR, 12, 1))]  # fmt: skip
    settlements.settle(rows[1], actor=staff[Role.CLERK], on=ON)
    row = made.drafted(agreement, staff)
    row.state, row.sent_on, row.difference, row.due = "sent", ON, 0, 0
    with pytest.raises(Refused, match="已经清算"):
        settlements.settle(rows[0], actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="已经清算"):
        settlements.approve(rows[1], actor=staff[Role.LEADER], on=ON)
    row.state = "drafted"
    settlements.approve(rows[1], actor=staff[Role.LEADER], on=ON)
    row.state = "sent"
    with pytest.raises(Refused, match="已经清算"):
        settlements.pay(rows[1], voucher="BK", actor=staff[Role.FINANCE], on=ON)


def test_what_a_hold_kept_back_is_paid_when_it_ends_after_the_year_was_closed(db, staff, kind):
    agreement = made.agreement(kind)
    hold = Hold(
        institution_id=agreement.institution_id, source="case_measure", source_id=1, basis="样例",
        from_on=SERVICE, to_on=date(2026, 7, 31),
    )  # fmt: skip
    db.add(hold)
    early = line(2, 500_00, service_date=date(YEAR, 11, 2))
    claim = money.received(
        agreement, staff, lines=[line(1, 1000_00, service_date=SERVICE), early], month=NOVEMBER, on=ON
    )  # fmt: skip
    money.told(money.audited(claim, staff, on=ON), staff, on=ON)
    money.paid(money.settled(claim, staff, on=ON), staff, on=ON)
    row = made.drafted(agreement, staff)
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.due) == ("closed", 0)  # 1000.00 wait with the hold
    later = date(2026, 8, 3)
    assert settlements.release(claim, actor=staff[Role.CLERK], on=later) == 1000_00
    other = factories.actor(Role.LEADER)
    settlements.approve(claim, actor=other, on=later)
    settlements.pay(claim, voucher="BK-2", actor=staff[Role.FINANCE], on=later)
    assert annual_ledger.paid_in(agreement.institution_id, YEAR) == 475_00 + 950_00


def granted(kind, staff):
    place = agreements.concluded(
        factories.institution(kind),
        on=date(2024, 12, 20),
        term_from=date(2025, 1, 1),
        term_to=date(2027, 12, 31),
    )
    made.booked(made.booked(place, staff), staff, year=2026)
    case = made.examined(place, staff)
    prepayments.grant(case, opinion="同意。", actor=staff[Role.LEADER], on=JANUARY)
    return case


@pytest.mark.law("M2-33")
@pytest.mark.parametrize(
    ("on", "allowed"), [(date(2026, 12, 30), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)  # fmt: skip
def test_an_advance_is_paid_up_to_the_last_day_of_its_year(staff, kind, on, allowed):
    case = granted(kind, staff)
    if allowed:
        prepayments.pay(case, voucher="YF", actor=staff[Role.FINANCE], on=on)
        assert case.state == "paid"
        return
    with pytest.raises(Refused, match="2026 年度已经结束") as why:
        prepayments.pay(case, voucher="YF", actor=staff[Role.FINANCE], on=on)
    assert "撤回预付申请" in why.value.cure
    assert annual_ledger.advance_open(case.agreement_id, 2026, EMPLOYEE) == 0
    prepayments.withdraw(case, actor=made.owner(case.agreement), on=on)
    assert case.state == "withdrawn"


def test_an_advance_is_neither_granted_nor_paid_beside_the_settlement_of_its_year(staff, kind):
    case = granted(kind, staff)
    on = date(2027, 3, 1)
    row = made.drafted(case.agreement, staff, year=2026, on=on)
    made.confirmed(row, staff, on=on)
    with pytest.raises(
        Refused, match="2026 年度职工基本医疗保险的费用已经清算"
    ):  # the day of a clerk who is behind
        prepayments.pay(case, voucher="YF", actor=staff[Role.FINANCE], on=date(2026, 12, 31))
    act.decide(row, actor=staff[Role.LEADER], on=on)
    with pytest.raises(Refused, match="2026 年度已经结束"):
        prepayments.pay(case, voucher="YF", actor=staff[Role.FINANCE], on=on)
    assert annual_ledger.advance_open(case.agreement_id, 2026, EMPLOYEE) == 0


def test_what_is_examined_in_one_year_is_not_granted_in_the_next(staff, kind):
    case = made.examined(
        agreements.concluded(
            factories.institution(kind), on=date(2025, 12, 20), term_from=date(2026, 1, 1), term_to=date(2027, 12, 31)
        ),
        staff,
    )  # fmt: skip
    with pytest.raises(Refused, match="2026 年度已经结束"):
        prepayments.grant(case, opinion="同意。", actor=staff[Role.LEADER], on=date(2027, 1, 1))
    prepayments.decline(
        case, opinion="年度已经结束。", actor=staff[Role.LEADER], on=date(2027, 1, 4)
    )
    assert case.state == "declined"


def test_what_is_retained_after_the_release_is_given_back_by_a_further_one(db, staff, kind):
    agreement = made.agreement(kind)
    made.booked(agreement, staff)
    first = made.proposed(agreement, staff, "90")
    with pytest.raises(Refused, match=f"正由 {first.number} 办理"):
        made.proposed(agreement, staff, "90")
    releases.decide(first, actor=staff[Role.LEADER], on=ON)
    with pytest.raises(Refused, match=f"正由 {first.number} 办理"):
        made.proposed(agreement, staff, "90")
    releases.pay(first, voucher="BZ-1", actor=staff[Role.FINANCE], on=ON)
    with pytest.raises(Refused, match="没有预留的质量保证金"):
        made.proposed(agreement, staff, "90")
    ledger.post(  # a hold is over: 200.00 become payable, 5 % of them are retained
        [Transfer(Kind.CLAIM, 200_00), Transfer(Kind.ADMIT, 200_00), Transfer(Kind.RETAIN, 10_00)],
        institution=agreement.institution, agreement=agreement, cause=agreement, year=YEAR, insurance=EMPLOYEE,
        actor=staff[Role.FINANCE], on=ON,
    )  # fmt: skip
    (before,) = known.of_agreement(agreement.id)
    assert (before.held, before.waits, before.case) == (10_00, True, first)
    second = made.proposed(agreement, staff, "59")
    assert (second.held, second.released, second.kept) == (10_00, 0, 10_00)
    releases.decide(second, actor=staff[Role.LEADER], on=ON)
    db.commit()
    (after,) = known.of_agreement(agreement.id)
    assert (first.state, second.state, after.held, after.waits) == ("paid", "kept", 0, False)
    assert after.cases == [second, first]


def test_the_page_offers_the_further_release_and_the_portal_shows_what_was_decided(
    app, db, staff, kind
):
    agreement = made.booked(made.agreement(kind), staff)
    releases.decide(made.proposed(agreement, staff, "59"), actor=staff[Role.LEADER], on=ON)
    db.commit()
    finance = client_for(app, staff[Role.FINANCE])
    path = f"/retention/{agreement.id}/{YEAR}"
    assert "拟定返还" not in finance.get(path).text
    made.booked(agreement, staff, claimed=200_00, denied=0, retained=10_00)
    db.commit()
    assert "前次办结以后又预留 10.00 元" in finance.get(path).text
    made.proposed(agreement, staff, "70")
    db.commit()
    assert "拟定返还" not in finance.get(path).text
    assert "不予返还" in client_for(app, made.owner(agreement)).get("/portal/year").text
