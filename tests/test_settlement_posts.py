"""Separated posts (ADR 0027) by account, whatever post the account holds today; and one bill however it is written."""

from dataclasses import replace
from datetime import date

import pytest

import clock
from actions import settlements, statement_appeals, statement_findings, statements
from database import session
from models import Hold, Statement
from queries import statements as ask
from rules.permissions import Actor, Denied, Role
from rules.predicates import not_auditor
from tests import factories, web
from tests import factories_agreement as made
from tests import factories_money as money
from tests.factories_money import line

LATER = date(2026, 6, 11)
AFTER = date(2026, 8, 3)
ANYBODY = Actor(1, "示经办", Role.CLERK)


@pytest.fixture
def agreement(db, kind):
    row = made.concluded(factories.institution(kind))
    session.commit()
    return row


def judged(agreement, staff, **values):
    return money.told(money.audited(money.received(agreement, staff, **values), staff), staff)


@pytest.mark.pure
def test_whoever_recorded_and_settled_before_the_posts_were_told_apart_neither_settles_nor_pays_again():
    """An upgrade names him under `record`, because the column that keeps the posts apart cannot."""
    row = Statement(took_part={"record": [7]}, former_settlers=[])
    actors = [replace(ANYBODY, id=key) for key in (7, 8)]
    assert [not_auditor(one, row) for one in actors] == [False, True]


def test_the_recorder_neither_settles_nor_approves_nor_pays(agreement, staff):
    row = judged(agreement, staff)
    recorder = money.another(Role.CLERK, staff)
    assert row.recorded_by_id == recorder.id
    with pytest.raises(Denied):
        settlements.settle(row, actor=recorder, on=LATER)
    money.settled(row, staff, on=LATER)
    with pytest.raises(Denied):
        settlements.approve(row, actor=replace(recorder, role=Role.LEADER), on=LATER)
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    with pytest.raises(Denied):
        settlements.pay(row, voucher="1", actor=replace(recorder, role=Role.FINANCE), on=LATER)
    settlements.pay(row, voucher="1", actor=staff[Role.FINANCE], on=LATER)


def test_who_found_something_and_who_drew_the_sample_take_no_part_in_paying(agreement, staff):
    row = money.received(agreement, staff)
    finder, drawer = factories.actor(Role.FIRST_AUDITOR), factories.actor(Role.SECOND_AUDITOR)
    found = statement_findings.find(
        row, 1, reason="excess_service", amount=10_00, remark="", actor=finder, on=money.CLAIMED
    )
    statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=money.CLAIMED)
    statements.sample(row, actor=drawer, on=money.CLAIMED, at=clock.now())
    second = staff[Role.SECOND_AUDITOR]
    with pytest.raises(Denied):
        statements.re_audit(
            row, opinion="一致。", actor=replace(finder, role=Role.SECOND_AUDITOR), on=money.CLAIMED
        )
    statements.re_audit(row, opinion="一致。", actor=second, on=money.CLAIMED)
    money.told(row, staff)
    asks = money.another(Role.CLERK, staff)
    statement_appeals.appeal(row, {found.id: "有医嘱。"}, text="", actor=asks, on=money.CLAIMED)
    answers = {found.id: (True, "没有凭据。")}
    with pytest.raises(Denied):
        statement_appeals.judge(row, answers, actor=replace(asks, role=Role.REVIEWER), on=LATER)
    statement_appeals.judge(row, answers, actor=staff[Role.REVIEWER], on=LATER)
    for audited in (finder, drawer, second, staff[Role.FIRST_AUDITOR], staff[Role.REVIEWER]):
        with pytest.raises(Denied):
            settlements.settle(row, actor=replace(audited, role=Role.CLERK), on=LATER)
    money.settled(row, staff, on=LATER)
    with pytest.raises(Denied):
        settlements.approve(row, actor=replace(finder, role=Role.LEADER), on=LATER)


def test_whoever_paid_once_does_not_settle_or_approve_what_is_paid_next(agreement, staff):
    session.add(
        Hold(
            institution_id=agreement.institution_id, source="case_measure", source_id=1, basis="样例",
            from_on=date(2026, 5, 20), to_on=date(2026, 7, 31),
        )
    )  # fmt: skip
    session.commit()
    lines = [line(1, 1000_00), line(2, 500_00, service_date=date(2026, 5, 25))]
    row = judged(agreement, staff, lines=lines)
    money.paid(money.settled(row, staff, on=LATER), staff, on=LATER)
    payer = staff[Role.FINANCE]
    with pytest.raises(Denied):
        settlements.release(row, actor=replace(payer, role=Role.CLERK), on=AFTER)
    assert settlements.release(row, actor=staff[Role.CLERK], on=AFTER) == 500_00
    with pytest.raises(Denied):
        settlements.approve(row, actor=replace(payer, role=Role.LEADER), on=AFTER)
    money.paid(row, staff, on=AFTER, voucher="BK-2")
    assert [one.paid_by_id for one in row.disbursements] == [payer.id, payer.id]


def test_one_bill_is_one_bill_however_its_number_is_written(agreement, staff, app):
    numbers = ["MZ1", "ＭＺ１", "mz1", "M Z1\u200b", "MZ2"]
    lines = [line(at, voucher=number) for at, number in enumerate(numbers, 1)]
    row = money.received(agreement, staff, lines=lines)
    said = [(one.line, one.reason) for one in ask.findings(row.id)]
    assert said == [(2, "duplicate_line"), (3, "duplicate_line"), (4, "duplicate_line")]
    later = money.received(
        agreement, staff, insurance="resident",
        lines=[line(1, voucher="mz2"), line(2, 90_00, voucher="mz2"), line(3, voucher="MZ3")],
    )  # fmt: skip
    assert [(one.line, one.reason) for one in ask.findings(later.id)] == [(1, "duplicate_line")]
    assert ask.other_amounts(later) == [2]
    page = web.client_for(app, staff[Role.FIRST_AUDITOR]).get(f"/settlements/{later.id}").text
    assert "第 2 行的单据号和服务日期与其他申报中的费用相同、金额不同" in page
