"""违规费用 in the portal: an institution sees what letters told it to bring, and nothing before a letter."""

from __future__ import annotations

from datetime import date

import pytest

from actions import remittances
from database import session
from models import CaseMeasure
from queries import portal_claims as ask
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.test_case_measures import agreement, case, decided, entered, plan, recover, served
from tests.web import client_for

__all__ = ["agreement", "case"]  # fixtures
DUE = date(2026, 7, 7)  # 15 working days after Monday 15 June 2026, 19 June is a holiday
PAGE = "/portal/claims"


@pytest.fixture
def owner(agreement):
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


def of(row, on=TODAY):
    return {one.label: one for one in ask.of_institution(row.institution_id, on=on)}


@pytest.mark.law("R-13", passes=True)
def test_before_the_letter_the_money_of_a_case_does_not_exist_in_the_portal(
    app, staff, case, owner
):
    recover(case, staff, 1_500_000)
    made.heard(case, staff, on=TODAY)
    session.commit()
    portal = client_for(app, owner)
    shown = portal.get(PAGE).text
    assert "没有需要缴纳或者不予支付的违规费用" in shown
    assert "15,000.00" not in shown
    assert "追回费用" not in portal.get("/portal/").text


def test_amount_day_way_and_what_was_paid_are_shown_after_the_letter(app, staff, case, owner):
    denied = plan(case, staff, "deny", amount=360_000)
    row = recover(case, staff, 1_500_000)
    decided(case, staff)
    session.commit()
    page = client_for(app, owner).get(PAGE).text
    assert "自通知书送达之日起 15 个工作日内" in page  # served on no day yet
    assert "15,000.00 元" in page
    assert "退回基金财政专户" in page
    assert "由经办机构从应付费用中扣除" in page
    row = session.get_one(CaseMeasure, row.id)
    letter = row.document.number
    served(row, staff)
    session.commit()
    page = client_for(app, owner).get(PAGE).text
    assert f"请于 {DUE} 前（含当日）缴清" in page
    home = client_for(app, owner).get("/portal/").text
    assert f"追回费用 {letter}" in home
    assert f"不予支付 {session.get_one(CaseMeasure, denied.id).document.number}" not in home


def test_only_confirmed_money_counts_and_what_is_settled_asks_for_nothing(staff, case):
    row = recover(case, staff, 1_500_000)
    decided(case, staff)
    served(row, staff)
    first = entered(row, staff, 900_000, "示凭1")
    session.flush()
    assert (of(case)["追回费用"].received, of(case)["追回费用"].receipts) == (0, ())
    remittances.confirm(first, actor=staff[Role.REVIEWER], on=TODAY)
    shown = of(case)["追回费用"]
    assert (shown.received, shown.balance, len(shown.receipts)) == (900_000, 600_000, 1)
    assert [one.until for one in ask.matters(case.institution_id, on=TODAY)] == [str(DUE)]
    rest = entered(row, staff, 600_000, "示凭2")
    session.flush()
    remittances.confirm(rest, actor=staff[Role.REVIEWER], on=TODAY)
    assert of(case)["追回费用"].state.text == "已结清"
    assert ask.matters(case.institution_id, on=TODAY) == []


@pytest.mark.parametrize(
    ("on", "text"), [(date(2026, 7, 6), "待缴纳"), (DUE, "待缴纳"), (date(2026, 7, 8), "逾期未缴")]
)
def test_it_is_late_from_the_day_after_its_last_day(staff, case, on, text):
    row = recover(case, staff, 1_500_000)
    decided(case, staff)
    served(row, staff)
    assert of(case, on)["追回费用"].state.text == text


def test_another_institution_and_the_staff_see_nothing_of_it(app, staff, case, owner):
    row = recover(case, staff, 1_500_000)
    decided(case, staff)
    session.commit()
    letter = session.get_one(CaseMeasure, row.id).document
    key, number = letter.id, letter.number
    other = factories.institution("pharmacy", code="P99012399991")
    stranger = factories.actor(Role.INSTITUTION, institution=other)
    session.commit()
    assert number not in client_for(app, stranger).get(PAGE).text
    assert client_for(app, stranger).get(f"/portal/documents/{key}").status_code == 404
    assert client_for(app, staff[Role.INSPECTOR]).get(PAGE).status_code == 403
    assert number in client_for(app, owner).get("/portal/documents").text
