"""质量保证金 given back: by ladder and by grade, decided by another, to the last 分 of the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from actions import cycles, ledger
from actions import retention_releases as act
from models import Agreement, Document, Event, Proposal
from queries import retention_releases as ask
from queries.ledger import balances, entries
from queries.paging import Asked
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind, Transfer, closes
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.retention import Way
from tests import factories, factories_cycle
from tests import factories_year as made
from tests.factories_year import ON, YEAR

RETAINED = 45_00  # 5 % of 900.00
ASK = Asked(words={})


@pytest.fixture
def staff(db):
    return factories.staff()


@pytest.fixture
def agreement(staff, kind):
    return made.booked(made.agreement(kind), staff)


@pytest.mark.law("P3-34", "M2-37", "P3-13b")
def test_seventy_points_give_seventy_percent_back_and_the_fund_keeps_the_rest(agreement, staff):
    row = made.proposed(agreement, staff, "70")
    assert (row.held, row.percent, row.released, row.kept) == (RETAINED, 7000, 31_50, 13_50)
    letter = act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, letter.facts["released"], letter.facts["percent"]) == (
        "decided",
        31_50,
        "70",
    )
    assert balances(agreement_id=agreement.id)[Account.RETAINED] == 31_50
    act.pay(row, voucher="BZ-1", actor=staff[Role.FINANCE], on=ON)
    found = balances(agreement_id=agreement.id)
    assert (row.state, found[Account.RETAINED]) == ("paid", 0)
    assert found[Account.PAID] == 855_00 + 31_50
    assert found[Account.FUND] == -1000_00 + 13_50  # the claims of the year less what fell back


def test_what_was_given_back_belongs_to_the_year_it_was_kept_in(agreement, staff):
    row = made.proposed(agreement, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    act.pay(row, voucher="BZ-1", actor=staff[Role.FINANCE], on=ON)
    (held,) = ask.of_agreement(agreement.id)
    assert (held.year, held.withheld, held.released, held.kept, held.held) == (
        YEAR, RETAINED, 31_50, 13_50, 0,
    )  # fmt: skip
    assert [one.amount for one in ask.movements(agreement.id, YEAR)] == [45_00, 13_50, 31_50]
    assert held.rate == 5


def test_below_sixty_nothing_is_given_back_and_nothing_waits_for_a_transfer(agreement, staff):
    row = made.proposed(agreement, staff, "59.99")
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert (row.state, row.released, row.kept) == ("kept", 0, RETAINED)
    assert balances(agreement_id=agreement.id)[Account.RETAINED] == 0
    with pytest.raises(Refused, match="不能登记拨付"):
        act.pay(row, voucher="BZ-1", actor=staff[Role.FINANCE], on=ON)


@pytest.mark.parametrize(("on", "allowed"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
def test_the_year_has_to_be_over(agreement, staff, on, allowed):
    if allowed:
        assert made.proposed(agreement, staff, on=on).year == YEAR
        return
    with pytest.raises(Refused, match="年度还没有结束"):
        made.proposed(agreement, staff, on=on)


def test_a_year_is_given_back_once_unless_it_was_sent_back(agreement, staff):
    row = made.proposed(agreement, staff)
    with pytest.raises(Refused, match=row.number):
        made.proposed(agreement, staff)
    act.drop(row, reason="得分有误", actor=staff[Role.LEADER], on=ON)
    assert made.proposed(agreement, staff, "80").released == RETAINED


def test_a_ledger_that_moved_since_is_not_decided_upon(agreement, staff):
    row = made.proposed(agreement, staff)
    ledger.post(
        [Transfer(Kind.FORFEIT, 1)], institution=agreement.institution, agreement=agreement,
        cause=agreement, year=YEAR, insurance=InsuranceKind.EMPLOYEE, actor=staff[Role.FINANCE], on=ON,
    )  # fmt: skip
    with pytest.raises(Refused, match=r"已经变为 44\.99 元"):
        act.decide(row, actor=staff[Role.LEADER], on=ON)
    assert row.state == "drafted"


@pytest.mark.once
def test_who_proposed_does_not_decide_and_the_leader_does_not_pay(db, staff):
    agreement = made.booked(made.agreement("hospital"), staff)
    row = made.proposed(agreement, staff)
    for role in (Role.FINANCE, Role.CLERK, Role.REVIEWER, Role.BUREAU):
        with pytest.raises(Denied):
            act.decide(row, actor=staff[role], on=ON)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    for role in (Role.LEADER, Role.CLERK):
        with pytest.raises(Denied):
            act.pay(row, voucher="BZ-1", actor=staff[role], on=ON)
    with pytest.raises(Refused, match="凭证号"):
        act.pay(row, voucher=" ", actor=staff[Role.FINANCE], on=ON)


@pytest.mark.once
def test_what_lacks_a_score_a_year_or_a_word_is_refused(db, staff):
    agreement = made.agreement("pharmacy")
    with pytest.raises(Refused, match="没有预留"):
        made.proposed(agreement, staff)
    made.booked(agreement, staff)
    plan = act.Plan(Way.LADDER, "fujian", None, "")
    with pytest.raises(Refused, match="考核得分和得分的出处"):
        act.propose(agreement, YEAR, plan, actor=staff[Role.FINANCE], on=ON)
    judged = act.Plan(Way.LADDER, "xian", Decimal(65), "样例通报", judged=Decimal(80))
    with pytest.raises(Refused, match="请写明理由"):
        act.propose(agreement, YEAR, judged, actor=staff[Role.FINANCE], on=ON)
    with pytest.raises(Refused, match="没有已经采用的信用返还建议"):
        act.propose(agreement, YEAR, act.Plan(Way.GRADE), actor=staff[Role.FINANCE], on=ON)


def test_an_adopted_grade_says_how_much(db, staff, kind):
    place = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    proposal = db.scalars(select(Proposal).where(Proposal.use == "retention_release")).one()
    cycles.decide(proposal, "adopt", actor=staff[Role.LEADER], on=ON)
    query = select(Agreement).where(Agreement.institution_id == place.id)
    agreement = db.scalars(query).first()
    made.booked(agreement, staff)
    row = act.propose(agreement, YEAR, act.Plan(Way.GRADE), actor=staff[Role.FINANCE], on=ON)
    assert row.percent == int(Decimal(proposal.value) * 100)
    assert (row.proposal_id, row.basis, row.score) == (proposal.id, proposal.basis, None)
    assert cycle.name in ask.ground(row)


def test_the_list_shows_each_agreement_and_year_with_what_became_of_it(agreement, staff, kind):
    made.booked(agreement, staff, year=2024, retained=10_00)
    row = made.proposed(agreement, staff)
    rows, page = ask.page(staff[Role.CLERK], ASK)
    assert [(one.year, one.withheld, one.case and one.case.number) for one in rows] == [
        (2025, RETAINED, row.number), (2024, 10_00, None),
    ]  # fmt: skip
    assert page.total == 2
    other = "medical" if kind == "pharmacy" else "pharmacy"
    assert ask.page(staff[Role.CLERK], Asked(words={"kind": other}))[0] == []
    assert len(ask.page(staff[Role.CLERK], Asked(words={"year": "2024"}))[0]) == 1
    assert len(ask.page(staff[Role.CLERK], Asked(words={"state": "drafted"}))[0]) == 1
    stranger = factories.actor(Role.CLERK, region="990199")
    assert ask.page(stranger, ASK)[0] == []


def test_every_step_is_written_down_and_the_letter_is_the_institutions(db, agreement, staff):
    row = made.proposed(agreement, staff)
    act.decide(row, actor=staff[Role.LEADER], on=ON)
    db.commit()
    lines = db.scalars(select(Event.verb).where(Event.subject == "retention_release")).all()
    assert lines == ["propose", "decide"]
    letter = db.scalars(select(Document).where(Document.kind == "retention_release")).one()
    assert (letter.institution_id, letter.facts["kept"]) == (agreement.institution_id, 13_50)
    assert closes(entries(agreement_id=agreement.id), ON) == ()


@pytest.mark.parametrize("step", ["propose", "pay"])
def test_two_at_once_give_back_once(app, db, staff, step):
    agreement = made.booked(made.agreement("hospital"), staff)
    if step == "pay":
        row = made.proposed(agreement, staff)
        act.decide(row, actor=staff[Role.LEADER], on=ON)
    db.commit()
    key, barrier, refused = agreement.id, Barrier(2), []

    def once():
        try:
            barrier.wait(30)
            mine = db.get_one(Agreement, key)
            if step == "propose":
                made.proposed(mine, staff)
            else:
                act.pay(ask.cases(key, YEAR)[0], voucher="BZ", actor=staff[Role.FINANCE], on=ON)
            db.commit()
        except Refused as why:
            refused.append(why)
        finally:
            db.remove()

    threads = [Thread(target=once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.expire_all()
    assert len(refused) == 1
    (held,) = ask.of_agreement(key)
    assert (held.released, held.kept) == ((0, 0) if step == "propose" else (31_50, 13_50))
