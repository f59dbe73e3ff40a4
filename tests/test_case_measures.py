"""Clue, findings, measures and their money: what is refused, who decides, what stops, on which day — both kinds."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from actions import (
    case_follow_ups,
    case_measures,
    clues,
    collective_decisions,
    endings,
    findings,
    remittances,
    service,
    violations,
)
from actions.endings import Ending
from database import session
from models import CaseMeasure, Hold, Remittance, Violation, WorkItem
from queries import case_closing, eligibility, ledger
from queries import case_measures as ask
from queries import violations as cases
from rules.findings import Found
from rules.ladder import CaseSource, Plan, Step
from rules.ledger import Account
from rules.permissions import Denied, Permission, Role, may
from rules.refusal import Refused
from tests import factories, factories_practitioner
from tests import factories_agreement as made
from tests.conftest import TODAY

DAY = TODAY  # Monday 15 June 2026; 19 June is a holiday
CLUE_DUE, LONGER_DUE = date(2026, 7, 7), date(2026, 7, 28)  # 15 and again 15 working days
PAID = date(2026, 5, 29)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.fixture
def clue(agreement, staff):
    return clues.note(
        agreement, source=CaseSource.INSPECTION, clue_text="反映串换。", found_on=DAY,
        actor=staff[Role.INSPECTOR], on=DAY,
    )  # fmt: skip


@pytest.fixture
def case(agreement, staff):
    """A registered case without anything about the agreement itself, a million 元 found."""
    row = violations.register(
        agreement, facts_text="查实。", found_on=DAY, actor=staff[Role.INSPECTOR], on=DAY
    )
    session.flush()
    found = Found("A38_4", amount=100_000_000, records=3)
    findings.add(row, found, actor=staff[Role.INSPECTOR], on=DAY)
    return row


def plan(case, staff, step, **given):
    return case_measures.plan(case, Plan(Step(step), **given), actor=staff[Role.INSPECTOR], on=DAY)


def recover(case, staff, amount):
    return plan(case, staff, "recover", amount=amount, paid_on=PAID)


def proposed(case, staff):
    made.heard(case, staff, on=DAY)
    violations.propose(case, opinion="建议。", actor=staff[Role.INSPECTOR], on=DAY)


def reviewed(case, staff):
    proposed(case, staff)
    violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=DAY)


def decided(case, staff, role=Role.LEADER):
    reviewed(case, staff)
    violations.approve(case, opinion="同意。", actor=staff[role], on=DAY)
    return case


def served(row, staff, on=DAY):
    service.serve(
        row.document, actor=staff[Role.INSPECTOR], on=on, method="直接送达", proof="示例回证"
    )


def entered(row, staff, amount, voucher="示凭1", on=DAY):
    return remittances.record(
        row, amount=amount, received_on=on, voucher=voucher, actor=staff[Role.FINANCE], on=on
    )


# clue


@pytest.mark.parametrize(
    ("on", "possible"), [(date(2026, 7, 6), True), (CLUE_DUE, True), (date(2026, 7, 8), False)]
)
def test_a_clue_is_checked_in_fifteen_working_days_and_extended_only_before_they_are_over(
    staff, clue, on, possible
):
    item = session.scalars(select(WorkItem).where(WorkItem.subject == "violation")).one()
    assert (item.due_on, item.desk, item.step) == (CLUE_DUE, "inspector", "核查线索")
    if not possible:
        with pytest.raises(Refused, match="期限已经届满"):
            clues.extend(clue, reason="材料未齐。", actor=staff[Role.LEADER], on=on)
        return
    longer = clues.extend(clue, reason="材料未齐。", actor=staff[Role.LEADER], on=on)
    assert (longer.due_on, item.due_on) == (LONGER_DUE, LONGER_DUE)
    with pytest.raises(Refused, match="不能再延长"):
        clues.extend(clue, reason="再延长。", actor=staff[Role.LEADER], on=on)


def test_only_the_leader_extends_and_another_person_sets_aside(staff, clue):
    for role in (Role.INSPECTOR, Role.CHIEF):
        with pytest.raises(Denied):
            clues.extend(clue, reason="未齐。", actor=staff[role], on=DAY)
    with pytest.raises(Denied):
        clues.set_aside(clue, reason="不实。", actor=staff[Role.INSPECTOR], on=DAY)
    clues.set_aside(clue, reason="不实。", actor=staff[Role.CHIEF], on=DAY)
    assert (clue.state, clue.opinion) == ("set_aside", "不实。")
    assert session.scalar(select(WorkItem).where(WorkItem.done.is_(False))) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"clue_text": " "}, "线索的内容"),
        ({"found_on": date(2026, 6, 16)}, "晚于今天"),
    ],
)
def test_a_clue_needs_its_content_and_a_day_that_was(agreement, staff, given, why):
    whole = {"source": CaseSource.LEAD, "clue_text": "反映。", "found_on": DAY} | given
    with pytest.raises(Refused, match=why):
        clues.note(agreement, **whole, actor=staff[Role.INSPECTOR], on=DAY)


def test_a_clue_taken_up_is_a_case_without_a_measure_and_cannot_be_told_yet(staff, clue):
    with pytest.raises(Refused, match="查实的事实"):
        clues.take_up(clue, facts_text=" ", actor=staff[Role.INSPECTOR], on=DAY)
    clues.take_up(clue, facts_text="查实。", actor=staff[Role.INSPECTOR], on=DAY)
    assert (clue.state, clue.measure, clue.words) == ("registered", None, "未拟定")
    with pytest.raises(Refused, match="没有拟定任何处理措施"):
        violations.give_notice(clue, actor=staff[Role.INSPECTOR], on=DAY)


# findings and plans


@pytest.mark.law("R-13", refuses=True)
def test_after_the_notice_nothing_is_added_until_everything_is_told_anew(staff, case):
    inspector = staff[Role.INSPECTOR]
    recover(case, staff, 100)
    made.heard(case, staff, on=DAY)
    found = Found("A38_3", amount=1, records=1)
    with pytest.raises(Refused, match="违规事实不能再改"):
        findings.add(case, found, actor=inspector, on=DAY)
    with pytest.raises(Refused, match="违规事实不能再改"):
        findings.remove(case.findings[0], actor=inspector, on=DAY)
    with pytest.raises(Refused, match="只能减轻"):
        recover(case, staff, 1)
    ending = Ending("terminate", made.ground(case.institution, "terminate", 4))
    with pytest.raises(Refused, match="只能减轻"):
        endings.plan(case, ending, actor=inspector, on=DAY)
    violations.revise(case, reason="新查明事实。", actor=inspector, on=DAY)
    assert (case.state, case.views_on, case.measures[0].noticed_on) == ("registered", None, None)
    findings.add(case, found, actor=inspector, on=DAY)
    recover(case, staff, 1)
    violations.give_notice(case, actor=inspector, on=DAY)
    with pytest.raises(Refused, match="没有送达凭证"):
        violations.propose(case, opinion="建议。", actor=inspector, on=DAY)


@pytest.mark.law("R-13", refuses=True)
def test_what_was_never_announced_is_never_decided(staff, case):
    row = recover(case, staff, 100)
    reviewed(case, staff)
    row.noticed_on = None
    with pytest.raises(Refused, match="没有告知过当事人"):
        violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)


def test_the_notice_names_every_measure_every_basis_and_every_finding(staff, case, kind):
    recover(case, staff, 12_345)
    plan(case, staff, "talk", subject_text="法定代表人")
    ground = made.ground(case.institution, "suspend", 1)
    endings.plan(case, Ending("suspend", ground), actor=staff[Role.INSPECTOR], on=DAY)
    letter = violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    planned = letter.facts["planned"].splitlines()
    assert [line[:3] for line in planned] == ["（1）", "（2）", "（3）"]
    assert "追回已经支付的违规费用123.45元" in planned[0]
    assert "中止医疗保障服务协议" in planned[2]
    assert (letter.facts["facts_text"], "串换药品" in letter.facts["found"]) == ("查实。", True)
    articles = {"pharmacy": ("第三十五条", "第三十九条"), "hospital": ("第三十八条", "第四十二条")}
    assert all(article in letter.facts["basis"] for article in articles[kind])
    assert "第三十八条第四项" in letter.facts["basis"]


def test_the_same_measure_is_planned_once_and_more_than_was_found_is_refused(staff, case):
    recover(case, staff, 100_000_000)
    with pytest.raises(Refused, match="已经拟定"):
        recover(case, staff, 100_000_000)
    with pytest.raises(Refused, match="超过违规事实涉及金额"):
        plan(case, staff, "deny", amount=1)
    findings.remove(case.findings[0], actor=staff[Role.INSPECTOR], on=DAY)
    with pytest.raises(Refused, match="超过违规事实涉及金额"):
        violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    case_measures.remove(case.measures[0], actor=staff[Role.INSPECTOR], on=DAY)
    assert case.measures == []


def test_nobody_of_another_institution_is_named(staff, case):
    stranger, _place = factories_practitioner.practitioner("hospital")
    with pytest.raises(Refused, match="没有在本机构登记备案过"):
        plan(
            case, staff, "suspend_staff", practitioner_id=stranger.id, from_on=DAY,
            to_on=date(2026, 9, 14),
        )  # fmt: skip
    found = Found("A38_4", practitioner_id=stranger.id)
    with pytest.raises(Refused, match="没有在本机构登记备案过"):
        findings.add(case, found, actor=staff[Role.INSPECTOR], on=DAY)


def test_money_is_claimed_under_an_agreement_that_is_over_but_it_is_not_ended_again(
    agreement, staff
):
    agreement.state, agreement.lapsed_on = "lapsed", DAY
    row = violations.register(
        agreement, facts_text="查实。", found_on=DAY, actor=staff[Role.INSPECTOR], on=DAY
    )
    session.flush()
    ground = made.ground(row.institution, "terminate", 4)
    with pytest.raises(Refused, match="已经结束"):
        endings.plan(row, Ending("terminate", ground), actor=staff[Role.INSPECTOR], on=DAY)
    found = Found("A38_4", amount=100, records=1)
    findings.add(row, found, actor=staff[Role.INSPECTOR], on=DAY)
    recover(row, staff, 100)
    assert decided(row, staff).state == "decided"


# after the views


def test_after_the_views_measures_only_get_lighter(staff, case):
    inspector = staff[Role.INSPECTOR]
    row, talk = recover(case, staff, 1000), plan(case, staff, "talk", subject_text="负责人")
    with pytest.raises(Refused, match="听取陈述申辩以后"):
        case_measures.reduce(row, amount=999, reason="采纳。", actor=inspector, on=DAY)
    made.heard(case, staff, on=DAY)
    for amount in (0, 1000, 1001):
        with pytest.raises(Refused, match="小于告知的金额"):
            case_measures.reduce(row, amount=amount, reason="采纳。", actor=inspector, on=DAY)
    case_measures.reduce(row, amount=999, reason="采纳。", actor=inspector, on=DAY)
    case_measures.strike(talk, reason="采纳。", actor=inspector, on=DAY)
    assert (row.amount, talk.state, case.words) == (999, "struck", "追回费用")
    with pytest.raises(Refused, match="最后一项措施"):
        case_measures.strike(row, reason="采纳。", actor=inspector, on=DAY)


# who decides


@pytest.mark.parametrize(
    ("amount", "desk", "chief"), [(999_999, "chief", True), (1_000_000, "leader", False)]
)
def test_small_amounts_are_decided_by_the_section_and_larger_ones_by_the_leader(
    staff, case, amount, desk, chief
):
    recover(case, staff, amount)
    reviewed(case, staff)
    item = session.scalars(select(WorkItem).where(WorkItem.done.is_(False))).one()
    assert item.desk == desk
    assert may(staff[Role.CHIEF], Permission.APPROVE_MEASURE, case) is chief
    assert may(staff[Role.LEADER], Permission.APPROVE_MEASURE, case)
    if not chief:
        with pytest.raises(Denied):
            violations.approve(case, opinion="同意。", actor=staff[Role.CHIEF], on=DAY)
        return
    violations.approve(case, opinion="同意。", actor=staff[Role.CHIEF], on=DAY)
    assert (case.state, case.approved_by_id) == ("decided", staff[Role.CHIEF].id)


@pytest.mark.parametrize(("amount", "group"), [(49_999_999, False), (50_000_000, True)])
def test_a_large_claim_is_decided_by_a_group_first(staff, case, amount, group):
    recover(case, staff, amount)
    reviewed(case, staff)
    if group:
        with pytest.raises(Refused, match="须经集体讨论通过"):
            violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
        made.collectively(case, staff, on=DAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
    assert case.state == "decided"
    assert bool(case.discussions) is group


# what stops


def test_a_hold_on_settlement_stops_its_service_days_until_it_is_ended(staff, case):
    row = plan(case, staff, "hold_payment", from_on=date(2026, 6, 17))
    decided(case, staff)
    place, inspector = case.institution, staff[Role.INSPECTOR]
    stopped = [
        not eligibility.of_service(place, None, date(2026, 6, day)).payable for day in (16, 17, 30)
    ]
    assert stopped == [False, True, True]
    served(row, staff)
    with pytest.raises(Refused, match="仍在执行"):
        case_measures.execute(row, proof="已停。", executed_on=DAY, actor=inspector, on=DAY)
    with pytest.raises(Refused, match="不能早于"):
        case_measures.end_hold(
            row, last_on=date(2026, 6, 16), reason="查清。", actor=inspector, on=DAY
        )
    last, after = date(2026, 6, 18), date(2026, 6, 22)
    case_measures.end_hold(row, last_on=last, reason="查清。", actor=inspector, on=last)
    payable = [eligibility.of_service(place, None, day).payable for day in (last, after)]
    assert payable == [False, True]
    case_measures.execute(row, proof="已停。", executed_on=after, actor=inspector, on=after)
    assert row.state == "executed"


@pytest.mark.law("R-13", passes=True)
def test_services_of_a_person_stop_here_only_and_those_of_a_department_for_it_alone(
    db, staff, kind
):
    person, place = factories_practitioner.practitioner(kind)
    other = factories.institution(kind)
    factories_practitioner.registered(person, other)
    colleague = factories_practitioner.person()
    factories_practitioner.registered(colleague, place)
    agreement = made.concluded(place)
    made.concluded(other)
    case = violations.register(
        agreement, facts_text="查实。", found_on=DAY, actor=staff[Role.INSPECTOR], on=DAY
    )
    session.flush()
    period = {"from_on": DAY, "to_on": date(2026, 9, 14)}
    plan(case, staff, "suspend_staff", practitioner_id=person.id, **period)
    plan(case, staff, "suspend_staff", subject_text="示例科", **period)
    decided(case, staff)

    def payable(spot, who, day=DAY, **more):
        return eligibility.of_service(spot, who, day, **more).payable

    assert [payable(place, person), payable(place, colleague), payable(place, None)] == [
        False,
        True,
        True,
    ]
    assert payable(other, person)
    assert not payable(place, colleague, department="示例科")
    assert payable(place, colleague, department="他科")
    assert payable(place, person, date(2026, 9, 15))


def test_a_planned_day_that_has_passed_becomes_the_day_of_the_decision(staff, case):
    row = plan(case, staff, "hold_payment", from_on=date(2026, 6, 16), to_on=date(2026, 6, 25))
    reviewed(case, staff)
    later = date(2026, 6, 18)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=later)
    hold = session.scalars(select(Hold)).one()
    assert (hold.from_on, hold.to_on) == (later, date(2026, 6, 27))  # ten days as before
    assert row.document.facts["to_on"] == "2026-06-27"


# money


def test_money_counts_when_another_person_confirmed_it(staff, case):
    row = recover(case, staff, 1000)
    decided(case, staff)
    first = entered(row, staff, 400)
    assert (row.received, row.balance, first.destination) == (0, 1000, "fund")
    with pytest.raises(Denied):
        remittances.confirm(first, actor=staff[Role.FINANCE], on=DAY)
    with pytest.raises(Refused, match=r"不超过未结金额 6\.00 元（另有 4\.00 元等待核对或者抵扣）"):
        entered(row, staff, 601, "示凭2")
    remittances.confirm(first, actor=staff[Role.REVIEWER], on=DAY)
    with pytest.raises(Refused, match="已经登记"):
        entered(row, staff, 600)
    wrong = entered(row, staff, 600, "示凭2")
    remittances.reject(wrong, reason="金额不符。", actor=staff[Role.REVIEWER], on=DAY)
    assert (row.received, row.balance, row.state) == (400, 600, "decided")
    remittances.confirm(entered(row, staff, 600, "示凭2"), actor=staff[Role.REVIEWER], on=DAY)
    assert (row.balance, row.state, row.executed_on) == (0, "executed", DAY)
    with pytest.raises(Refused, match="已经执行完毕"):
        entered(row, staff, 1, "示凭3")


@pytest.mark.law("R-45")
def test_what_arrives_is_entered_with_the_account_it_belongs_to(staff, case):
    back = recover(case, staff, 1000)
    damages = plan(case, staff, "damages", amount=300, clause="第三十二条", formula="按日")
    decided(case, staff)
    for row, amount in ((back, 1000), (damages, 300)):
        remittances.confirm(entered(row, staff, amount), actor=staff[Role.REVIEWER], on=DAY)
    found = ledger.balances(agreement_id=case.agreement_id)
    assert (found[Account.REFUNDS], found[Account.RECOVERED]) == (1000, 0)  # 基金财政专户
    assert (found[Account.LIQUIDATED_DAMAGES], found[Account.INSTITUTION]) == (300, -1300)
    assert Account.FUND not in found


def test_a_claim_is_given_up_only_by_the_leader_and_with_the_reason(staff, case):
    row = recover(case, staff, 1000)
    decided(case, staff)
    with pytest.raises(Denied):
        remittances.write_down(row, amount=1, reason="减免。", actor=staff[Role.CHIEF], on=DAY)
    leader = staff[Role.LEADER]
    for amount, reason, why in (
        (0, "减", "大于零"),
        (1001, "减", "大于零"),
        (1, " ", "写明核减的理由"),
    ):
        with pytest.raises(Refused, match=why):
            remittances.write_down(row, amount=amount, reason=reason, actor=leader, on=DAY)
    waiting = entered(row, staff, 300)
    with pytest.raises(Refused, match="等待核对"):
        remittances.write_down(row, amount=1, reason="减免。", actor=leader, on=DAY)
    remittances.confirm(waiting, actor=staff[Role.REVIEWER], on=DAY)
    remittances.write_down(row, amount=700, reason="减免。", actor=leader, on=DAY)
    assert (row.received, row.written_down, row.balance, row.state) == (300, 700, 0, "executed")


def test_the_time_for_paying_runs_from_service(staff, case):
    row = recover(case, staff, 1000)
    decided(case, staff)
    assert row.due_on is None
    served(row, staff, date(2026, 6, 16))
    assert row.due_on == date(2026, 7, 8)  # 15 working days, 19 June is a holiday
    item = session.scalars(select(WorkItem).where(WorkItem.subject == "case_measure")).one()
    assert (item.due_on, item.step) == (date(2026, 7, 8), "催收并登记到账")
    on = date(2026, 6, 17)
    remittances.confirm(entered(row, staff, 1000, on=on), actor=staff[Role.REVIEWER], on=on)
    session.refresh(item)
    assert item.done


@pytest.mark.parametrize("step", ["record", "confirm"])
def test_two_at_once_never_bring_a_balance_below_nothing(app, db, staff, case, step):
    row = recover(case, staff, 1000)
    decided(case, staff)
    waiting = (
        [entered(row, staff, 500, f"示凭{n}").id for n in range(2)] if step == "confirm" else []
    )
    session.commit()
    key, barrier, wrong = row.id, Barrier(2), []

    def act(number):
        try:
            barrier.wait(30)
            if step == "record":
                entered(session.get_one(CaseMeasure, key), staff, 600, f"示凭{number}")
            else:
                made_row = session.get_one(Remittance, waiting[number])
                remittances.confirm(made_row, actor=staff[Role.REVIEWER], on=DAY)
            session.commit()
        except Refused as refused:
            wrong.append(refused)
        finally:
            session.remove()

    threads = [Thread(target=act, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    row = session.get_one(CaseMeasure, key)
    if step == "record":
        assert (len(wrong), len(row.remittances)) == (1, 1)
    else:
        assert (wrong, row.balance, row.state) == ([], 0, "executed")


# closing, and what others do for the case


def test_a_case_closes_when_nothing_is_open_and_says_until_then_what_is(staff, case):
    inspector = staff[Role.INSPECTOR]
    row, talk = recover(case, staff, 1000), plan(case, staff, "talk", subject_text="负责人")
    decided(case, staff)
    open_points = [point.text for point in case_closing.open_points(case, DAY)]
    assert len(open_points) == 3
    with pytest.raises(Refused) as refused:
        violations.close(case, actor=inspector, on=DAY)
    assert all(text in refused.value.why for text in open_points)
    with pytest.raises(Refused, match="还没有归档"):
        case_measures.execute(talk, proof="已谈。", executed_on=DAY, actor=inspector, on=DAY)
    given = {
        "name": "样某",
        "capacity": "法定代表人",
        "planned_on": date(2026, 6, 24),
        "place": "室",
    }
    made_talk = case_follow_ups.call(talk, **given, actor=inspector, on=DAY)
    assert made_talk.source_id == case.id
    with pytest.raises(Refused, match="已经通知"):
        case_follow_ups.call(talk, **given, actor=inspector, on=DAY)
    order = case_follow_ups.order(
        case, measure="退回。", due_on=date(2026, 7, 1), actor=inspector, on=DAY
    )
    assert [item.problem[:2] for item in order.items] == ["串换"]
    assert "第三十八条第四项" in order.basis
    texts = "".join(point.text for point in case_closing.open_points(case, DAY))
    assert order.number in texts
    assert made_talk.number in texts
    assert row.state == "decided"


def test_a_measure_is_executed_after_its_letter_was_served_and_on_a_day_that_can_be(staff, case):
    row = plan(
        case, staff, "suspend_staff", subject_text="示例科", from_on=DAY, to_on=date(2026, 9, 14)
    )
    decided(case, staff)
    inspector = staff[Role.INSPECTOR]
    with pytest.raises(Refused, match="没有送达凭证"):
        case_measures.execute(row, proof="停。", executed_on=DAY, actor=inspector, on=DAY)
    served(row, staff)
    for day in (date(2026, 6, 14), date(2026, 6, 16)):
        with pytest.raises(Refused, match="执行日期应在"):
            case_measures.execute(row, proof="停。", executed_on=day, actor=inspector, on=DAY)
    with pytest.raises(Refused, match="凭证"):
        case_measures.execute(row, proof=" ", executed_on=DAY, actor=inspector, on=DAY)
    case_measures.execute(row, proof="停。", executed_on=DAY, actor=inspector, on=DAY)
    violations.close(case, actor=inspector, on=DAY)
    assert (case.state, cases.unserved(case)) == ("closed", [])


def test_money_does_not_execute_by_hand(staff, case):
    row = recover(case, staff, 1000)
    decided(case, staff)
    served(row, staff)
    with pytest.raises(Refused, match="收齐或者核减"):
        case_measures.execute(
            row, proof="已缴。", executed_on=DAY, actor=staff[Role.INSPECTOR], on=DAY
        )


def test_a_case_with_both_suspends_the_agreement_and_claims_the_money(staff, case, agreement):
    recover(case, staff, 1000)
    ground = made.ground(case.institution, "suspend", 1)
    endings.plan(case, Ending("suspend", ground), actor=staff[Role.INSPECTOR], on=DAY)
    proposed(case, staff)
    made.settled(case, staff, on=DAY)
    violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=DAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
    session.refresh(agreement)
    assert (agreement.state, case.measures[0].state) == ("suspended", "decided")
    assert {row.kind for row in cases.letters(case)} >= {"views", "recovery", "suspension"}


def test_who_stepped_aside_does_not_see_the_measures(staff, case):
    row = recover(case, staff, 50_000_000)
    reviewed(case, staff)
    members = {staff[role].id for role in (Role.CLERK, Role.CHIEF, Role.FINANCE, Role.LEADER)}
    held = collective_decisions.convene(case, members, actor=staff[Role.CHIEF], on=DAY)
    vote = next(one for one in held.votes if one.user_id == staff[Role.FINANCE].id)
    collective_decisions.recuse(vote, reason="亲属。", actor=staff[Role.FINANCE], on=DAY)
    session.flush()
    for permission in (Permission.VIEW_CASES, Permission.RECORD_REMITTANCE):
        assert not may(staff[Role.FINANCE], permission, row)
    assert may(staff[Role.CLERK], Permission.VIEW_CASES, row)


def test_the_list_says_what_is_intended(staff, case):
    plan(case, staff, "talk", subject_text="负责人")
    recover(case, staff, 100)
    assert case.words == "约谈、追回费用"
    assert ask.planned(case).count("\n") == 1
    assert session.scalars(select(Violation)).one() is case
