"""Each advance on its own fund, each payment by somebody who did not decide it, each step after its institution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

import clock
from actions import annual_settlements as settle
from actions import holds, prepayments
from actions import retention_releases as releases
from models import AnnualSettlement, Prepayment, RetentionRelease
from queries import prepayments as ask
from queries import scope
from rules.insurance import InsuranceKind
from rules.permissions import Denied, Role
from rules.prepayment import Fund
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as agreements
from tests import factories_money as money
from tests import factories_year as made
from tests.factories_money import line
from tests.factories_year import JANUARY, ON
from tests.test_year_pages import newest
from tests.web import client_for, post

EMPLOYEE, RESIDENT = InsuranceKind.EMPLOYEE, InsuranceKind.RESIDENT


@pytest.fixture
def staff(db):
    return factories.staff()


def examine(case, years, actor):
    prepayments.examine(
        case, years=years, amount=case.asked, opinion="符合条件。", actor=actor, on=JANUARY
    )


@pytest.mark.law("M2-33")
def test_each_fund_advances_on_what_it_paid_itself(staff, kind):
    place = made.agreement(kind)
    for insurance, amount in ((EMPLOYEE, 1200_00), (RESIDENT, 600_00)):
        row = money.received(
            place, staff, lines=[line(1, amount, service_date=date(2025, 5, 12))], month=date(2025, 5, 1),
            insurance=insurance, on=date(2025, 6, 3),
        )  # fmt: skip
        money.told(money.audited(row, staff), staff)
        money.paid(money.settled(row, staff), staff)
    own, other = made.asked(place), made.asked(place, amount=40_00, insurance=RESIDENT)
    assert ask.paid_before(own) == [1140_00, 0, 0]  # 1200.00 less 5 %
    assert ask.paid_before(other) == [570_00, 0, 0]
    finance = staff[Role.FINANCE]
    made.fund(staff)
    made.fund(staff, Fund(RESIDENT, 1300_00, 100_00, 5_00, 5_00))
    examine(own, ask.paid_before(own), finance)
    with pytest.raises(Refused, match=f"保险预付 {own.number} 的基数相同") as why:
        examine(other, [1140_00], finance)
    assert "按险种分别填写" in why.value.cure
    examine(other, ask.paid_before(other), finance)
    assert (own.monthly, other.monthly) == (95_00, 47_50)  # a twelfth


def test_a_second_agreement_brings_no_second_advance_of_the_insurance(db, staff, kind):
    place = made.agreement(kind)
    first = made.asked(place)
    second = agreements.concluded(
        place.institution, on=date(2025, 12, 20), term_from=date(2026, 1, 1), term_to=date(2026, 12, 31)
    )  # fmt: skip
    with pytest.raises(Refused, match=first.number):
        made.asked(second)
    with pytest.raises(IntegrityError, match="prepayment"):
        db.execute(
            Prepayment.__table__.insert().values(
                number="YF-X",
                institution_id=place.institution_id,
                agreement_id=second.id,
                year=2026,
                version=1,
                state="requested",
                insurance="employee",
                purpose="drugs",
                asked=1,
                text="",
                years=[],
                tests=[],
                examination="",
                opinion="",
                voucher="",
                requested_on=JANUARY,
            )
        )


def test_whoever_decided_does_not_pay(db, staff, kind):
    """The account of the leader, moved to finance in between."""
    place = made.booked(made.agreement(kind), staff, paid=700_00)
    moved = replace(staff[Role.LEADER], role=Role.FINANCE)
    release = made.proposed(place, staff, "90")
    releases.decide(release, actor=staff[Role.LEADER], on=ON)
    row = made.drafted(place, staff)
    made.confirmed(row, staff)
    settle.decide(row, actor=staff[Role.LEADER], on=ON)
    case = made.examined(made.agreement(kind), staff)
    prepayments.grant(case, opinion="同意。", actor=staff[Role.LEADER], on=JANUARY)
    pays = ((releases, release, ON), (settle, row, ON), (prepayments, case, JANUARY))
    for act, one, on in pays:
        with pytest.raises(Denied):
            act.pay(one, voucher="BK", actor=moved, on=on)
    for act, one, on in pays:
        act.pay(one, voucher="BK", actor=staff[Role.FINANCE], on=on)
    db.commit()
    for _, one, _ in pays:
        one.paid_by_id = one.decided_by_id
        with pytest.raises(IntegrityError, match="payer_apart"):
            db.flush()
        db.rollback()


def test_whoever_examined_an_advance_does_not_pay_it(staff, kind):
    place = made.agreement(kind)
    made.fund(staff)
    case = made.asked(place)
    examine(case, [855_00], staff[Role.FINANCE])
    prepayments.grant(case, opinion="同意。", actor=staff[Role.LEADER], on=JANUARY)
    with pytest.raises(Denied):
        prepayments.pay(case, voucher="YF", actor=staff[Role.FINANCE], on=JANUARY)
    prepayments.pay(case, voucher="YF", actor=factories.actor(Role.FINANCE), on=JANUARY)
    assert case.state == "paid"


@pytest.fixture
def locks(monkeypatch):
    """What was locked since it was last emptied, in its order."""
    found, lock, find = [], holds.lock, scope.find

    def of_institution(*keys):
        found.append("institution")
        return lock(*keys)

    def of_row(noun, key, actor, *, lock=False):
        if lock:
            found.append(noun)
        return find(noun, key, actor, lock=lock)

    monkeypatch.setattr(holds, "lock", of_institution)
    monkeypatch.setattr(scope, "find", of_row)
    return found


def step(locks, client, noun, path, **data):
    locks.clear()
    answer = post(client, path, **data)
    assert answer.status_code == 303, answer.text
    assert locks[0] == "institution", path
    assert noun in locks[1:], path


def test_every_step_of_a_year_locks_the_institution_before_its_case(app, db, staff, kind, locks):
    place = made.booked(made.agreement(kind), staff, paid=800_00)
    owner = made.owner(place)
    made.fund(staff)
    db.commit()
    finance, leader, portal = (
        client_for(app, one) for one in (staff[Role.FINANCE], staff[Role.LEADER], owner)
    )
    given = {"way": "ladder", "ladder": "fujian", "score": "90", "score_source": "样例通报"}
    step(locks, finance, "agreement", f"/retention/{place.id}/2025/releases", **given)
    page = f"/retention/releases/{newest(RetentionRelease).id}"
    step(locks, leader, "retention_release", f"{page}/decide")
    step(locks, finance, "retention_release", f"{page}/payment", voucher="BZ")
    given = {"agreement": f"{place.id}:employee", "method": "items", "reduction": "0"}
    step(locks, finance, "agreement", "/annual-settlements/new", **given)
    key = newest(AnnualSettlement).id
    step(locks, finance, "annual_settlement", f"/annual-settlements/{key}/send")
    step(locks, portal, "annual_settlement", f"/portal/annual-settlements/{key}/confirmation")
    step(locks, leader, "annual_settlement", f"/annual-settlements/{key}/decide")
    step(locks, finance, "annual_settlement", f"/annual-settlements/{key}/payment", voucher="QS")
    with clock.at(datetime(2026, 1, 6, 9, 0, tzinfo=clock.SHANGHAI)):
        finance, leader, portal, other = (
            client_for(app, one)
            for one in (staff[Role.FINANCE], staff[Role.LEADER], owner, factories.actor(Role.FINANCE))
        )  # fmt: skip
        given = {
            "agreement_id": place.id,
            "insurance": "employee",
            "purpose": "drugs",
            "amount": "70",
        }
        step(locks, portal, "agreement", "/portal/prepayments/new", **given)
        page = f"/prepayments/{newest(Prepayment).id}"
        given = {"first": "855", "amount": "70", "opinion": "符合。"}
        step(locks, finance, "prepayment", f"{page}/examination", **given)
        step(locks, leader, "prepayment", f"{page}/grant", opinion="同意。")
        step(locks, other, "prepayment", f"{page}/payment", voucher="YF")
        step(locks, finance, "prepayment", f"{page}/repayment", voucher="TH")
