"""The ladder of measures as rules: rungs by kind, money, periods, levels of approval, the catalogue of acts. Pure."""

from __future__ import annotations

from datetime import date

import pytest

import regulations
from rules import findings, ladder
from rules.closing import OpenPoint, check
from rules.findings import Found
from rules.ladder import Destination, Level, Plan, Step
from rules.refusal import Refused

pytestmark = pytest.mark.pure

DAY = date(2026, 6, 15)
KINDS = ("medical", "pharmacy")
GOOD = {
    Step.TALK: Plan(Step.TALK, subject_text="法定代表人"),
    Step.HOLD_PAYMENT: Plan(Step.HOLD_PAYMENT),
    Step.DENY: Plan(Step.DENY, amount=100),
    Step.RECOVER: Plan(Step.RECOVER, amount=100, paid_on=date(2026, 5, 29)),
    Step.DAMAGES: Plan(Step.DAMAGES, amount=100, clause="第三十二条", formula="三成"),
    Step.SUSPEND_STAFF: Plan(
        Step.SUSPEND_STAFF, subject_text="示例科", from_on=DAY, to_on=date(2026, 9, 14)
    ),
}


@pytest.mark.law("P3-35", "M2-38", "R-13", passes=True)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", list(Step))
def test_every_measure_has_its_rung_in_both_orders(kind, step):
    row = ladder.rung(step, DAY, kind)
    assert step in row.extra["steps"]
    orders = {"medical": "医疗机构医疗保障定点管理", "pharmacy": "零售药店医疗保障定点管理"}
    own = orders[kind] in row.basis
    # the order on pharmacies does not name persons and departments: the regulation does (第十三条)
    assert own is not (kind == "pharmacy" and step is Step.SUSPEND_STAFF)
    assert own or "第十三条" in row.basis


@pytest.mark.parametrize("kind", KINDS)
def test_the_ladder_is_offered_in_its_order_and_whole(kind):
    offered = [step for step, _row in ladder.offered(DAY, kind)]
    assert sorted(offered) == sorted(Step)
    assert offered[0] is Step.TALK


@pytest.mark.law("R-13", refuses=True)
def test_before_the_regulation_was_in_force_a_pharmacy_had_no_rung_for_persons():
    with pytest.raises(Refused, match="不在该类机构"):
        ladder.rung(Step.SUSPEND_STAFF, date(2021, 4, 30), "pharmacy")
    assert ladder.rung(Step.SUSPEND_STAFF, date(2021, 5, 1), "pharmacy").article == "第十三条"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", list(Step))
def test_a_whole_plan_is_allowed(kind, step):
    ladder.check(GOOD[step], DAY, kind)


WRONG = [
    (Plan(Step.TALK), "请写明约谈谁"),
    (Plan(Step.TALK, subject_text="负责人", amount=1), "没有金额"),
    (Plan(Step.DENY), "请填写不予支付的金额"),
    (Plan(Step.DENY, amount=-1), "请填写不予支付的金额"),
    (Plan(Step.DENY, amount=ladder.MOST_AMOUNT), "请填写不予支付的金额"),
    (Plan(Step.DENY, amount=1, paid_on=date(2026, 6, 1)), "已于 2026-06-01 拨付，不能再不予支付"),
    (Plan(Step.RECOVER, amount=1), "请写明拨付日期"),
    (Plan(Step.RECOVER, amount=1, paid_on=date(2026, 6, 16)), "请写明拨付日期"),
    (Plan(Step.DAMAGES, amount=1, clause="第一条"), "违约金只能依照协议约定收取"),
    (Plan(Step.DAMAGES, amount=1, formula="三成"), "违约金只能依照协议约定收取"),
    (Plan(Step.HOLD_PAYMENT, from_on=date(2026, 6, 14)), "起始日期已经过去"),
    (Plan(Step.HOLD_PAYMENT, to_on=date(2026, 7, 1)), "请填写起始日期"),
    (Plan(Step.HOLD_PAYMENT, from_on=DAY, to_on=date(2026, 6, 14)), "截止日期不能早于起始日期"),
    (Plan(Step.SUSPEND_STAFF, from_on=DAY, to_on=DAY), "请选择一名责任人员"),
    (Plan(Step.SUSPEND_STAFF, from_on=DAY, to_on=DAY, subject_text="科", practitioner_id=1), "请选择一名"),
    (Plan(Step.SUSPEND_STAFF, subject_text="科"), "须写明起止日期"),
]  # fmt: skip


