"""Two years of money by hand, the ladders at their edges, and ten thousand divisions: pure."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import annual_settlement, prepayment, retention
from rules.annual_settlement import Basis, Booked, Method
from rules.insurance import InsuranceKind as Insurance
from rules.prepayment import Credit, Fund
from rules.refusal import Refused

pytestmark = pytest.mark.pure

YEARS = yaml.safe_load(
    (Path(__file__).parent / "scenarios" / "money_years.yaml").read_text("utf-8")
)
DAY = date(2025, 12, 31)
FAMILIES = {"hospital": "medical", "pharmacy": "pharmacy"}


def fen(text: str) -> int:
    return int(Decimal(text) * 100)


def milli(text: str) -> int:
    return int(Decimal(text) * 1000)


@pytest.mark.parametrize("name", YEARS)
@pytest.mark.law("P3-34", "M2-37")
def test_a_year_settles_to_the_sums_worked_out_by_hand(name):
    year = YEARS[name]
    found = _settled(year).amounts
    assert found == {key: fen(one["value"]) for key, one in year["expected"].items()}


@pytest.mark.parametrize("name", YEARS)
def test_what_is_retained_month_by_month_is_the_sum_worked_out_by_hand(name):
    year = YEARS[name]
    percent = retention.rate(DAY, year["family"]).value
    kept = [retention.withheld(fen(month["payable"]), percent) for month in year["months"]]
    assert kept == [fen(month["retained"]) for month in year["months"]]
    total = sum(k * month["count"] for k, month in zip(kept, year["months"], strict=True))
    assert total == fen(year["expected"]["retained"]["value"])


@pytest.mark.parametrize("name", YEARS)
def test_what_is_given_back_and_kept_is_the_sum_worked_out_by_hand(name):
    year = YEARS[name]
    given, held = year["retention"], fen(year["expected"]["retained"]["value"])
    outcome = retention.by_score(given["ladder"], Decimal(given["score"]), DAY)
    percent = retention.settled_percent(outcome, None)
    assert percent == Decimal(given["percent"]["value"])
    back, kept = retention.divided(held, percent)
    assert (back, kept) == (fen(given["back"]["value"]), fen(given["kept"]["value"]))


def test_the_budget_is_divided_to_the_last_fen_by_points():
    budget = YEARS["hospital"]["budget"]
    fund, rest = annual_settlement.fund_of(fen(budget["sum"]), 5)
    assert (fund, rest) == (fen(budget["fund"]["value"]), fen(budget["rest"]["value"]))
    net = [
        annual_settlement.net_points(milli(all_), milli(bad)) for all_, bad, _ in budget["points"]
    ]
    assert net == [milli(one) for _, _, one in budget["points"]]
    assert annual_settlement.shares(rest, net) == [fen(one) for one in budget["shares"]]
    value = annual_settlement.point_value(rest, sum(net))
    assert value == Decimal(budget["value"]["value"])


def _settled(year: dict[str, Any]) -> annual_settlement.Outcome:
    months, share = year["months"], None
    total = {
        key: sum(fen(month[key]) * month["count"] for month in months)
        for key in ("claimed", "denied", "held", "retained")
    }
    total["offset"] = fen(year["recovery"]["sum"]) if "recovery" in year else 0
    paid = total["claimed"] - sum(total[key] for key in ("denied", "held", "retained", "offset"))
    if "budget" in year:
        net = [milli(one) for _, _, one in year["budget"]["points"]]
        share = annual_settlement.shares(fen(year["budget"]["rest"]["value"]), net)[0]
    return annual_settlement.settle(
        Booked(**total, paid=paid, advances=fen(year["advances"]), carried=fen(year["carried"])),
        Basis(
            Method.POINTS if share is not None else Method.ITEMS,
            share=share,
            cap=fen(year["cap"]) if "cap" in year else None,
            reduction_percent=Decimal(year["reduction_percent"]),
        ),
        day=year["year_end"],
        family=year["family"],
    )


def test_ten_thousand_divisions_by_points_give_back_every_fen():
    draw = random.Random(20251231)
    for _ in range(10_000):
        points = [draw.randrange(0, 10**8) for _ in range(draw.randint(1, 12))]
        points[draw.randrange(len(points))] += 1
        total = draw.randrange(0, 10**13)
        parts = annual_settlement.shares(total, points)
        assert sum(parts) == total
        exact = [total * one / sum(points) for one in points]
        assert all(
            abs(part - due) <= 1 + due * 1e-12 for part, due in zip(parts, exact, strict=True)
        )


def test_ten_thousand_retained_sums_are_given_back_and_kept_to_the_last_fen():
    draw = random.Random(3)
    for _ in range(10_000):
        held, percent = draw.randrange(0, 10**12), Decimal(draw.randrange(0, 10_001)) / 100
        back, kept = retention.divided(held, percent)
        assert back + kept == held
        assert min(back, kept) >= 0


def test_the_fen_left_over_goes_to_the_largest_remainder_and_the_first_of_equals():
    assert annual_settlement.shares(100, [1, 1, 1]) == [34, 33, 33]
    assert annual_settlement.shares(100, [1, 2, 4]) == [14, 29, 57]  # 14.28, 28.57, 57.14
    assert annual_settlement.shares(1, [0, 0, 5]) == [0, 0, 1]


def test_points_that_nobody_has_cannot_be_divided_by_and_more_than_all_cannot_be_taken():
    with pytest.raises(Refused, match="没有可供分配的点数"):
        annual_settlement.shares(100, [0, 0])
    with pytest.raises(Refused, match="不能超过全年点数"):
        annual_settlement.net_points(100, 101)
    assert annual_settlement.net_points(100, 100) == 0


@pytest.mark.parametrize(
    ("amount", "percent", "kept"),
    [(1, 5, 0), (9, 5, 0), (10, 5, 1), (30, 5, 2), (100, 0, 0), (100, 100, 100), (0, 5, 0)],
)
def test_half_a_fen_is_rounded_up_once(amount, percent, kept):
    assert retention.withheld(amount, percent) == kept


LADDERS = [
    ("fujian", "100", "100"), ("fujian", "90", "100"), ("fujian", "89.99", "100"), ("fujian", "80", "100"),
    ("fujian", "79.99", "99.97"), ("fujian", "79", "97"), ("fujian", "60", "40"), ("fujian", "59.99", "0"),
    ("taiyuan", "95", "100"), ("taiyuan", "94.99", "99.99"), ("taiyuan", "60", "65"), ("taiyuan", "59", "64"),
    ("taiyuan", "0", "5"), ("city", "95", "100"), ("city", "94.99", "94.99"), ("city", "69.99", "69.99"),
    ("city", "0", "0"), ("xian", "75", "100"), ("xian", "59.99", "0"), ("xian", "0", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("ladder", "score", "percent"), LADDERS)
def test_a_ladder_gives_what_its_paper_says_at_its_edges(ladder, score, percent):
    outcome = retention.by_score(ladder, Decimal(score), DAY)
    assert (outcome.percent, outcome.confidence) == (Decimal(percent), "local")


@pytest.mark.parametrize("score", ["60", "67", "74.99"])
def test_where_the_ladder_leaves_room_the_leader_names_the_percentage(score):
    outcome = retention.by_score("xian", Decimal(score), DAY)
    assert outcome.percent is None
    with pytest.raises(Refused, match="酌情确定"):
        retention.settled_percent(outcome, None)
    with pytest.raises(Refused, match="酌情确定"):
        retention.settled_percent(outcome, Decimal("100.01"))
    assert retention.settled_percent(outcome, Decimal(55)) == 55


def test_where_the_ladder_has_spoken_nobody_names_another_percentage():
    outcome = retention.by_score("fujian", Decimal(70), DAY)
    with pytest.raises(Refused, match="不能另定") as refused:
        retention.settled_percent(outcome, Decimal(71))
    assert refused.value.basis.startswith("福建省级")
    assert retention.settled_percent(outcome, Decimal(70)) == 70


@pytest.mark.parametrize("ladder", [row.key for row in retention.ladders(DAY)])
def test_a_better_score_never_gives_less_back(ladder):
    found = [retention.by_score(ladder, Decimal(n) / 4, DAY).percent for n in range(401)]
    known = [one for one in found if one is not None]
    assert known == sorted(known)


def test_one_ladder_is_proposed_and_a_score_outside_the_scale_is_refused():
    rows = retention.ladders(DAY)
    assert [row.extra["chosen"] for row in rows] == [True, False, False, False]
    for score in ("-0.01", "100.01"):
        with pytest.raises(Refused, match="0至100分"):
            retention.by_score("fujian", Decimal(score), DAY)
    with pytest.raises(Refused, match="没有这种返还阶梯"):
        retention.by_score("moon", Decimal(50), DAY)


MILLION = 100_000_000


@pytest.mark.parametrize(
    ("insurance", "months", "passed"),
    [
        (Insurance.EMPLOYEE, 11, False),
        (Insurance.EMPLOYEE, 12, True),
        (Insurance.EMPLOYEE, 13, True),
        (Insurance.RESIDENT, 5, False),
        (Insurance.RESIDENT, 6, True),
    ],
)
@pytest.mark.law("M2-33")
def test_the_fund_needs_its_months_of_balance(insurance, months, passed):
    fund = Fund(insurance, months * MILLION, MILLION, 0, 0)
    assert prepayment.tests(fund, DAY)[0].passed is passed


def test_one_fen_less_than_the_months_is_too_little():
    fund = Fund(Insurance.RESIDENT, 6 * MILLION - 1, MILLION, 0, 0)
    assert not prepayment.tests(fund, DAY)[0].passed
    with pytest.raises(Refused, match=r"不少于 6 个月（可支付 5\.9 个月）"):
        prepayment.check_fund(fund, DAY)


@pytest.mark.parametrize(("last_year", "forecast"), [(-1, 0), (0, -1)])
@pytest.mark.law("M2-33")
def test_a_deficit_last_year_or_in_the_forecast_stops_prepayment(last_year, forecast):
    with pytest.raises(Refused, match="赤字"):
        prepayment.check_fund(
            Fund(Insurance.EMPLOYEE, 99 * MILLION, MILLION, last_year, forecast), DAY
        )
    prepayment.check_fund(Fund(Insurance.EMPLOYEE, 99 * MILLION, MILLION, 0, 0), DAY)


def test_a_fund_that_spends_nothing_has_nothing_to_be_measured_by():
    assert not prepayment.tests(Fund(Insurance.EMPLOYEE, 1, 0, 0, 0), DAY)[0].passed


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 1, 10), True),
        (date(2026, 1, 11), False),
    ],
)
@pytest.mark.law("M2-33")
def test_prepayment_is_asked_for_in_the_first_ten_days_of_january(day, allowed):
    if allowed:
        prepayment.check_window(day)
        return
    with pytest.raises(Refused, match="1月1日至10日") as refused:
        prepayment.check_window(day)
    assert str(day.year + 1) in refused.value.cure


def test_the_base_is_the_mean_month_of_up_to_three_years_with_payments():
    assert prepayment.base([1200], DAY) == 100
    assert prepayment.base([1200, 2400], DAY) == 150
    assert prepayment.base([1200, 2400, 3600], DAY) == 200
    assert prepayment.base([1200, 2400, 3600, 999_999], DAY) == 200
    assert prepayment.base([0, 0, 3600], DAY) == 300
    with pytest.raises(Refused, match="没有拨付记录"):
        prepayment.base([0, 0, 0, 3600], DAY)


@pytest.mark.parametrize(("amount", "allowed"), [(0, False), (1, True), (100, True), (101, False)])
def test_no_more_than_one_month_is_advanced(amount, allowed):
    if allowed:
        prepayment.check_amount(amount, 100, DAY)
        return
    with pytest.raises(Refused, match=r"不超过 1\.00 元"):
        prepayment.check_amount(amount, 100, DAY)


def test_the_advance_buys_drugs_and_consumables_and_nothing_else():
    assert [row.key for row in prepayment.purposes(DAY)] == ["drugs", "consumables"]
    assert prepayment.check_purpose("drugs", DAY).label == "支付药品费用"
    for other in ("construction", "running", "debts", "holiday"):
        with pytest.raises(Refused, match="预付金不得用于"):
            prepayment.check_purpose(other, DAY)


def test_the_grade_forbids_or_asks_for_a_reason():
    prepayment.check_credit(None, "")
    prepayment.check_credit(Credit.GRANT, "")
    prepayment.check_credit(Credit.REVIEW, "急救药品周转")
    with pytest.raises(Refused, match="写明同意预付的理由"):
        prepayment.check_credit(Credit.REVIEW, " ")
    with pytest.raises(Refused, match="不予预付"):
        prepayment.check_credit(Credit.NONE, "任何理由")


@pytest.mark.parametrize("family", FAMILIES.values())
def test_every_line_of_a_year_says_how_it_is_counted_and_how_sure_that_is(family):
    method = Method.POINTS if family == "medical" else Method.ITEMS
    found = annual_settlement.settle(
        Booked(claimed=100), Basis(method, share=90, cap=90), day=DAY, family=family
    )
    assert {line.key for line in found.lines} == set(found.amounts)
    assert all(line.formula and line.basis for line in found.lines)
    assert {"official", "assumed"} <= {line.confidence for line in found.lines}


def test_points_that_are_not_fixed_settle_nothing():
    with pytest.raises(Refused, match="点数还没有核定"):
        annual_settlement.settle(Booked(), Basis(Method.POINTS), day=DAY, family="medical")


def test_without_a_budget_there_is_nothing_to_reduce():
    given = Basis(Method.ITEMS, reduction_percent=Decimal(5))
    found = annual_settlement.settle(
        Booked(claimed=1000, denied=100), given, day=DAY, family="pharmacy"
    )
    assert (found.amounts["settled"], found.amounts["reduction"], found.difference) == (900, 0, 0)
