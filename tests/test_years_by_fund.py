"""A year is settled fund by fund: no fund pays for another, the funds together are the ledger, and above a sum a group decides."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from actions import annual_budgets, collective_decisions, ledger, settlements
from actions import annual_settlements as act
from actions import retention_releases as releases
from models import AnnualSettlement, CollectiveDecision
from queries import annual_ledger
from queries import annual_settlements as ask
from queries.collective_decisions import candidates
from queries.ledger import balances, entries
from rules import annual_settlement as rule
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind, Transfer, closes
from rules.lifecycle import CollectiveState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_agreement
from tests import factories_money as money
from tests import factories_year as made
from tests.factories_year import ITEMS, ON, POINTS, YEAR
from tests.web import client_for, post

EMPLOYEE, RESIDENT = InsuranceKind
LARGE = 500_000_00


@pytest.fixture
def staff(db):
    return factories.staff()


@pytest.fixture
def agreement(staff, kind):
    """1 000.00 of one fund, 400.00 of the other; a tenth denied, a twentieth of the rest retained."""
    place = made.booked(made.agreement(kind), staff)
    return made.booked(
        place, staff, claimed=400_00, denied=40_00, retained=18_00, insurance=RESIDENT
    )


def test_each_fund_is_settled_from_its_own_entries_and_together_they_are_the_ledger(
    agreement, staff
):
    rows = [made.drafted(agreement, staff, insurance=one) for one in InsuranceKind]
    for row in rows:
        made.confirmed(row, staff)
    amounts = [{line["key"]: line["amount"] for line in row.lines} for row in rows]
    assert [one["claimed"] for one in amounts] == [1000_00, 400_00]
    assert [one["denied"] for one in amounts] == [100_00, 40_00]
    assert [one["retained"] for one in amounts] == [45_00, 18_00]
    whole = balances(agreement_id=agreement.id, year=YEAR)
    for key in ("denied", "retained", "paid"):
        assert sum(one[key] for one in amounts) == whole[Account(key)]
    assert sum(one["claimed"] for one in amounts) == -whole[Account.FUND]


def test_random_years_of_two_funds_add_up_and_close(db, staff):
    """Whatever each fund booked: every account of the agreement is the sum of its funds, before and after."""
    draw = random.Random(6)
    for _ in range(6):
        place = made.agreement(draw.choice(["hospital", "pharmacy"]))
        for one in InsuranceKind:
            good = draw.randrange(100, 900_00)
            made.booked(
                place, staff, claimed=good + 7, denied=7, retained=good // 20, insurance=one,
                paid=draw.choice([0, None]),
            )  # fmt: skip
        for one in InsuranceKind:
            cap = draw.choice([None, draw.randrange(0, 900_00)])
            row = made.drafted(place, staff, replace(ITEMS, cap=cap), insurance=one)
            made.confirmed(row, staff)
            act.decide(row, actor=staff[Role.LEADER], on=ON)
            assert annual_ledger.balance(Account.PAYABLE, place.id, YEAR, one) == max(row.due, 0)
        whole = balances(agreement_id=place.id)
        parts = [balances(agreement_id=place.id, insurance=one) for one in InsuranceKind]
        assert {key: sum(one.get(key, 0) for one in parts) for key in whole} == whole
        assert closes(entries(agreement_id=place.id), ON) == ()


def test_what_one_fund_owes_is_not_taken_from_what_the_other_has_to_pay(agreement, staff):
    """The employees' fund gets 100.00 back; the residents' has 100.00 to pay, and pays them."""
    row = made.drafted(agreement, staff, replace(ITEMS, cap=800_00))
    made.booked(agreement, staff, claimed=100_00, denied=0, retained=0, paid=0, insurance=RESIDENT)
    other = made.drafted(agreement, staff, insurance=RESIDENT)
    for one in (row, other):
        made.confirmed(one, staff)
        act.decide(one, actor=staff[Role.LEADER], on=ON)
    assert [(one.state, one.due) for one in (row, other)] == [
        ("carried", -100_00),
        ("decided", 100_00),
    ]
    act.pay(other, voucher="QS", actor=staff[Role.FINANCE], on=ON)
    made.booked(
        agreement,
        staff,
        claimed=300_00,
        denied=0,
        retained=0,
        paid=0,
        year=2026,
        insurance=RESIDENT,
    )
    made.booked(agreement, staff, claimed=300_00, denied=0, retained=0, paid=0, year=2026)
    later = date(2027, 2, 1)
    following = [
        made.drafted(agreement, staff, year=2026, on=later, insurance=one) for one in InsuranceKind
    ]
    for one in following:
        act.send(one, actor=staff[Role.FINANCE], on=later)
    assert [one.due for one in following] == [200_00, 300_00]  # what is owed follows its fund


def test_money_of_an_agreement_is_of_a_fund_and_no_fund_gives_what_the_other_holds(
    agreement, staff
):
    given = {
        "institution": agreement.institution, "agreement": agreement, "cause": agreement, "year": YEAR,
        "actor": staff[Role.FINANCE], "on": ON,
    }  # fmt: skip
    with pytest.raises(ValueError, match="one fund"):
        ledger.post([Transfer(Kind.CLAIM, 1)], **given)
    with pytest.raises(Refused, match=r"质量保证金”账户余额不足，还差 0\.01 元"):
        ledger.post([Transfer(Kind.FORFEIT, 18_01)], insurance=RESIDENT, **given)
    ledger.post([Transfer(Kind.RECOVER, 5), Transfer(Kind.REFUND, 5)], **given)


def test_retained_money_is_given_back_and_kept_fund_by_fund(agreement, staff):
    row = made.proposed(
        agreement, staff, "76.5"
    )  # 89.5 % of 63.00 is 56.385: 56.39 back, 6.61 kept
    releases.decide(row, actor=staff[Role.LEADER], on=ON)
    releases.pay(row, voucher="BZ", actor=staff[Role.FINANCE], on=ON)
    funds = [balances(agreement_id=agreement.id, insurance=one) for one in InsuranceKind]
    assert [one[Account.RETAINED] for one in funds] == [0, 0]
    # 661 分 by 45 : 18 is 472.14 and 188.86: 472 and 189
    assert [-one[Account.FUND] for one in funds] == [1000_00 - 4_72, 400_00 - 1_89]
    assert (row.released, row.kept) == (56_39, 6_61)


def test_a_fund_is_settled_once_and_waits_only_for_its_own_claims(db, staff, kind):
    agreement = made.booked(made.agreement(kind), staff)
    lines = [money.line(1, 100_00, service_date=date(YEAR, 11, 3))]
    money.received(
        agreement, staff, lines=lines, month=date(YEAR, 11, 1), claimed_on=ON, on=ON, insurance=RESIDENT
    )  # fmt: skip
    row = made.drafted(agreement, staff)
    with pytest.raises(Refused, match="职工基本医疗保险的清算已由"):
        made.drafted(agreement, staff)
    other = made.drafted(agreement, staff, insurance=RESIDENT)
    act.send(row, actor=staff[Role.FINANCE], on=ON)
    with pytest.raises(Refused, match="城乡居民基本医疗保险还有 1 件申报没有拨付"):
        act.send(other, actor=staff[Role.FINANCE], on=ON)
    again = {"month": date(YEAR, 12, 1), "claimed_on": ON, "on": ON}
    lines = [money.line(1, 1_00, service_date=date(YEAR, 12, 3), voucher="MZ9")]
    money.received(agreement, staff, lines=lines, insurance=RESIDENT, **again)
    with pytest.raises(Refused, match="职工基本医疗保险的费用已经清算"):
        money.received(agreement, staff, lines=lines, insurance=EMPLOYEE, **again)


@pytest.mark.once
def test_each_fund_divides_its_own_budget(db, staff):
    place = made.agreement("hospital")
    for one in InsuranceKind:
        made.booked(place, staff, insurance=one)
    rows = [made.drafted(place, staff, POINTS, insurance=one) for one in InsuranceKind]
    budgets = [made.budget(staff, 1000_00, EMPLOYEE), made.budget(staff, 3000_00, RESIDENT)]
    with pytest.raises(Refused, match="2025 年度城乡居民基本医疗保险的总额预算已经登记"):
        made.budget(staff, 1_00, RESIDENT)
    annual_budgets.fix(budgets[0], actor=staff[Role.LEADER], on=ON)
    assert [one.share for one in rows] == [950_00, None]
    annual_budgets.fix(budgets[1], actor=staff[Role.LEADER], on=ON)
    assert [one.share for one in rows] == [950_00, 2850_00]


@pytest.mark.once
def test_the_page_offers_what_is_not_settled_of_each_fund(app, staff):
    agreement = made.booked(made.agreement("hospital"), staff)
    made.booked(agreement, staff, insurance=RESIDENT)
    assert ask.unsettled(staff[Role.FINANCE], YEAR) == [(agreement, one) for one in InsuranceKind]
    made.drafted(agreement, staff)
    assert ask.unsettled(staff[Role.FINANCE], YEAR) == [(agreement, RESIDENT)]
    client = client_for(app, staff[Role.FINANCE])
    page = client.get("/annual-settlements/new").text
    assert (f"{agreement.id}:resident" in page, f"{agreement.id}:employee" in page) == (True, False)
    wrong = post(
        client, "/annual-settlements/new", agreement=f"{agreement.id}:employee", method="items"
    )
    assert wrong.status_code == 400
    listed = client.get("/annual-settlements?insurance=employee&format=csv").get_data(as_text=True)
    assert "职工基本医疗保险" in listed
    assert "QS" not in client.get("/annual-settlements?insurance=resident&format=csv").get_data(
        as_text=True
    )


# the group


@pytest.mark.pure
@pytest.mark.parametrize(
    ("difference", "due", "group"),
    [
        (0, LARGE - 1, False),
        (0, LARGE, True),
        (0, LARGE + 1, True),
        (-LARGE, 0, True),  # taken back is as much as given
        (-LARGE + 1, -LARGE + 1, False),
        (LARGE, -1, True),
        (None, None, False),
    ],
)
def test_from_the_sum_of_the_parameter_on_a_group_decides(difference, due, group):
    assert rule.needs_group(difference, due, ON) is group
    assert rule.group_limit(ON).confidence == "assumed"


def large(kind, staff):
    """600 000.00 are still due."""
    place = made.booked(
        made.agreement(kind), staff, claimed=600_000_00, denied=0, retained=0, paid=0
    )
    row = made.drafted(place, staff)
    made.confirmed(row, staff)
    return row


@pytest.mark.law("P3-28", "P3-34")
def test_a_large_year_is_decided_only_after_a_group_has_agreed_to_these_lines(db, staff, kind):
    row, leader = large(kind, staff), staff[Role.LEADER]
    with pytest.raises(Refused, match="达到 500000 元的，须经集体讨论通过"):
        act.decide(row, actor=leader, on=ON)
    assert made.discussed(row, staff, "against").state == CollectiveState.REJECTED
    with pytest.raises(Refused, match="上一次：到会表决 3 人"):
        act.decide(row, actor=leader, on=ON)
    made.discussed(row, staff)
    act.back(row, "return", reason="核对", actor=leader, on=ON)
    made.confirmed(row, staff)
    with pytest.raises(Refused, match="清算表重新送过机构核对"):
        act.decide(row, actor=leader, on=ON)
    made.discussed(row, staff)
    act.decide(row, actor=leader, on=ON)
    assert row.state == "decided"


@pytest.mark.once
def test_whoever_drafted_it_neither_sits_nor_convenes_and_who_stepped_aside_does_not_decide(
    db, staff
):
    row = large("hospital", staff)
    mine = staff[Role.FINANCE]
    assert mine.id not in {user.id for user in candidates(row)}
    with pytest.raises(Refused, match="不参加表决"):
        collective_decisions.convene(
            row,
            [mine.id, staff[Role.LEADER].id, staff[Role.CHIEF].id],
            actor=staff[Role.CHIEF],
            on=ON,
        )
    with pytest.raises(Denied):
        collective_decisions.convene(row, [], actor=replace(mine, role=Role.CHIEF), on=ON)
    other = factories.actor(Role.LEADER)
    members = [staff[Role.REVIEWER].id, staff[Role.LEADER].id, staff[Role.CHIEF].id, other.id]
    first = collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=ON)
    with pytest.raises(Refused, match="正在进行的集体讨论"):
        collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=ON)
    (seat,) = (vote for vote in first.votes if vote.user_id == other.id)
    collective_decisions.recuse(seat, reason="亲属在该院任职。", actor=other, on=ON)
    for vote in first.votes:
        if not vote.recusal:
            actor = next(one for one in staff.values() if one.id == vote.user_id)
            collective_decisions.cast(vote, ballot="for", remark="", actor=actor, on=ON)
    collective_decisions.conclude(first, minutes="同意。", actor=staff[Role.CHIEF], on=ON)
    with pytest.raises(Denied):
        act.decide(row, actor=other, on=ON)
    act.decide(row, actor=staff[Role.LEADER], on=ON)


@pytest.mark.once
def test_who_stepped_aside_from_a_payment_neither_approves_nor_makes_it(db, staff):
    place = factories_agreement.concluded(factories.institution("hospital"))
    row = money.received(place, staff, lines=[money.line(1, 600_000_00)])
    money.settled(money.told(money.audited(row, staff), staff), staff)
    leader, payer = factories.actor(Role.LEADER), factories.actor(Role.FINANCE)
    council = [staff[role] for role in (Role.LEADER, Role.CHIEF, Role.REVIEWER)]
    members = [one.id for one in (*council, leader, payer)]
    sitting = collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=ON)
    for vote in sitting.votes:
        actor = next(one for one in (*council, leader, payer) if one.id == vote.user_id)
        if actor in (leader, payer):
            collective_decisions.recuse(vote, reason="有利害关系。", actor=actor, on=ON)
        else:
            collective_decisions.cast(vote, ballot="for", remark="", actor=actor, on=ON)
    collective_decisions.conclude(sitting, minutes="同意。", actor=staff[Role.CHIEF], on=ON)
    with pytest.raises(Denied):
        settlements.approve(row, actor=leader, on=ON)
    settlements.approve(row, actor=staff[Role.LEADER], on=ON)
    with pytest.raises(Denied):
        settlements.pay(row, voucher="1", actor=payer, on=ON)


def test_one_discussion_is_about_one_matter(db, staff, kind):
    row = large(kind, staff)
    made_ = collective_decisions.convene(
        row, [staff[role].id for role in (Role.LEADER, Role.CHIEF, Role.REVIEWER)], actor=staff[Role.CHIEF], on=ON
    )  # fmt: skip
    db.flush()
    assert made_.matter is row
    made_.violation_id = factories_agreement.case(row.agreement, staff, on=ON).id
    with pytest.raises(IntegrityError, match="one_matter"):
        db.flush()


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("hospital", marks=pytest.mark.once),
        pytest.param("pharmacy", marks=pytest.mark.elsewhere),
    ],
)
def test_the_group_is_called_and_votes_on_the_pages(app, db, staff, kind):
    row = large(kind, staff)
    db.commit()
    page, key = f"/annual-settlements/{row.id}", row.id
    client = {role: client_for(app, staff[role]) for role in staff}
    assert "须经集体讨论通过后批准" in client[Role.LEADER].get(page).text
    refused = post(client[Role.LEADER], f"{page}/decide")
    assert (refused.status_code, "请科室负责人提交集体讨论" in refused.text) == (409, True)
    council = (Role.LEADER, Role.CHIEF, Role.REVIEWER)
    members = {"members": [staff[role].id for role in council]}
    assert post(client[Role.FINANCE], f"{page}/discussions", **members).status_code == 403
    answer = post(client[Role.CHIEF], f"{page}/discussions", **members)
    assert row.number in client[Role.CHIEF].get(answer.headers["Location"]).text
    meeting_ = db.scalars(select(CollectiveDecision)).one()
    for vote in meeting_.votes:
        role = next(role for role in council if staff[role].id == vote.user_id)
        text = client[role].get(f"/collective-decisions/votes/{vote.id}").text
        assert "600,000.00 元（负数为应退回）" in text
        post(client[role], f"/collective-decisions/votes/{vote.id}", ballot="for")
    listed = client[Role.CHIEF].get("/collective-decisions").text
    assert f'href="{page}"' in listed
    post(client[Role.CHIEF], f"/collective-decisions/{meeting_.id}/conclusion", minutes="同意。")
    assert post(client[Role.LEADER], f"{page}/decide").status_code == 303
    db.expire_all()
    assert db.get(AnnualSettlement, key).state == "decided"
