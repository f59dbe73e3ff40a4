"""A statement from the claim to the transfer: who may, what is refused, where every 分 is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import clock
from actions import (
    collective_decisions,
    draws,
    ledger,
    letters,
    settlements,
    statement_appeals,
    statement_findings,
    statements,
)
from database import session
from models import Hold, LedgerEntry, StatutoryClock
from queries import ledger as balances
from queries import statements as ask
from rules import drawing
from rules import ledger as rule
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind
from rules.lifecycle import StatementState as S
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.statements import Fate
from tests import factories
from tests import factories_agreement as made
from tests import factories_money as money
from tests import factories_practitioner as people
from tests.factories_money import CLAIMED, line

LATER = date(2026, 6, 11)  # five working days after 3 June are over on 10 June
TEN, TWENTY = date(2026, 5, 10), date(2026, 5, 20)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def sums(row):
    return {
        account: amount
        for account, amount in balances.balances(statement_id=row.id).items()
        if amount
    }


def closes(row, on=LATER):
    return rule.closes(balances.entries(statement_id=row.id), on, ask.expected(row)) == ()


def stop(agreement, from_on, to_on=None, **values):
    """A hold on settlement as a measure would place it."""
    given = {
        "institution_id": agreement.institution_id,
        "source": "case_measure",
        "source_id": 1,
    } | values
    row = Hold(from_on=from_on, to_on=to_on, basis="示例依据", **given)
    session.add(row)
    session.commit()
    return row


def ready(agreement, staff, lines):
    """Audited, nothing denied by anybody, told: waits to be settled."""
    row = money.told(money.audited(money.received(agreement, staff, lines=lines), staff), staff)
    if row.state == S.NOTIFIED:
        statement_appeals.accept(row, actor=staff[Role.CLERK], on=LATER)
    return row


@pytest.mark.law("P3-29", "F-02")
def test_a_month_goes_from_the_claim_to_the_transfer(agreement, staff):
    row = money.received(agreement, staff, lines=[line(1, 1000_00), line(2, 234_56)])
    money.deny(row, staff, 2, 34_56)
    money.told(money.audited(row, staff), staff)
    statement_appeals.accept(row, actor=staff[Role.CLERK], on=LATER)
    money.paid(money.settled(row, staff, on=LATER), staff, on=LATER)
    # 1,234.56 claimed, 34.56 denied, 1,200.00 payable of which 5 % = 60.00 are retained
    assert sums(row) == {
        Account.FUND: -1234_56,
        Account.DENIED: 34_56,
        Account.RETAINED: 60_00,
        Account.PAID: 1140_00,
    }
    assert closes(row)
    assert [one.amount for one in row.disbursements] == [1140_00]
    assert {one.disbursement_id for one in row.claims} == {row.disbursements[0].id}
    kinds = {letter.kind for letter in letters.of(row)}
    assert kinds == {"denial_detail", "settlement_sheet", "disbursement_notice"}
    clocks = session.query(StatutoryClock).filter_by(subject="statement", subject_id=row.id).all()
    assert {one.rule: one.finished_on for one in clocks} == {
        "pay.deadline": LATER,
        "audit.appeal": LATER,
    }
    # thirty working days after 3 June 2026 (19–21 June are off): 16 July
    assert next(one.due_on for one in clocks if one.rule == "pay.deadline") == date(2026, 7, 16)


@pytest.mark.law("F-02")
@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
@pytest.mark.pure
def test_a_twentieth_of_the_inpatients_is_drawn_rounded_up(count, drawn):
    from rules import statements as plain

    assert plain.wanted({"inpatient": count, "other": 0}, CLAIMED) == {
        "inpatient": drawn,
        "other": 0,
    }


def test_the_sample_is_drawn_again_from_its_seed_by_anybody(agreement, staff):
    stay = {"inpatient": True, "admission_date": date(2026, 5, 2)}
    lines = [line(number, **(stay if number <= 21 else {})) for number in range(1, 31)]
    row = money.audited(money.received(agreement, staff, lines=lines), staff)
    (kept,) = ask.draws(row)
    assert kept.wanted == {"inpatient": 2, "other": 1}
    again = drawing.draw([drawing.Entry(*one) for one in kept.pool], kept.wanted, kept.seed)
    assert [int(key) for key in again.drawn] == ask.sampled(row)
    assert draws.holds(kept)
    assert sum(number <= 21 for number in ask.sampled(row)) == 2


def test_a_second_draw_needs_a_reason_and_leaves_the_first_in_sight(agreement, staff):
    row = money.received(agreement, staff)
    statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=CLAIMED)
    second = staff[Role.SECOND_AUDITOR]
    statements.sample(row, actor=second, on=CLAIMED, at=clock.now())
    with pytest.raises(Refused, match="理由"):
        statements.sample(row, actor=second, on=CLAIMED, at=clock.now())
    statements.sample(
        row, actor=second, on=CLAIMED, at=clock.now(), reason="原样本中的病历无法调取。"
    )
    assert [one.turn for one in ask.draws(row)] == [1, 2]


# --- who may


@pytest.mark.law("F-03", "P3-28")
def test_no_person_holds_two_posts_on_one_statement_whatever_the_role(agreement, staff):
    row = money.received(agreement, staff)
    hands = {"recorder": money.another(Role.CLERK, staff), "first": staff[Role.FIRST_AUDITOR]}
    with pytest.raises(Denied):
        statements.first_audit(
            row, actor=replace(hands["recorder"], role=Role.FIRST_AUDITOR), on=CLAIMED
        )
    statements.first_audit(row, actor=hands["first"], on=CLAIMED)
    with pytest.raises(Denied):
        statements.sample(
            row, actor=replace(hands["first"], role=Role.SECOND_AUDITOR), on=CLAIMED, at=clock.now()
        )
    second = staff[Role.SECOND_AUDITOR]
    statements.sample(row, actor=second, on=CLAIMED, at=clock.now())
    statements.re_audit(row, opinion="一致。", actor=second, on=CLAIMED)
    statements.tell(row, actor=second, on=CLAIMED)
    for auditor in (hands["first"], second):
        with pytest.raises(Denied):
            settlements.settle(row, actor=replace(auditor, role=Role.CLERK), on=CLAIMED)
    settlements.settle(row, actor=staff[Role.CLERK], on=CLAIMED)
    for before in (hands["first"], second, staff[Role.CLERK]):
        with pytest.raises(Denied):
            settlements.approve(row, actor=replace(before, role=Role.LEADER), on=CLAIMED)
    settlements.approve(row, actor=staff[Role.LEADER], on=CLAIMED)
    for before in (hands["first"], second, staff[Role.CLERK], staff[Role.LEADER]):
        with pytest.raises(Denied):
            settlements.pay(
                row, voucher="BK-1", actor=replace(before, role=Role.FINANCE), on=CLAIMED
            )
    settlements.pay(row, voucher="BK-1", actor=staff[Role.FINANCE], on=CLAIMED)


def test_sending_it_back_makes_nobody_free_again(agreement, staff):
    row = money.settled(ready(agreement, staff, [line()]), staff, on=LATER)
    settlements.send_back(row, reason="核对开户行。", actor=staff[Role.LEADER], on=LATER)
    other = factories.actor(Role.CLERK)
    settlements.settle(row, actor=other, on=LATER)
    with pytest.raises(Denied):
        settlements.approve(row, actor=replace(staff[Role.CLERK], role=Role.LEADER), on=LATER)
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    with pytest.raises(Denied):
        settlements.pay(
            row, voucher="1", actor=replace(staff[Role.CLERK], role=Role.FINANCE), on=LATER
        )


# --- what comes in


@pytest.mark.parametrize("off", [-1, 1])
def test_a_head_that_differs_from_its_lines_by_one_fen_is_refused(agreement, staff, off):
    given = money.declared([line(1, 100_00), line(2, 50_00)], total=150_00 + off)
    with pytest.raises(Refused, match=r"相差 0\.01 元"):
        statements.receive(agreement, given, actor=staff[Role.CLERK], on=CLAIMED)


def test_a_head_that_counts_other_lines_is_refused(agreement, staff):
    given = money.declared([line()], line_count=2)
    with pytest.raises(Refused, match="申报 2 笔，明细 1 笔"):
        statements.receive(agreement, given, actor=staff[Role.CLERK], on=CLAIMED)


def test_a_month_is_claimed_once_and_again_when_the_first_was_returned(agreement, staff):
    row = money.received(agreement, staff)
    with pytest.raises(Refused, match=row.number):
        money.received(agreement, staff)
    money.received(agreement, staff, insurance=InsuranceKind.RESIDENT)
    statements.send_back(
        row, reason="汇总表没有盖章。", actor=staff[Role.FIRST_AUDITOR], on=CLAIMED
    )
    assert sums(row) == {}
    assert closes(row)
    assert money.received(agreement, staff).state == S.RECEIVED


def test_the_institution_takes_a_claim_back_before_the_audit_and_not_after(agreement, staff):
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    row = money.received(agreement, staff)
    statements.first_audit(row, actor=staff[Role.FIRST_AUDITOR], on=CLAIMED)
    with pytest.raises(Refused):
        statements.withdraw(row, actor=user, on=CLAIMED)
    other = money.received(agreement, staff, insurance=InsuranceKind.RESIDENT)
    statements.withdraw(other, actor=user, on=CLAIMED)
    assert (other.state, sums(other)) == (S.WITHDRAWN, {})


def test_a_service_of_another_month_is_found_to_the_day(agreement, staff):
    days = [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1)]
    lines = [line(number, service_date=day) for number, day in enumerate(days, 1)]
    row = money.received(agreement, staff, lines=lines)
    assert [(one.claim.line, one.reason) for one in ask.findings(row.id)] == [
        (1, "outside_month"),
        (4, "outside_month"),
    ]


def test_a_service_claimed_before_is_found_and_one_of_a_returned_statement_is_not(agreement, staff):
    again = line(1, 80_00)
    gone = money.received(agreement, staff, lines=[again])
    statements.send_back(gone, reason="重报。", actor=staff[Role.FIRST_AUDITOR], on=CLAIMED)
    first = money.received(agreement, staff, lines=[again, replace(again, line=2)])
    second = money.received(
        agreement, staff, lines=[again, line(2)], insurance=InsuranceKind.RESIDENT
    )
    found = [[one.claim.line for one in ask.findings(row.id)] for row in (first, second)]
    assert found == [[2], [1]]
    assert {one.reason for one in ask.findings(second.id)} == {"duplicate_line"}


# --- findings and appeals


def test_no_more_is_denied_than_the_line_holds(agreement, staff):
    row = money.received(agreement, staff, lines=[line(1, 100_00)])
    money.deny(row, staff, 1, 60_00)
    with pytest.raises(Refused, match=r"40\.00 元"):
        money.deny(row, staff, 1, 40_01)
    money.deny(row, staff, 1, 40_00)
    with pytest.raises(Refused, match=r"0\.00 元"):
        money.deny(row, staff, 1, 1)


def test_a_denial_given_up_takes_off_nothing_and_stays_in_sight(agreement, staff):
    row = money.received(agreement, staff, lines=[line(1, 100_00)])
    made_up = money.deny(row, staff, 1, 60_00)
    statement_findings.strike(
        made_up, reason="处方补正后相符。", actor=staff[Role.FIRST_AUDITOR], on=CLAIMED
    )
    assert ask.standing_findings(row.id) == {}
    assert [one.struck_reason for one in ask.findings(row.id)] == ["处方补正后相符。"]


@pytest.mark.parametrize(("day", "allowed"), [(10, True), (11, False)])
def test_one_may_object_until_the_fifth_working_day_after_the_service(
    agreement, staff, day, allowed
):
    row = money.received(agreement, staff)
    found = money.deny(row, staff, 1, 10_00)
    money.told(money.audited(row, staff), staff)
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    given, on = {found.id: "理由。"}, date(2026, 6, day)
    if allowed:
        statement_appeals.appeal(row, given, text="", actor=user, on=on)
        assert row.state == S.APPEALED
        return
    with pytest.raises(Refused, match="2026-06-10"):
        statement_appeals.appeal(row, given, text="", actor=user, on=on)


@pytest.mark.parametrize(("day", "over"), [(10, False), (11, True)])
def test_the_clerk_waits_until_the_time_for_objecting_is_over(agreement, staff, day, over):
    row = money.received(agreement, staff)
    money.deny(row, staff, 1, 10_00)
    money.told(money.audited(row, staff), staff)
    if over:
        statement_appeals.accept(row, actor=staff[Role.CLERK], on=date(2026, 6, day))
        assert row.state == S.JUDGED
        return
    with pytest.raises(Refused, match="2026-06-10"):
        statement_appeals.accept(row, actor=staff[Role.CLERK], on=date(2026, 6, day))


def test_the_institution_may_accept_at_once(agreement, staff):
    row = money.received(agreement, staff)
    money.deny(row, staff, 1, 10_00)
    money.told(money.audited(row, staff), staff)
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    statement_appeals.accept(row, actor=user, on=CLAIMED)
    assert row.state == S.JUDGED


def test_an_appeal_is_judged_by_somebody_who_found_nothing_and_what_it_strikes_is_paid(
    agreement, staff
):
    row = money.received(agreement, staff, lines=[line(1, 100_00), line(2, 100_00)])
    one, two = money.deny(row, staff, 1, 30_00), money.deny(row, staff, 2, 20_00)
    money.told(money.audited(row, staff), staff)
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    statement_appeals.appeal(
        row, {one.id: "病历有记载。", two.id: "价格有批文。"}, text="", actor=user, on=CLAIMED
    )
    answers = {one.id: (False, "理由成立。"), two.id: (True, "没有凭据。")}
    for auditor in (staff[Role.FIRST_AUDITOR], staff[Role.SECOND_AUDITOR]):
        with pytest.raises(Denied):
            statement_appeals.judge(
                row, answers, actor=replace(auditor, role=Role.REVIEWER), on=LATER
            )
    with pytest.raises(Refused, match="第 2 行"):
        statement_appeals.judge(
            row, {one.id: (False, "理由成立。")}, actor=staff[Role.REVIEWER], on=LATER
        )
    statement_appeals.judge(row, answers, actor=staff[Role.REVIEWER], on=LATER)
    money.settled(row, staff, on=LATER)
    # 200.00 claimed, 20.00 denied after all, 180.00 payable of which 9.00 are retained
    assert sums(row) == {
        Account.FUND: -200_00, Account.DENIED: 20_00, Account.RETAINED: 9_00, Account.PAYABLE: 171_00,
    }  # fmt: skip


# --- holds


@pytest.mark.law("P3-39a")
def test_days_inside_a_hold_are_kept_back_and_released_when_it_ends(agreement, staff):
    stopped = stop(agreement, TEN)
    days = [TEN - timedelta(1), TEN, TWENTY, TWENTY + timedelta(1)]
    row = ready(
        agreement, staff, [line(n, 100_00, service_date=day) for n, day in enumerate(days, 1)]
    )
    money.settled(row, staff, on=LATER)
    assert [one.fate for one in row.claims] == [Fate.PAY, Fate.HOLD, Fate.HOLD, Fate.HOLD]
    assert settlements.release(row, actor=staff[Role.CLERK], on=LATER) == 0
    money.paid(row, staff, on=LATER)
    assert sums(row)[Account.HELD] == 300_00
    stopped.to_on = TWENTY
    session.commit()
    assert settlements.release(row, actor=staff[Role.CLERK], on=LATER) == 300_00
    assert (row.state, closes(row)) == (S.SETTLED, True)
    money.paid(row, staff, on=LATER, voucher="BK-2")
    # 400.00 payable in two parts: 95.00 and 285.00 paid, 5.00 and 15.00 retained
    assert [one.amount for one in row.disbursements] == [95_00, 285_00]
    assert (sums(row)[Account.RETAINED], closes(row)) == (20_00, True)


@pytest.mark.law("P3-39a")
def test_days_of_a_suspension_are_denied_at_once_with_the_article(agreement, staff):
    stop(agreement, TEN, source="suspension")
    lines = [line(1, service_date=TEN - timedelta(1)), line(2, service_date=TEN)]
    row = money.received(agreement, staff, lines=lines)
    (found,) = ask.findings(row.id)
    assert (found.claim.line, found.amount, found.reason) == (2, 100_00, "stopped")
    assert (found.reason_text, found.basis) == ("协议中止期间发生的费用", "示例依据")


def test_a_physician_without_qualification_is_paid_in_an_emergency_alone(db, staff):
    person, place = people.practitioner("hospital")
    agreement = made.concluded(place)
    stop(
        agreement, TEN, institution_id=None, practitioner_id=person.id, source="qualification_measure",
        emergency_exempt=True,
    )  # fmt: skip
    own = {"practitioner_code": person.code, "service_date": TEN}
    lines = [line(1, **own), line(2, emergency=True, **own), line(3, service_date=TEN)]
    row = money.received(agreement, staff, lines=lines)
    assert [one.claim.line for one in ask.findings(row.id)] == [1]


def test_an_inpatient_admitted_before_the_measure_is_paid_and_one_admitted_that_day_is_not(
    db, staff
):
    agreement = made.concluded(factories.institution("hospital"))
    stop(agreement, TEN, source="suspension")
    stay = {"inpatient": True, "service_date": TWENTY}
    lines = [
        line(1, admission_date=TEN - timedelta(1), **stay),
        line(2, admission_date=TEN, **stay),
    ]
    row = money.received(agreement, staff, lines=lines)
    assert [one.claim.line for one in ask.findings(row.id)] == [2]


def test_what_was_approved_before_a_measure_is_not_paid_after_it(agreement, staff):
    row = money.settled(
        ready(agreement, staff, [line(1), line(2, service_date=TWENTY)]), staff, on=LATER
    )
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    stop(agreement, TWENTY)
    with pytest.raises(Refused, match="有 1 行费用"):
        settlements.pay(row, voucher="BK-1", actor=staff[Role.FINANCE], on=LATER)
    session.rollback()
    settlements.send_back(row, reason="第 2 行停止支付。", actor=staff[Role.FINANCE], on=LATER)
    assert sums(row) == {Account.FUND: -200_00, Account.CLAIMED: 200_00}
    money.paid(money.settled(row, staff, on=LATER), staff, on=LATER)
    assert (sums(row)[Account.PAID], sums(row)[Account.HELD], closes(row)) == (95_00, 100_00, True)


def test_released_and_stopped_again_goes_back_into_the_hold(agreement, staff):
    stopped = stop(agreement, TEN)
    row = ready(
        agreement, staff, [line(1, service_date=date(2026, 5, 1)), line(2, service_date=TWENTY)]
    )
    money.paid(money.settled(row, staff, on=LATER), staff, on=LATER)
    stopped.to_on = TWENTY
    session.commit()
    settlements.release(row, actor=staff[Role.CLERK], on=LATER)
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    stopped.to_on = None
    session.commit()
    with pytest.raises(Refused, match="停止支付"):
        settlements.pay(row, voucher="BK-2", actor=staff[Role.FINANCE], on=LATER)
    session.rollback()
    settlements.send_back(row, reason="重新停止支付。", actor=staff[Role.LEADER], on=LATER)
    assert (row.state, [one.fate for one in row.claims]) == (S.PAID, [Fate.PAY, Fate.HOLD])
    assert (sums(row)[Account.HELD], closes(row)) == (100_00, True)


# --- payment


@pytest.mark.law("P3-28")
@pytest.mark.parametrize(("amount", "group"), [(526_315_78, False), (526_315_79, True)])
def test_half_a_million_is_paid_only_after_a_group_decided(agreement, staff, amount, group):
    # 95 % of 526,315.79 are 500,000.00 (26,315.79 retained), of 526,315.78 they are 499,999.99
    row = money.settled(ready(agreement, staff, [line(1, amount)]), staff, on=LATER)
    assert settlements.payable(row) == (500_000_00 if group else 499_999_99)
    if group:
        with pytest.raises(Refused, match="集体讨论"):
            settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
        members = [staff[role].id for role in (Role.LEADER, Role.CHIEF, Role.REVIEWER)]
        meeting = collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=LATER)
        for vote in meeting.votes:
            actor = next(one for one in staff.values() if one.id == vote.user_id)
            collective_decisions.cast(vote, ballot="for", remark="", actor=actor, on=LATER)
        collective_decisions.conclude(
            meeting, minutes="同意拨付。", actor=staff[Role.CHIEF], on=LATER
        )
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    assert row.state == S.APPROVED


def test_whoever_settled_sits_in_no_group_about_the_payment(agreement, staff):
    row = money.settled(ready(agreement, staff, [line(1, 600_000_00)]), staff, on=LATER)
    members = [staff[role].id for role in (Role.LEADER, Role.CHIEF, Role.CLERK)]
    with pytest.raises(Refused, match="不参加表决"):
        collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=LATER)


def test_a_transfer_has_a_voucher(agreement, staff):
    row = money.settled(ready(agreement, staff, [line()]), staff, on=LATER)
    settlements.approve(row, actor=staff[Role.LEADER], on=LATER)
    with pytest.raises(Refused, match="凭证"):
        settlements.pay(row, voucher=" ", actor=staff[Role.FINANCE], on=LATER)


# --- the ledger in the database


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entry SET amount = amount + 1", "DELETE FROM ledger_entry"]
)
def test_nobody_changes_what_was_entered(agreement, staff, statement):
    money.received(agreement, staff)
    with pytest.raises(DatabaseError):
        session.execute(text(statement))
    session.rollback()


def test_an_entry_is_reversed_once(agreement, staff):
    row = money.received(agreement, staff)
    (entry,) = balances.rows(statement_id=row.id)
    made_up = ledger.reverse(entry, cause=row, actor=staff[Role.CLERK], on=CLAIMED)
    for again in (entry, made_up):
        with pytest.raises(Refused, match="冲销"):
            ledger.reverse(again, cause=row, actor=staff[Role.CLERK], on=CLAIMED)


def test_more_than_is_payable_cannot_be_entered_as_paid(agreement, staff):
    row = money.settled(ready(agreement, staff, [line(1, 100_00)]), staff, on=LATER)
    with pytest.raises(Refused, match=r"还差 0\.01 元"):
        ledger.post(
            [rule.Transfer(Kind.PAY, 95_01)], institution=row.institution, agreement=row.agreement, statement=row,
            cause=row, actor=staff[Role.FINANCE], on=LATER,
        )  # fmt: skip
    session.rollback()
    assert session.query(LedgerEntry).filter_by(kind=Kind.PAY).count() == 0
