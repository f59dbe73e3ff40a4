"""移送: a case goes to another authority with its materials; the receipt and the result come back, the case goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import letters, referrals, work_items
from blueprints.referrals import papers
from database import session
from models import Referral, StatutoryClock, Violation
from queries import referrals as ask
from rules import referrals as rule
from rules.permissions import Denied, Permission, Role, may
from rules.referrals import Paper
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, post

ONE = timedelta(days=1)
RECEIPT = date(2026, 6, 30)  # ten working days after 15 June; 19 June is Duanwu


@pytest.fixture
def case(staff, kind):
    row = made.case(made.concluded(factories.institution(kind)), staff, on=TODAY)
    session.flush()
    return row


def given(**changes):
    said = {
        "authority": "health", "name": "示例县卫生健康局", "facts_text": "人员不在注册地点执业。",
        "materials": [Paper("现场检查记录"), Paper("询问笔录", 3)], "persons": 2,
    }  # fmt: skip
    return referrals.Draft(**(said | changes))


def drafted(case, staff, **changes):
    return referrals.draft(case, given(**changes), actor=staff[Role.CLERK], on=TODAY)


def sent(case, staff):
    row = drafted(case, staff)
    referrals.approve(row, actor=staff[Role.LEADER], on=TODAY)
    return row


@pytest.mark.law("Z-07")
def test_an_approved_referral_goes_out_with_its_letter_and_waits_for_the_receipt(case, staff):
    row = drafted(case, staff)
    assert work_items.of(row).desk == "leader"
    referrals.approve(row, actor=staff[Role.LEADER], on=TODAY)
    (letter,) = letters.of(row, "referral")
    assert letter.facts["addressee"] == "示例县卫生健康局"
    assert letter.facts["materials"][1] == {"name": "询问笔录", "copies": 3}
    item = work_items.of(row)
    assert (item.desk, item.step, item.due_on) == ("inspector", "登记移送回执", RECEIPT)


@pytest.mark.parametrize("until", ["drafted", "sent", "received", "answered", "declined", "cancelled"])  # fmt: skip
def test_whatever_becomes_of_a_referral_the_case_goes_on(staff, until):
    case = made.case(made.concluded(factories.institution()), staff, on=TODAY)
    session.flush()
    before = case.state
    row = drafted(case, staff)
    inspector, leader = staff[Role.INSPECTOR], staff[Role.LEADER]
    if until == "cancelled":
        referrals.cancel(row, reason="由本中心处理", actor=leader, on=TODAY)
    elif until != "drafted":
        referrals.approve(row, actor=leader, on=TODAY)
    if until == "declined":
        referrals.decline(row, reason="不属职责", actor=inspector, on=TODAY)
    if until in ("received", "answered"):
        referrals.receive(row, receipt_on=TODAY, number="示卫收1号", actor=inspector, on=TODAY)
    if until == "answered":
        referrals.answer(
            row, result_on=TODAY, number="示卫罚1号", text="已处罚。", actor=inspector, on=TODAY
        )
    session.flush()
    assert (row.state, session.get_one(Violation, case.id).state) == (until, before)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"authority": "weather"}, "不在可以选择的范围"),
        ({"name": " "}, "没有填写受移送机关名称"),
        ({"facts_text": ""}, "没有填写移送的事实和理由"),
        ({"materials": []}, "须附材料清单"),
        ({"materials": [Paper("记录", 0)]}, "须附材料清单"),
        ({"institution": False, "persons": 0}, "没有写明移送的对象"),
    ],
)
def test_a_referral_nobody_could_take_up_is_refused(staff, changes, words):
    case = made.case(made.concluded(factories.institution()), staff, on=TODAY)
    with pytest.raises(Refused, match=words):
        drafted(case, staff, **changes)


def test_whoever_drafted_or_is_no_leader_does_not_send_it(case, staff):
    row = drafted(case, staff)
    for role in (Role.CLERK, Role.REVIEWER, Role.CHIEF):
        with pytest.raises(Denied):
            referrals.approve(row, actor=staff[role], on=TODAY)
    with pytest.raises(Denied):
        referrals.draft(case, given(), actor=staff[Role.LEADER], on=TODAY)


@pytest.mark.parametrize(("later", "good"), [(-1, False), (0, True), (3, True), (4, False)])
def test_a_receipt_bears_a_day_between_the_letter_and_today(case, staff, later, good):
    row = sent(case, staff)
    today = TODAY + 3 * ONE
    receive = {"number": "收1号", "actor": staff[Role.INSPECTOR], "on": today}
    if good:
        referrals.receive(row, receipt_on=TODAY + later * ONE, **receive)
        clock = session.query(StatutoryClock).filter_by(subject="referral").one()
        assert clock.finished_on == today
        return
    with pytest.raises(Refused, match="发出之后、今天之前"):
        referrals.receive(row, receipt_on=TODAY + later * ONE, **receive)


def test_a_receipt_without_number_a_refusal_without_reason_and_a_result_without_words_are_refused(
    case, staff
):
    row, inspector = sent(case, staff), staff[Role.INSPECTOR]
    with pytest.raises(Refused, match="回执编号"):
        referrals.receive(row, receipt_on=TODAY, number=" ", actor=inspector, on=TODAY)
    with pytest.raises(Refused, match="须写明理由"):
        referrals.decline(row, reason="", actor=inspector, on=TODAY)
    referrals.receive(row, receipt_on=TODAY, number="收1号", actor=inspector, on=TODAY)
    with pytest.raises(Refused, match="请写明处理结果"):
        referrals.answer(row, result_on=TODAY, number="", text="", actor=inspector, on=TODAY)


@pytest.mark.parametrize(("later", "state"), [(-1, "soon"), (0, "due"), (1, "over")])
def test_without_receipt_the_light_turns_red_the_day_after_its_limit(case, staff, later, state):
    row = sent(case, staff)
    session.flush()
    assert ask.receipt_light(row, RECEIPT + later * ONE).state == state


def test_whoever_asks_again_says_how_and_it_is_counted(case, staff):
    row, inspector = drafted(case, staff), staff[Role.INSPECTOR]
    with pytest.raises(Refused, match="不需要催办"):
        referrals.chase(row, text="电话", actor=inspector, on=TODAY)
    referrals.approve(row, actor=staff[Role.LEADER], on=TODAY)
    with pytest.raises(Refused, match="催办的方式"):
        referrals.chase(row, text=" ", actor=inspector, on=TODAY)
    for _ in range(2):
        referrals.chase(row, text="电话联系示某", actor=inspector, on=TODAY)
    assert (row.chases, row.chased_on, row.state) == (2, TODAY, "sent")


def test_who_stepped_aside_in_the_case_sees_nothing_of_its_referral(staff, monkeypatch):
    case = made.case(made.concluded(factories.institution()), staff, on=TODAY)
    session.flush()
    row = drafted(case, staff)
    leader = staff[Role.LEADER]
    monkeypatch.setattr(Violation, "recused_user_ids", {leader.id})
    assert not may(leader, Permission.APPROVE_REFERRAL, row)
    assert not may(leader, Permission.VIEW_CASES, row)


@pytest.mark.pure
def test_the_authorities_are_data_and_what_rests_on_practice_says_so():
    rows = {row.key: row.confidence for row in rule.authorities(date(2026, 6, 15))}
    assert set(rows) == {"health", "market", "police", "discipline", "court"}
    assert {rows["discipline"], rows["court"]} == {"local"}


@pytest.mark.pure
def test_the_list_of_materials_is_read_line_by_line():
    text = "现场检查记录\n\n询问笔录 3\n检查记录2026\n照片，12份\n  票据 × 2 份 \n"
    assert papers(text) == [
        Paper("现场检查记录", 1),
        Paper("询问笔录", 3),
        Paper("检查记录2026", 1),
        Paper("照片", 12),
        Paper("票据", 2),
    ]


def test_a_referral_goes_its_way_through_the_pages(app, staff, case):
    session.commit()
    desk = client_for(app, staff[Role.CLERK])
    assert f"/cases/{case.id}/referrals" in desk.get(f"/cases/{case.id}").text
    data = {
        "authority": "police", "name": "示例县公安局", "institution": "y", "persons": "1",
        "facts_text": "涉嫌骗取基金。", "materials": "检查记录 2\n票据",
    }  # fmt: skip
    assert post(desk, f"/cases/{case.id}/referrals", **data | {"name": ""}).status_code == 400
    answer = post(desk, f"/cases/{case.id}/referrals", **data)
    assert answer.status_code == 303, answer.text
    path = answer.headers["Location"]
    leader, inspector = (client_for(app, staff[role]) for role in (Role.LEADER, Role.INSPECTOR))
    assert post(leader, f"{path}/approve").status_code == 303
    assert post(inspector, f"{path}/chase", reason="电话").status_code == 303
    receipt = {"receipt_on": "2026-06-15", "number": "示公收1号"}
    assert post(inspector, f"{path}/receive", **receipt).status_code == 303
    result = {"result_on": "2026-06-15", "number": "示公立1号", "text": "已立案侦查。"}
    assert post(inspector, f"{path}/answer", **result).status_code == 303
    page = inspector.get("/referrals?authority=police&state=answered").text
    assert session.query(Referral).one().number in page
    assert "示例县公安局" in inspector.get(f"/cases/{case.id}").text
    assert inspector.get("/referrals?format=xlsx").status_code == 200
    away = client_for(app, factories.actor(Role.INSPECTOR, region="990124"))
    assert away.get(path).status_code == 404
