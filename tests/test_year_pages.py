"""The money of a year through its doors: both sides of the settlement, retention, prepayment, the board."""

from __future__ import annotations

from datetime import datetime

import pytest

import clock
from database import session
from models import AnnualSettlement, Prepayment, RetentionRelease
from rules.permissions import Role
from tests import factories
from tests import factories_year as made
from tests.web import client_for, post

BOTH = [
    pytest.param("hospital", marks=pytest.mark.once),
    pytest.param("pharmacy", marks=pytest.mark.elsewhere),
]


@pytest.fixture
def staff(db):
    return factories.staff()


def newest(model):
    session.expire_all()
    return session.query(model).order_by(model.id.desc()).first()


def step(client, path, **data):
    answer = post(client, path, **data)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("kind", BOTH)
def test_a_year_goes_from_the_draft_to_the_transfer_through_the_pages(app, staff, kind):
    place = made.booked(made.agreement(kind), staff, paid=800_00)
    owner, other = made.owner(place), made.owner(made.agreement(kind))
    session.commit()
    finance, leader = (client_for(app, staff[role]) for role in (Role.FINANCE, Role.LEADER))
    portal, stranger = client_for(app, owner), client_for(app, other)
    assert place.institution.name in finance.get("/annual-settlements/new").text
    page = step(
        finance, "/annual-settlements/new", agreement=f"{place.id}:employee", method="items", cap="880", reduction="0"
    )  # fmt: skip
    row = newest(AnnualSettlement)
    assert "请按本地文件核对" in page
    assert portal.get(f"/portal/annual-settlements/{row.id}").status_code == 404
    step(finance, f"/annual-settlements/{row.id}/send")
    assert "核对并确认年度清算表" in portal.get("/portal/").text
    assert stranger.get(f"/portal/annual-settlements/{row.id}").status_code == 404
    answer = post(stranger, f"/portal/annual-settlements/{row.id}/confirmation")
    assert answer.status_code == 404
    step(portal, f"/portal/annual-settlements/{row.id}/dispute", text="总额有误。")
    assert "总额有误。" in finance.get(f"/annual-settlements/{row.id}").text
    step(finance, f"/annual-settlements/{row.id}/answer", text="经核对无误。")
    assert "经核对无误。" in step(portal, f"/portal/annual-settlements/{row.id}/confirmation")
    assert post(finance, f"/annual-settlements/{row.id}/decide").status_code == 403
    step(leader, f"/annual-settlements/{row.id}/decide")
    page = step(finance, f"/annual-settlements/{row.id}/payment", voucher="QS-1")
    assert "已结清" in page
    assert newest(AnnualSettlement).due == 35_00  # 880.00 less 45.00 kept back and 800.00 paid
    assert "已结清" in portal.get("/portal/year").text


@pytest.mark.parametrize("kind", BOTH)
def test_retained_money_goes_back_through_the_pages(app, staff, kind):
    place = made.booked(made.agreement(kind), staff)
    owner = made.owner(place)
    session.commit()
    finance, leader = (client_for(app, staff[role]) for role in (Role.FINANCE, Role.LEADER))
    year = f"/retention/{place.id}/2025"
    assert place.institution.name in finance.get("/retention").text
    assert "预留质量保证金" in finance.get(year).text
    given = {"way": "ladder", "ladder": "fujian", "score": "76.5", "score_source": "样例通报"}
    step(finance, f"{year}/releases", **given)
    row = newest(RetentionRelease)
    wrong = post(finance, f"{year}/releases", **given | {"score": "七十"})
    assert (wrong.status_code, "考核得分应为数字" in wrong.text) == (409, True)
    portal = client_for(app, owner)
    assert "未返还" in portal.get("/portal/year").text  # a proposal is the agency's own
    step(leader, f"/retention/releases/{row.id}/decide")
    page = step(finance, f"/retention/releases/{row.id}/payment", voucher="BZ-1")
    assert year in client_for(app, staff[Role.CLERK]).get(f"/agreements/{place.id}").text
    assert "40.28" in page  # 45.00 × 89.5 % = 40.275
    shown = portal.get("/portal/year").text
    assert ("已返还" in shown, "40.28" in shown, "4.72" in shown) == (True, True, True)