@pytest.mark.law("P3-35", "M2-38", "R-13", refuses=True)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("plan", "why"), WRONG)
def test_a_plan_that_lacks_what_its_rung_needs_is_refused(kind, plan, why):
    with pytest.raises(Refused, match=why):
        ladder.check(plan, DAY, kind)


def test_costs_paid_on_the_day_itself_may_be_recovered():
    ladder.check(Plan(Step.RECOVER, amount=1, paid_on=DAY), DAY, "pharmacy")


@pytest.mark.parametrize(("found", "allowed"), [(299, False), (300, True), (301, True)])
def test_no_more_is_denied_and_recovered_than_was_found(found, allowed):
    plans = [GOOD[Step.DENY], Plan(Step.RECOVER, amount=200, paid_on=DAY), GOOD[Step.DAMAGES]]
    if allowed:
        ladder.check_amounts(plans, found)
        return
    with pytest.raises(Refused, match=r"合计 3\.00 元，超过违规事实涉及金额 2\.99 元"):
        ladder.check_amounts(plans, found)


@pytest.mark.law("R-45", passes=True)
def test_the_money_of_each_measure_goes_its_own_way():
    where = {step: ladder.destination(step, DAY) for step in ladder.MONEY}
    assert {step: row.extra["destination"] for step, row in where.items()} == {
        Step.DENY: "withheld",
        Step.RECOVER: "fund",
        Step.DAMAGES: "agency",
    }
    assert "第四十五条" in where[Step.RECOVER].basis
    assert {row.label for row in where.values()} == {one.label for one in Destination}


@pytest.mark.parametrize(
    ("step", "amount", "level"),
    [
        (Step.TALK, 0, "chief"),
        (Step.HOLD_PAYMENT, 0, "leader"),
        (Step.SUSPEND_STAFF, 0, "leader"),
        (Step.DENY, 999_999, "chief"),
        (Step.DENY, 1_000_000, "leader"),
        (Step.DENY, 1_000_001, "leader"),
        (Step.RECOVER, 49_999_999, "leader"),
        (Step.RECOVER, 50_000_000, "collective"),
        (Step.DAMAGES, 1, "leader"),
        (Step.DAMAGES, 19_999_999, "leader"),
        (Step.DAMAGES, 20_000_000, "collective"),
    ],
)
def test_the_amount_decides_who_approves(step, amount, level):
    row = ladder.level(step, amount, DAY)
    assert (row.extra["level"], row.confidence) == (level, "local")


def test_every_measure_has_a_level_from_nothing_on_and_levels_only_rise():
    for step in Step:
        rows = sorted(ladder.levels(step, DAY), key=lambda row: row.extra["from_yuan"])
        assert rows[0].extra["from_yuan"] == 0
        ranks = [Level(row.extra["level"]).rank for row in rows]
        assert ranks == sorted(ranks)


def test_each_measure_is_said_in_one_sentence():
    said = {step: ladder.said(plan) for step, plan in GOOD.items()}
    assert said[Step.RECOVER] == "追回已经支付的违规费用1.00元"
    assert said[Step.DAMAGES] == "依照协议第三十二条要求支付违约金1.00元（三成）"
    assert said[Step.HOLD_PAYMENT] == "自决定载明之日起暂停结算医疗保障费用"
    assert said[Step.SUSPEND_STAFF].startswith("自2026年6月15日起至2026年9月14日止中止示例科")
    assert ladder.said(GOOD[Step.SUSPEND_STAFF], "样某").count("样某") == 1


# the catalogue


