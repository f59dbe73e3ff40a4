"""年度清算: from the ledger to what is due, agreed by both sides, entered, paid or carried; and prepayment beside it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from actions import annual_budgets, ledger, prepayments
from actions import annual_settlements as act
from queries import annual_settlements as ask
from queries.ledger import balances, entries, of_cause
from queries.paging import Asked
from queries.portal_year import matters, of_institution
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind, Transfer, closes
from rules.permissions import Denied, Role
from rules.prepayment import Fund
from rules.refusal import Refused
from tests import factories, factories_agreement
from tests import factories_year as made
from tests.factories_year import ITEMS, JANUARY, ON, POINTS, YEAR
from tests.test_money_years import YEARS, fen, milli

ASK = Asked(words={})
EMPLOYEE, RESIDENT = InsuranceKind


@pytest.fixture
def staff(db):
    return factories.staff()


@pytest.fixture
def agreement(staff, kind):
    return made.booked(made.agreement(kind), staff)


def held(agreement) -> dict[Account, int]:
    return balances(agreement_id=agreement.id)


def amounts(row) -> dict[str, int]:
    return {line["key"]: line["amount"] for line in row.lines}


@pytest.mark.law("P3-34", "M2-37")
def test_the_hospital_year_settles_in_the_house_as_it_was_worked_out_by_hand(db, staff):
    year = YEARS["hospital"]
    place = made.agreement("hospital")
    made.booked(
        place,
        staff,
        claimed=fen("60000000"),
        denied=fen("480000"),
        held=fen("310000"),
        retained=fen("2960500"),
    )
    ledger.post(
        [Transfer(Kind.ADVANCE, fen("4800000"))], institution=place.institution, agreement=place, cause=place,
        year=YEAR, insurance=EMPLOYEE, actor=staff[Role.FINANCE], on=date(YEAR, 1, 20),
    )  # fmt: skip
    gross, bad, _ = year["budget"]["points"][0]
    figures = replace(
        POINTS, points=milli(gross), deducted_points=milli(bad), violating_cases=107,
        reduction=Decimal(2), reduction_reason="违规核减",
    )  # fmt: skip
    row = made.drafted(place, staff, figures)
    others = [
        made.drafted(
            made.booked(made.agreement("hospital"), staff),
            staff,
            replace(POINTS, points=milli(all_)),
        )
        for all_, _, _ in year["budget"]["points"][1:]
    ]
    budget = made.budget(staff)
    annual_budgets.fix(budget, actor=staff[Role.LEADER], on=ON)
    assert [one.share for one in (row, *others)] == [fen(one) for one in year["budget"]["shares"]]
    made.confirmed(row, staff)
    expected = {key: fen(one["value"]) for key, one in year["expected"].items()}
    expected |= {"carried": 0, "due": expected["due"] - fen("120000")}  # nothing is left open here
    assert amounts(row) == expected
    made.discussed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.due) == ("carried", -fen("5765490"))
    found = held(place)
    assert (found[Account.PAYABLE], found[Account.ADVANCES]) == (0, -fen("4800000"))
    assert closes(entries(agreement_id=place.id), ON) == ()


@pytest.mark.law("P3-34")
def test_the_pharmacy_year_settles_in_the_house_as_it_was_worked_out_by_hand(db, staff):
    year = YEARS["pharmacy"]
    place = made.agreement("pharmacy")
    recovered = fen(year["recovery"]["sum"])
    made.booked(
        place, staff, claimed=fen("960003.96"), denied=fen("1203.97"), retained=fen("47940.04"),
        paid=fen(year["expected"]["paid"]["value"]),
    )  # fmt: skip
    ledger.post(
        [Transfer(Kind.OFFSET_RECOVERY, recovered), Transfer(Kind.REFUND, recovered)],
        institution=place.institution, agreement=place, cause=place, year=YEAR, insurance=EMPLOYEE,
        actor=staff[Role.FINANCE], on=date(YEAR, 12, 20),
    )  # fmt: skip
    given = {"cap": fen(year["cap"]), "reduction": Decimal(5), "reduction_reason": "等级不达标"}
    row = made.drafted(place, staff, replace(ITEMS, **given))
    made.confirmed(row, staff)
    assert amounts(row) == {key: fen(one["value"]) for key, one in year["expected"].items()}
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.due) == ("carried", -fen("56299.99"))
    found, refunded = held(place), fen(year["recovery"]["refunded"]["value"])
    assert (found[Account.RECOVERED], found[Account.REFUNDS]) == (0, refunded)


def test_what_is_still_payable_is_paid_and_the_year_is_closed(agreement, staff):
    made.booked(agreement, staff, claimed=200_00, denied=0, retained=10_00, paid=0)
    row = made.drafted(agreement, staff)
    made.confirmed(row, staff)
    assert (row.difference, row.due) == (0, 190_00)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert row.state == "decided"
    act.pay(row, voucher="QS-1", actor=staff[Role.FINANCE], on=ON)
    assert (row.state, held(agreement)[Account.PAYABLE]) == ("closed", 0)


def test_a_year_without_difference_is_closed_with_the_decision(agreement, staff):
    row = made.drafted(agreement, staff)
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.due, of_cause("annual_settlement", row.id)) == ("closed", 0, [])


def test_what_the_institution_owes_is_brought_by_it_or_taken_over_by_the_next_year(
    agreement, staff
):
    row = made.drafted(agreement, staff, replace(ITEMS, cap=800_00))
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.due) == ("carried", -100_00)
    made.booked(agreement, staff, claimed=500_00, denied=0, retained=0, paid=0, year=2026)
    following = made.drafted(agreement, staff, year=2026, on=date(2027, 2, 1))
    made.confirmed(following, staff, on=date(2027, 2, 1))
    assert (amounts(following)["carried"], following.due) == (-100_00, 400_00)
    act.decide(following, actor=staff[Role.LEADER], on=date(2027, 2, 2))
    assert (row.state, following.state) == ("closed", "decided")
    act.pay(following, voucher="QS-2", actor=staff[Role.FINANCE], on=date(2027, 2, 3))
    found = held(agreement)
    assert (found[Account.PAYABLE], found[Account.ADJUSTMENTS]) == (0, 0)
    assert (
        found[Account.FUND] == -(1000_00 + 500_00) + 100_00
    )  # the difference went back to the fund


def test_what_was_brought_meanwhile_is_not_taken_over_again(agreement, staff):
    row = made.drafted(agreement, staff, replace(ITEMS, cap=800_00))
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    made.booked(agreement, staff, claimed=500_00, denied=0, retained=0, paid=0, year=2026)
    on = date(2027, 2, 1)
    following = made.drafted(agreement, staff, year=2026, on=on)
    made.confirmed(following, staff, on=on)
    act.repay(row, voucher="TH-1", actor=staff[Role.FINANCE], on=on)
    with pytest.raises(Refused, match="台账有变化"):
        act.decide(following, actor=staff[Role.LEADER], on=on)
    act.back(following, "return", reason="上年差额已经退回", actor=staff[Role.LEADER], on=on)
    made.confirmed(following, staff, on=on)
    act.decide(following, actor=staff[Role.LEADER], on=on)
    assert (amounts(following)["carried"], following.due) == (0, 500_00)


def test_what_the_institution_brings_goes_back_to_the_fund(agreement, staff):
    row = made.drafted(agreement, staff, replace(ITEMS, cap=800_00))
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    act.repay(row, voucher="TH-1", actor=staff[Role.FINANCE], on=ON)
    found = held(agreement)
    assert (row.state, found[Account.INSTITUTION], found[Account.ADJUSTMENTS]) == (
        "closed",
        -100_00,
        0,
    )
    assert found[Account.FUND] == -1000_00 + 100_00


def test_a_gain_is_paid_by_the_fund(db, staff):
    place = made.booked(made.agreement("hospital"), staff)
    row = made.drafted(place, staff, replace(POINTS, points=1000))
    annual_budgets.fix(made.budget(staff, 2000_00), actor=staff[Role.LEADER], on=ON)
    assert row.share == 1900_00  # less 5 % kept as the adjusting fund
    made.confirmed(row, staff)
    assert (row.difference, row.due) == (
        1000_00,
        1000_00,
    )  # 1 900 − 900 found good; all of the 900 is paid or kept
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    act.pay(row, voucher="QS-3", actor=staff[Role.FINANCE], on=ON)
    found = held(place)
    assert (found[Account.PAID], found[Account.FUND]) == (855_00 + 1000_00, -2000_00)


def test_random_years_leave_what_is_due_and_nothing_else(db, staff):
    """Whatever the year was: afterwards the payable sum is what is due, and all accounts close."""
    draw = random.Random(2025)
    for _ in range(12):
        place = made.agreement(draw.choice(["hospital", "pharmacy"]))
        good = draw.randrange(0, 1000_00)
        kept = draw.randrange(0, good + 1)
        made.booked(
            place, staff, claimed=good + 50_00, denied=50_00, retained=kept,
            paid=draw.choice([0, (good - kept) // 2, good - kept]),
        )  # fmt: skip
        if advance := draw.choice([0, draw.randrange(1, 500_00)]):
            ledger.post(
                [Transfer(Kind.ADVANCE, advance)], institution=place.institution, agreement=place, cause=place,
                year=YEAR, insurance=EMPLOYEE, actor=staff[Role.FINANCE], on=ON,
            )  # fmt: skip
        row = made.drafted(
            place, staff, replace(ITEMS, cap=draw.choice([None, draw.randrange(0, 1000_00)]))
        )
        made.confirmed(row, staff)
        act.decide(row, actor=staff[Role.LEADER], on=ON)
        found = held(place)
        assert found.get(Account.PAYABLE, 0) == max(row.due, 0)
        assert row.state == ("decided" if row.due > 0 else "carried" if row.due else "closed")
        if row.due < 0:
            act.repay(row, voucher="TH", actor=staff[Role.FINANCE], on=ON)
            assert held(place).get(Account.ADVANCES, 0) == 0
        assert closes(entries(agreement_id=place.id), ON) == ()


def test_the_institution_contests_and_is_answered(agreement, staff):
    row = made.drafted(agreement, staff)
    act.send(row, actor=staff[Role.FINANCE], on=ON)
    user = made.owner(agreement)
    assert [one.subject_id for one in matters(agreement.institution_id)] == [row.id]
    act.dispute(row, text="拒付有误", actor=user, on=ON)
    assert matters(agreement.institution_id) == []
    act.answer(row, text="经核对无误", actor=staff[Role.FINANCE], on=ON)
    assert (row.state, row.answer) == ("sent", "经核对无误")
    act.dispute(row, text="仍有误", actor=user, on=ON)
    act.back(row, "revise", reason="确有误", actor=staff[Role.FINANCE], on=ON)
    assert (row.state, row.lines, row.due, row.sent_on) == ("drafted", [], None, None)
    assert of_institution(agreement.institution_id).settled == []
    act.change(row, replace(ITEMS, cap=850_00), actor=staff[Role.FINANCE], on=ON)
    made.confirmed(row, staff)
    assert row.due == -50_00


def test_what_both_sides_confirmed_is_what_is_decided(agreement, staff):
    row = made.drafted(agreement, staff)
    made.confirmed(row, staff)
    made.booked(agreement, staff, claimed=1, denied=0, retained=0)
    with pytest.raises(Refused, match="台账有变化"):
        act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert row.state == "confirmed"
    act.back(row, "return", reason="台账有变化", actor=staff[Role.LEADER], on=ON)
    made.confirmed(row, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert row.state == "closed"


@pytest.mark.once
def test_a_year_that_runs_a_second_one_and_open_claims_are_refused(db, staff):
    place = made.booked(made.agreement("hospital"), staff)
    with pytest.raises(Refused, match="年度还没有结束"):
        made.drafted(place, staff, on=date(2025, 12, 31))
    row = made.drafted(place, staff, on=date(2026, 1, 1))
    with pytest.raises(Refused, match=row.number):
        made.drafted(place, staff)
    ledger.post(
        [Transfer(Kind.CLAIM, 5_00)], institution=place.institution, agreement=place, cause=place, year=YEAR,
        insurance=EMPLOYEE, actor=staff[Role.FINANCE], on=ON,
    )  # fmt: skip
    with pytest.raises(
        Refused, match=r"职工基本医疗保险还有 0 件申报没有拨付，5\.00 元没有审核结算"
    ):
        act.send(row, actor=staff[Role.FINANCE], on=ON)
    act.drop(row, reason="误编", actor=staff[Role.FINANCE], on=ON)
    assert made.drafted(place, staff).number != row.number


@pytest.mark.once
def test_the_value_of_a_point_is_fixed_for_all_or_for_none(db, staff):
    leader, finance = staff[Role.LEADER], staff[Role.FINANCE]
    budget = made.budget(staff, 100_00)
    with pytest.raises(Refused, match="还没有按点数清算的机构"):
        annual_budgets.fix(budget, actor=leader, on=ON)
    first, second = (made.booked(made.agreement("hospital"), staff) for _ in range(2))
    empty = made.drafted(first, staff, replace(POINTS, points=0))
    with pytest.raises(Refused, match="没有登记全年点数"):
        annual_budgets.fix(budget, actor=leader, on=ON)
    act.change(empty, POINTS, actor=finance, on=ON)
    with pytest.raises(Denied):
        annual_budgets.fix(budget, actor=finance, on=ON)
    annual_budgets.fix(budget, actor=leader, on=ON)
    assert (budget.adjusting_fund, empty.share) == (5_00, 95_00)
    with pytest.raises(Refused, match="不能再加入"):
        made.drafted(second, staff, POINTS)
    with pytest.raises(Refused, match="不能修改点数"):
        act.change(empty, replace(POINTS, points=1), actor=finance, on=ON)
    with pytest.raises(Refused, match="不能修改预算"):
        annual_budgets.change(budget, total=1, source="样例", actor=finance, on=ON)
    annual_budgets.reopen(budget, reason="漏一家", actor=leader, on=ON)
    other = made.drafted(second, staff, replace(POINTS, points=120_000_000))
    annual_budgets.fix(budget, actor=leader, on=ON)
    assert (empty.share, other.share) == (31_67, 63_33)  # 9 500 分 by 1 : 2
    act.send(empty, actor=finance, on=ON)
    with pytest.raises(Refused, match="已经送出"):
        annual_budgets.reopen(budget, reason="再改", actor=leader, on=ON)


@pytest.mark.once
def test_another_reduction_than_the_adopted_one_needs_its_reason(db, staff):
    place = made.booked(made.agreement("pharmacy"), staff)
    with pytest.raises(Refused, match="另定的请写明理由"):
        made.drafted(place, staff, replace(ITEMS, reduction=Decimal(1)))
    given = {"reduction": Decimal(1), "reduction_reason": "违规较多"}
    assert made.drafted(place, staff, replace(ITEMS, **given)).reduction == 100


@pytest.mark.once
def test_each_step_belongs_to_its_own_person(db, staff):
    place = made.booked(made.agreement("hospital"), staff)
    row = made.drafted(place, staff)
    act.send(row, actor=staff[Role.FINANCE], on=ON)
    for role in (Role.FINANCE, Role.LEADER, Role.CLERK):
        with pytest.raises(Denied):
            act.confirm(row, actor=staff[role], on=ON)
    with pytest.raises(Denied):
        act.confirm(row, actor=made.owner(made.agreement("hospital")), on=ON)
    act.confirm(row, actor=made.owner(place), on=ON)
    with pytest.raises(Denied):
        act.decide(row, actor=staff[Role.FINANCE], on=ON)


def test_the_list_is_of_the_region_by_year_state_and_kind(agreement, staff, kind):
    row = made.drafted(agreement, staff)
    family = "pharmacy" if kind == "pharmacy" else "medical"
    for words in ({}, {"year": "2025"}, {"state": "drafted"}, {"kind": family}, {"sort": "-due"}):
        assert ask.page(staff[Role.CLERK], Asked(words=words))[0] == [row]
    for words in ({"year": "2024"}, {"state": "sent"}):
        assert ask.page(staff[Role.CLERK], Asked(words=words))[0] == []
    assert ask.page(factories.actor(Role.CLERK, region="990199"), ASK)[0] == []


# prepayment


@pytest.mark.law("M2-33")
def test_an_advance_is_asked_examined_granted_paid_and_set_off(db, staff, kind):
    place = made.agreement(kind)
    row = made.advanced(place, staff)
    assert (row.state, row.monthly, row.amount) == ("paid", 71_25, 70_00)  # 855.00 ÷ 12
    assert [one["passed"] for one in row.tests] == [True, True, True]
    assert held(place)[Account.ADVANCES] == -70_00
    made.booked(place, staff, claimed=100_00, denied=0, retained=5_00, paid=0, year=2026)
    case = made.drafted(place, staff, year=2026, on=date(2027, 1, 8))
    made.confirmed(case, staff, on=date(2027, 1, 8))
    assert (amounts(case)["advances"], case.due) == (70_00, 25_00)
    act.decide(case, actor=staff[Role.LEADER], on=date(2027, 1, 9))
    assert (row.state, held(place)[Account.ADVANCES]) == ("cleared", 0)


def test_an_advance_is_brought_back_before_its_year_is_over(db, staff, kind):
    place = made.agreement(kind)
    row = made.advanced(place, staff)
    with pytest.raises(Refused, match="凭证号"):
        prepayments.repay(row, voucher="", actor=staff[Role.FINANCE], on=ON)
    prepayments.repay(row, voucher="TH-1", actor=staff[Role.FINANCE], on=ON)
    found = held(place)
    assert (row.state, found[Account.ADVANCES], found[Account.INSTITUTION]) == (
        "cleared",
        0,
        -70_00,
    )


@pytest.mark.parametrize(("on", "allowed"), [(date(2026, 1, 10), True), (date(2026, 1, 11), False)])
def test_after_the_tenth_of_january_nobody_asks(db, staff, on, allowed):
    place = made.agreement("hospital")
    if allowed:
        assert made.asked(place, on=on).state == "requested"
        return
    with pytest.raises(Refused, match="1月1日至10日"):
        made.asked(place, on=on)


@pytest.mark.once
def test_an_advance_is_asked_for_once_under_an_agreement_in_force(db, staff):
    place = made.agreement("hospital")
    row = made.asked(place)
    with pytest.raises(Refused, match=row.number):
        made.asked(place)
    assert made.asked(place, insurance=InsuranceKind.RESIDENT).state == "requested"
    prepayments.withdraw(row, actor=made.owner(place), on=JANUARY)
    assert made.asked(place).number != row.number
    later = factories_agreement.concluded(
        factories.institution("hospital"), term_from=date(2026, 3, 1)
    )
    with pytest.raises(Refused, match="不能预付基金"):
        made.asked(later)


@pytest.mark.once
def test_a_poor_fund_too_large_a_sum_and_a_missing_figure_stop_the_examination(db, staff):
    row = made.asked(made.agreement("hospital"))
    finance = staff[Role.FINANCE]
    given = {
        "years": [855_00],
        "amount": 70_00,
        "opinion": "符合。",
        "actor": finance,
        "on": JANUARY,
    }
    with pytest.raises(Refused, match="还没有登记 2026 年"):
        prepayments.examine(row, **given)
    made.fund(staff, Fund(InsuranceKind.EMPLOYEE, 1199_99, 100_00, 0, 0))
    with pytest.raises(Refused, match="不少于 12 个月"):
        prepayments.examine(row, **given)
    made.fund(staff)
    with pytest.raises(Refused, match="不能超过机构申请"):
        prepayments.examine(row, **given | {"amount": 71_25})
    with pytest.raises(Refused, match="不超过"):
        prepayments.examine(row, **given | {"amount": 71_26})
    prepayments.examine(row, **given)
    assert row.state == "examined"


@pytest.mark.once
def test_a_suspension_between_grant_and_transfer_stops_the_transfer(db, staff):
    place = made.agreement("pharmacy")
    row = made.examined(place, staff)
    with pytest.raises(Denied):
        prepayments.grant(row, opinion="同意。", actor=staff[Role.FINANCE], on=JANUARY)
    prepayments.grant(row, opinion="同意。", actor=staff[Role.LEADER], on=JANUARY)
    place.lapsed_on = date(2026, 1, 10)
    db.flush()
    with pytest.raises(Refused, match="不能预付基金"):
        prepayments.pay(row, voucher="YF-1", actor=staff[Role.FINANCE], on=date(2026, 1, 20))
    assert held(place) == {}


@pytest.mark.once
def test_what_is_declined_has_its_letter_with_the_reason(db, staff):
    row = made.asked(made.agreement("hospital"))
    with pytest.raises(Refused, match="写明不予预付的理由"):
        prepayments.decline(row, opinion=" ", actor=staff[Role.LEADER], on=JANUARY)
    letter = prepayments.decline(
        row, opinion="基金当期赤字。", actor=staff[Role.LEADER], on=JANUARY
    )
    assert (row.state, letter.facts["granted"], letter.facts["opinion"]) == (
        "declined",
        False,
        "基金当期赤字。",
    )
