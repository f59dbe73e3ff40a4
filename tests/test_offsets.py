"""抵扣: overdue claims taken out of what is payable — when, out of what, by whom, and what the money says then; both kinds."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import (
    case_measures,
    findings,
    letters,
    offsets,
    remittances,
    service,
    settlements,
    violations,
)
from database import session
from documents.letters import KINDS
from models import Document
from queries import ledger, statements
from queries import offsets as ask
from rules.findings import Found
from rules.ladder import Plan, Step
from rules.ledger import Account, Kind
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, web
from tests import factories_agreement as made
from tests import factories_money as money

DECIDED = date(2026, 6, 15)
LAST = date(2026, 7, 8)  # 15 working days from service on 16 June; 19 June is a holiday
AFTER = date(2026, 7, 9)
CLAIMED, PAYABLE = 1000_00, 950_00  # 5 % are retained


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def claim(agreement, staff, step="recover", amount=400_00, **given):
    """A decided claim whose letter was served on 16 June."""
    inspector = staff[Role.INSPECTOR]
    case = violations.register(
        agreement, facts_text="查实。", found_on=DECIDED, actor=inspector, on=DECIDED
    )
    session.flush()
    findings.add(case, Found("A38_4", amount=500_00, records=3), actor=inspector, on=DECIDED)
    paid_on = date(2026, 5, 29) if step == "recover" else None
    planned = Plan(Step(step), amount=amount, paid_on=paid_on, **given)
    row = case_measures.plan(case, planned, actor=inspector, on=DECIDED)
    violations.give_notice(case, actor=inspector, on=DECIDED)
    for letter in letters.of(case, "views"):
        service.serve(letter, actor=inspector, on=DECIDED, method="直接送达", proof="示证1")
    violations.record_views(case, text="没有意见。", actor=inspector, on=DECIDED)
    violations.propose(case, opinion="按告知处理。", actor=inspector, on=DECIDED)
    violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=DECIDED)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DECIDED)
    served = date(2026, 6, 16)
    service.serve(row.document, actor=inspector, on=served, method="直接送达", proof="示证2")
    session.commit()
    return row


def settled(agreement, staff):
    row = money.received(agreement, staff, lines=[money.line(amount=CLAIMED)])
    return money.settled(money.told(money.audited(row, staff), staff), staff)


def plan(row, statement, staff, amount=300_00, on=AFTER):
    return offsets.plan(row, statement, amount=amount, actor=staff[Role.CLERK], on=on)


def test_an_overdue_claim_is_taken_out_of_the_next_transfer(staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    entered = plan(row, statement, staff)
    assert (row.received, row.balance, entered.state) == (0, 400_00, "planned")
    money.paid(statement, staff, on=AFTER)
    transfer = statement.disbursements[0]
    assert (transfer.amount, transfer.offset) == (650_00, 300_00)  # 950 payable, 300 taken out
    assert (row.received, row.balance, row.state) == (300_00, 100_00, "decided")
    found = ledger.balances(statement_id=statement.id)
    assert {one: amount for one, amount in found.items() if amount} == {
        Account.FUND: -1000_00, Account.RETAINED: 50_00, Account.PAID: 650_00, Account.REFUNDS: 300_00,
    }  # fmt: skip
    kinds = [one.kind for one in ledger.entries(statement_id=statement.id)]
    assert kinds[-3:] == [Kind.OFFSET_RECOVERY, Kind.REFUND, Kind.PAY]
    letter = session.scalars(select(Document).where(Document.kind == "disbursement_notice")).one()
    assert (letter.facts["amount"], letter.facts["offset"]) == (650_00, 300_00)
    assert KINDS["disbursement_notice"].title in letter.title


def test_damages_go_to_their_own_account(staff, agreement):
    row = claim(agreement, staff, "damages", 100_00, clause="第三十二条", formula="按日")
    statement = settled(agreement, staff)
    plan(row, statement, staff, 100_00)
    money.paid(statement, staff, on=AFTER)
    assert ledger.balances(statement_id=statement.id)[Account.LIQUIDATED_DAMAGES] == 100_00
    assert (row.balance, row.state, row.executed_on) == (0, "executed", AFTER)


def test_nothing_may_be_left_to_transfer(staff, agreement):
    row, statement = claim(agreement, staff, amount=500_00), settled(agreement, staff)
    other = claim(agreement, staff, amount=450_00)
    plan(row, statement, staff, 500_00)
    plan(other, statement, staff, 450_00)
    with pytest.raises(Refused, match=r"还可以抵扣 0\.00 元"):
        plan(claim(agreement, staff), statement, staff, 1)
    money.paid(statement, staff, on=AFTER)
    transfer = statement.disbursements[0]
    assert (transfer.amount, transfer.offset) == (0, PAYABLE)
    assert not statements.unpaid(statement.id)
    assert {row.state, other.state} == {"executed"}


def test_only_what_is_overdue_is_taken_out(staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    with pytest.raises(Refused, match="缴款期限至 2026-07-08 为止"):
        plan(row, statement, staff, on=LAST)
    plan(row, statement, staff, on=AFTER)
    row.due_on = None
    with pytest.raises(Refused, match="没有送达"):
        plan(row, statement, staff)
    with pytest.raises(Denied):
        offsets.plan(row, statement, amount=1, actor=staff[Role.FIRST_AUDITOR], on=AFTER)


def test_only_what_is_payable_to_the_same_institution_is_touched(staff, agreement, kind):
    row = claim(agreement, staff)
    received = money.received(agreement, staff, lines=[money.line(amount=CLAIMED)])
    stranger = settled(made.concluded(factories.institution(kind)), staff)
    for statement in (received, stranger):
        with pytest.raises(Refused, match="只能从本机构已经结算、尚未拨付的费用中抵扣"):
            plan(row, statement, staff)
    statement = money.settled(money.told(money.audited(received, staff), staff), staff)
    with pytest.raises(Refused, match=r"不超过未结金额 400\.00 元"):
        plan(row, statement, staff, 400_01)
    plan(row, statement, staff)
    with pytest.raises(Refused, match="已经登记抵扣"):
        plan(row, statement, staff, 1)
    entered = {"received_on": AFTER, "voucher": "示凭1", "actor": staff[Role.CLERK], "on": AFTER}
    with pytest.raises(Refused, match=r"另有 300\.00 元等待核对或者抵扣"):
        remittances.record(row, amount=100_01, **entered)
    money.paid(statement, staff, on=AFTER)
    with pytest.raises(Refused, match="尚未拨付"):
        plan(row, statement, staff, 1)


def test_a_statement_sent_back_keeps_what_waits_for_its_transfer(staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    plan(row, statement, staff)
    settlements.send_back(statement, reason="重新核对。", actor=staff[Role.LEADER], on=AFTER)
    assert row.received == 0
    money.settled(statement, staff, on=AFTER)
    money.paid(statement, staff, on=AFTER)
    assert statement.disbursements[0].amount == PAYABLE - 300_00
    assert row.received == 300_00


def test_whoever_entered_it_does_not_transfer_and_another_gives_it_up(staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    finance, reviewer = staff[Role.FINANCE], staff[Role.REVIEWER]
    entered = offsets.plan(row, statement, amount=300_00, actor=finance, on=AFTER)
    settlements.approve(statement, actor=staff[Role.LEADER], on=AFTER)
    session.commit()
    with pytest.raises(Refused, match="登记抵扣的人员不能自己拨付"):
        settlements.pay(statement, voucher="BK-1", actor=finance, on=AFTER)
    session.rollback()
    with pytest.raises(Refused, match="写明撤销抵扣的理由"):
        offsets.drop(entered, reason=" ", actor=reviewer, on=AFTER)
    offsets.drop(entered, reason="改为缴款。", actor=reviewer, on=AFTER)
    settlements.pay(statement, voucher="BK-1", actor=finance, on=AFTER)
    assert (statement.disbursements[0].amount, row.balance) == (PAYABLE, 400_00)


def test_what_was_paid_meanwhile_is_not_taken_out_again(staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    plan(row, statement, staff)
    row.remittances[0].amount = 400_01  # more than is open
    settlements.approve(statement, actor=staff[Role.LEADER], on=AFTER)
    with pytest.raises(Refused, match=r"未结金额只有 400\.00 元"):
        settlements.pay(statement, voucher="BK-1", actor=staff[Role.FINANCE], on=AFTER)


def test_it_is_entered_and_seen_on_the_pages(app, staff, agreement):
    row, statement = claim(agreement, staff), settled(agreement, staff)
    settlements.approve(statement, actor=staff[Role.LEADER], on=money.CLAIMED)
    session.commit()
    page = f"/case-measures/{row.id}"
    with clock.at(LAST):
        clerk = web.client_for(app, staff[Role.CLERK])
        assert "登记抵扣" not in clerk.get(page).text
    with clock.at(AFTER):
        clerk = web.client_for(app, staff[Role.CLERK])
        assert f"{statement.number}，可抵扣 950.00 元" in clerk.get(page).text
        given = {"statement": str(statement.id), "amount": "300.00"}
        assert web.post(clerk, f"{page}/offsets", **given).status_code == 303
        assert len(ask.planned(statement.id)) == 1
        finance, there = (
            web.client_for(app, staff[Role.FINANCE]),
            f"/settlements/{statement.id}",
        )
        assert "实际拨付 <strong>650.00</strong> 元" in finance.get(there).text
        assert web.post(finance, f"{there}/payment", voucher="BK-9").status_code == 303
        assert "抵扣逾期未缴的款项 300.00 元" in finance.get(there).text
        listed = finance.get("/settlements/payments?format=csv").get_data(as_text=True)
        assert "300.00" in listed
