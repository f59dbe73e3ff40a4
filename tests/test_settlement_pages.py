"""One month through the pages, from the file to the transfer letter; what each desk sees and what the portal shows."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from database import session
from models import AuditFinding, Document, Statement
from rules.permissions import Role
from tests import factories, factories_money, month, web
from tests import factories_agreement as made
from tests import factories_practitioner as people
from tests.month import Desk, uploaded

BOTH = [
    pytest.param("hospital", marks=pytest.mark.once),
    pytest.param("pharmacy", marks=pytest.mark.elsewhere),
]
MONTHS = [  # of 21 inpatients 5 % are 1.05, of 20 others 1 % are 0.2; of 41 others 0.41: each rounded up
    pytest.param("hospital", month.INPATIENTS, 2 + 1, marks=pytest.mark.once),
    pytest.param("pharmacy", 0, 1, marks=pytest.mark.elsewhere),
]


@pytest.mark.parametrize("kind", BOTH)
def test_a_month_goes_through_the_pages_to_the_transfer_letter(app, staff, kind):
    place = factories.institution(kind)
    made.concluded(place)
    user = factories.actor(Role.INSTITUTION, institution=place)
    session.commit()
    desk = {role: Desk(web.client_for(app, staff[role])) for role in staff}
    registrar = Desk(web.client_for(app, factories.actor(Role.CLERK)))
    key = uploaded(registrar.client, place.code, people.serving(place).code)
    first, second = desk[Role.FIRST_AUDITOR], desk[Role.SECOND_AUDITOR]
    first.press(key, "findings", line=2, reason="excess_charge", amount="20.00", remark="超标准")
    first.press(key, "first-audit")
    assert "随机种子" in second.press(key, "sample")
    second.press(key, "re-audit", opinion="一致。")
    second.press(key, "notice")
    letter = session.scalars(select(Document).where(Document.kind == "denial_detail")).one()
    serve = {"method": "直接送达", "proof": "回证1号", "served_on": "2026-06-15"}
    assert (
        web.post(desk[Role.CLERK].client, f"/documents/{letter.id}/service", **serve).status_code
        == 303
    )
    portal = web.client_for(app, user)
    page = portal.get(f"/portal/settlements/{key}").text
    assert "2026-06-23" in page  # five working days after 15 June; the 19th is a holiday
    found = session.scalars(select(AuditFinding.id).where(AuditFinding.statement_id == key)).one()
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    why = {f"why-{found}": "价格有批文。"}
    assert (
        web.post(portal, f"/portal/settlements/{key}/appeal", version=version, **why).status_code
        == 303
    )
    verdict = {f"verdict-{found}": "upheld", f"answer-{found}": "没有凭据。"}
    desk[Role.REVIEWER].press(key, "judgment", **verdict)
    version = re.search(
        r'name="version" value="(\d+)"', desk[Role.CLERK].client.get(f"/settlements/{key}").text
    )
    own = web.post(registrar.client, f"/settlements/{key}/settlement", version=version[1])
    assert (own.status_code, "请由同岗位的其他人员办理" in own.text) == (403, True)
    assert "台账平衡" in desk[Role.CLERK].press(key, "settlement")
    desk[Role.LEADER].press(key, "approval")
    assert "已拨付" in desk[Role.FINANCE].press(key, "payment", voucher="BK-1")
    # 300.50 claimed, 20.00 denied, 280.50 payable, 14.03 (5 %, half a 分 up) retained, 266.47 paid
    shown = portal.get(f"/portal/settlements/{key}").text
    assert all(amount in shown for amount in ("20.00", "14.03", "266.47"))
    assert "医疗保障费用拨付通知书" in shown
    kinds = set(session.scalars(select(Document.kind).where(Document.subject == "statement")))
    assert kinds == {"denial_detail", "denial_appeal", "settlement_sheet", "disbursement_notice"}
    listed = (
        desk[Role.FINANCE].client.get("/settlements/payments?format=csv").get_data(as_text=True)
    )
    assert "BK-1,2026-06-15,266.47" in listed.replace('"', "")
    sheet = desk[Role.FINANCE].client.get("/settlements/payments?format=xlsx").data
    cell = load_workbook(BytesIO(sheet)).active["C2"]
    assert (cell.value, cell.number_format) == (266.47, "#,##0.00")


@pytest.mark.law("M2-32", "P3-29")
@pytest.mark.parametrize(("kind", "inpatients", "size"), MONTHS)
def test_the_sample_is_drawn_again_from_the_printed_seed(app, staff, kind, inpatients, size):
    """By a few lines that know the recipe on the page and none of the program."""
    place = factories.institution(kind)
    made.concluded(place)
    user = factories.actor(Role.INSTITUTION, institution=place)
    session.commit()
    desks = {name: Desk(web.client_for(app, staff[Role(name)])) for name in month.DESKS[1:-1]}
    desks["registrar"] = Desk(web.client_for(app, factories.actor(Role.CLERK)))
    desks["portal"] = Desk(web.client_for(app, user))
    key, (drawn, marked) = month.played(
        desks, place.code, people.serving(place).code, "2026-05", inpatients=inpatients
    )
    assert drawn == marked
    assert len(marked) == size
    found = session.get(Statement, key)
    # 410.00 claimed, 4.00 denied, 20.30 (5 % of 406.00) retained
    assert [one.amount for one in found.disbursements] == [385_70]


@pytest.mark.once
def test_the_portal_shows_nothing_of_the_audit_before_it_is_told(app, staff):
    user = factories_money.furnish("hospital", staff)
    client = web.client_for(app, user)
    for row in session.scalars(select(Statement)).all():
        page = client.get(f"/portal/settlements/{row.id}").text
        told = str(row.state) not in ("received", "first_audited", "sampled", "re_audited")
        assert ("过度诊疗" in page) == told, row.state


@pytest.mark.once
def test_another_institution_finds_no_statement_and_reads_no_line(app, staff):
    factories_money.furnish("hospital", staff)
    stranger = web.client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution("hospital"))
    )
    elsewhere = web.client_for(app, factories.actor(Role.CLERK, region="990999"))
    key = session.scalars(select(Statement.id).order_by(Statement.id)).first()
    assert stranger.get(f"/portal/settlements/{key}").status_code == 404
    assert stranger.get(f"/settlements/{key}").status_code == 403
    for path in ("", "/lines", "/lines?format=csv"):
        assert elsewhere.get(f"/settlements/{key}{path}").status_code == 404
    assert "FY2026" not in elsewhere.get("/settlements?format=csv").get_data(as_text=True)
    assert "BK-1" not in elsewhere.get("/settlements/payments").text


@pytest.mark.once
def test_a_page_somebody_else_has_moved_on_is_refused(app, staff):
    agreement = made.concluded(factories.institution("pharmacy"))
    row = factories_money.received(agreement, staff)
    key, seen = row.id, row.version
    desk = Desk(web.client_for(app, staff[Role.FIRST_AUDITOR]))
    desk.press(key, "first-audit")
    answer = web.post(desk.client, f"/settlements/{key}/first-audit", version=seen)
    assert answer.status_code == 409


@pytest.mark.once
def test_lists_and_lines_are_narrowed_and_exported_alike(app, staff):
    factories_money.furnish("hospital", staff)
    client = web.client_for(app, staff[Role.BUREAU])
    assert (
        client.get("/settlements?state=paid&month=2026-05&insurance=resident").text.count("FY2026")
        == 1
    )
    assert (
        len(client.get("/settlements?state=paid&format=csv").get_data(as_text=True).splitlines())
        == 2
    )
    key = session.scalars(select(Statement.id).where(Statement.state == "settled")).one()
    lines = client.get(f"/settlements/{key}/lines?show=denied&format=csv").get_data(as_text=True)
    assert len(lines.splitlines()) == 2