@pytest.mark.law("R-38", "R-39", "R-40", passes=True)
@pytest.mark.parametrize(
    ("article", "count"), [("第三十八条", 7), ("第三十九条", 7), ("第四十条", 5)]
)
def test_the_acts_of_the_regulation_are_complete(article, count):
    rows = [
        row
        for row in regulations.at(DAY).table("violation_acts")
        if row.article.startswith(article)
    ]
    assert len(rows) == count
    assert {row.confidence for row in rows} == {"official"}


def test_there_are_thirty_five_situations_each_an_example_of_an_act():
    rows = regulations.at(DAY).table("violation_situations")
    assert len(rows) == 35
    for kind in KINDS:
        law = regulations.at(DAY, kind)
        acts = {row.key for row in law.table("violation_acts")}
        assert {row.extra["act"] for row in law.table("violation_situations")} <= acts
    classes = {row.key for row in regulations.at(DAY).table("supervision_classes")}
    assert {word for row in rows for word in row.extra["focus"]} == classes


@pytest.mark.parametrize(
    ("kind", "nature", "level", "expected"),
    [
        ("retail_pharmacy", "民营", "", "shop"),
        ("general_hospital", "公立", "二级甲等", "upper_public"),
        ("general_hospital", "公立", "三级", "upper_public"),
        ("general_hospital", "公立", "一级", "primary"),
        ("township_centre", "公立", "", "primary"),
        ("general_hospital", "民营", "三级甲等", "private"),
        ("clinic", "合资", "", "private"),
        ("village_clinic", "", "", "primary"),
    ],
)
def test_the_class_of_supervision_follows_kind_nature_and_level(kind, nature, level, expected):
    assert findings.class_of(kind, nature, level, DAY).key == expected


@pytest.mark.parametrize(
    ("class_key", "kind", "first"),
    [
        ("upper_public", "medical", "第三十八条"),
        ("primary", "medical", "第三十八条"),
        ("private", "medical", "第三十八条"),
        ("shop", "pharmacy", "第三十八条"),
    ],
)
def test_what_a_class_is_watched_for_comes_first(class_key, kind, first):
    rows = findings.items(DAY, kind, class_key)
    marks = [row.focus for row in rows]
    assert marks == sorted(marks, reverse=True)
    assert any(marks)
    assert first in rows[0].basis
    whole = {row.key for row in findings.items(DAY, kind)}
    assert {row.key for row in rows} == whole


def test_a_situation_of_the_other_kind_is_refused():
    assert findings.named("S15", DAY, "pharmacy").act == "A38_4"
    with pytest.raises(Refused, match="只能从目录中选择"):
        findings.named("S15", DAY, "medical")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Found("A38_4", from_on=DAY, to_on=date(2026, 6, 14)), "早于起始日期"),
        (Found("A38_4", to_on=DAY), "早于起始日期"),
        (Found("A38_4", from_on=date(2026, 6, 16)), "晚于今天"),
        (Found("A38_4", amount=-1, records=1), "核对涉及金额"),
        (Found("A38_4", records=-1), "核对涉及金额"),
        (Found("A38_4", amount=1), "写明涉及的件数"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(found, why):
    with pytest.raises(Refused, match=why):
        findings.check(found, DAY)


def test_findings_are_listed_with_their_figures():
    rows = [("串换药品", "三张处方", 3, 123456), ("台账不全", "", 0, 0)]
    assert findings.said(rows) == "1．串换药品，涉及3件、金额1,234.56元。三张处方\n2．台账不全。"


def test_the_refusal_to_close_names_every_open_point_and_each_cure_once():
    check([])
    points = [
        OpenPoint("甲没有送达", "登记送达"),
        OpenPoint("乙没有送达", "登记送达"),
        OpenPoint("丙", "丁"),
    ]
    with pytest.raises(Refused) as refused:
        check(points)
    assert refused.value.why == "案件还不能办结：甲没有送达；乙没有送达；丙。"
    assert refused.value.cure == "请登记送达；丁。"