@pytest.mark.parametrize("kind", BOTH)
def test_an_advance_is_asked_for_in_the_portal_and_only_in_january(app, staff, kind):
    place = made.agreement(kind)
    owner = made.owner(place)
    made.fund(staff)
    session.commit()
    given = {"agreement_id": place.id, "insurance": "employee", "purpose": "drugs", "amount": "70"}
    portal = client_for(app, owner)
    assert "现在不在申请期内" in portal.get("/portal/year").text
    late = post(portal, "/portal/prepayments/new", **given)
    assert (late.status_code, "1月1日至10日" in late.text) == (409, True)
    with clock.at(datetime(2026, 1, 6, 9, 0, tzinfo=clock.SHANGHAI)):
        clerk = client_for(app, staff[Role.CLERK])
        here = f"/institutions/{place.institution_id}/prepayment"
        assert here in clerk.get(f"/agreements/{place.id}").text
        assert "申请期为2026-01-01至2026-01-10" in clerk.get(here).text
        portal, finance, leader = (
            client_for(app, one) for one in (owner, staff[Role.FINANCE], staff[Role.LEADER])
        )
        other = post(portal, "/portal/prepayments/new", **given | {"purpose": "debts"})
        assert other.status_code == 400
        step(portal, "/portal/prepayments/new", **given)
        row = newest(Prepayment)
        page = f"/prepayments/{row.id}"
        assert "可支付 13.0 个月" in finance.get(page).text
        given = {"first": "855", "amount": "70", "opinion": "符合。"}
        step(finance, f"{page}/examination", **given)
        payer = client_for(app, factories.actor(Role.FINANCE))
        step(leader, f"{page}/grant", opinion="同意。")
        assert "登记拨付" not in finance.get(page).text
        assert post(finance, f"{page}/payment", voucher="YF-1").status_code == 403
        assert "已预付" in step(payer, f"{page}/payment", voucher="YF-1")
        assert "70.00" in portal.get(f"/portal/prepayments/{row.id}").text
        assert "已冲抵" in step(finance, f"{page}/repayment", voucher="TH-1")


@pytest.mark.once
def test_the_budget_is_entered_fixed_and_taken_back(app, staff):
    row = made.drafted(made.booked(made.agreement("hospital"), staff), staff, made.POINTS)
    session.commit()
    finance, leader = (client_for(app, staff[role]) for role in (Role.FINANCE, Role.LEADER))
    page = "/annual-budgets"
    step(finance, page, year="2025", insurance="employee", total="1000", source="样例通知")
    step(finance, f"{page}/1", total="2000", source="样例通知二")
    text = step(leader, f"{page}/1/fix")
    assert ("100.00" in text, "1,900.00" in text) == (True, True)  # 5 % kept, the rest divided
    assert "1,900.00" in finance.get(f"/annual-settlements/{row.id}").text
    step(leader, f"{page}/1/reopen", text="预算调整。")
    given = {
        "balance": "1300",
        "monthly": "100",
        "last_year": "-5",
        "forecast": "0.01",
        "source": "样例",
    }
    text = step(finance, f"{page}/funds", year="2026", insurance="employee", **given)
    assert ("赤字 5.00 元" in text, "结余 0.01 元" in text) == (True, True)


@pytest.mark.once
def test_the_board_and_the_lists_say_where_the_money_is(app, staff):
    hospital = made.booked(
        made.agreement("hospital"), staff, claimed=3000_00, denied=300_00, held=7_00
    )
    made.booked(made.agreement("pharmacy"), staff)
    made.drafted(hospital, staff)
    session.commit()
    bureau = client_for(app, staff[Role.BUREAU])
    text = bureau.get("/dashboards/money?year=2025").text
    assert ("4,000.00" in text, "台账平衡" in text, "占申报 10%" in text) == (True, True, True)
    assert "基金财政专户" in text
    narrowed = bureau.get("/dashboards/money?year=2025&kind=pharmacy").text
    assert ("1,000.00" in narrowed, "4,000.00" in narrowed) == (True, False)
    other = bureau.get("/dashboards/money?year=2025&insurance=resident").text
    assert ("还没有记入结算台账的资金" in other, "4,000.00" in other) == (True, False)
    assert "4,000.00" in bureau.get("/dashboards/money?year=2025&insurance=employee").text
    for path in ("/annual-settlements", "/retention", "/prepayments", "/dashboards/money"):
        for query in (
            "?format=csv",
            "?format=xlsx",
            "?print=1",
            "?year=2025&kind=medical&state=drafted",
        ):
            assert bureau.get(path + query).status_code == 200
    assert "45.00" in bureau.get("/retention?format=csv").text
    stranger = client_for(app, factories.actor(Role.FINANCE, region="990199"))
    for path in (f"/retention/{hospital.id}/2025", "/annual-settlements/1"):
        assert stranger.get(path).status_code == 404
    assert "4,000.00" not in stranger.get("/dashboards/money?year=2025").text


@pytest.mark.once
def test_nonsense_in_an_address_is_not_found_or_not_asked(app, staff):
    place = made.booked(made.agreement("hospital"), staff)
    session.commit()
    finance = client_for(app, staff[Role.FINANCE])
    for path in (f"/retention/{place.id}/2019", "/retention/999/2025", "/prepayments/99999999999"):
        assert finance.get(path).status_code == 404
    for query in ("?year=zwei", "?year=99999", "?year=²"):
        assert finance.get(f"/annual-settlements/new{query}").status_code == 200
        assert finance.get(f"/dashboards/money{query}").status_code == 200
        assert finance.get(f"/annual-settlements{query}").status_code == 200
