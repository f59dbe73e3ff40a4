"""One month through the pages, from the file to the transfer letter; what each desk sees and what the portal shows."""

import io
import re
import secrets

import pytest
from sqlalchemy import select

from database import session
from models import AuditFinding, Document, Statement
from queries import exports
from rules.permissions import Role
from tests import factories, factories_money, web
from tests import factories_agreement as made
from tests import factories_practitioner as people
from tests.test_statement_imports import HEAD

BOTH = [
    pytest.param("hospital", marks=pytest.mark.once),
    pytest.param("pharmacy", marks=pytest.mark.elsewhere),
]


class Desk:
    """One person's browser; each page is read before its button is pressed, so that the version is the one seen."""

    def __init__(self, app, actor):
        self.client = web.client_for(app, actor)

    def press(self, key, verb, **fields):
        page = self.client.get(f"/settlements/{key}").text
        version = re.search(r'name="version" value="(\d+)"', page)
        answer = web.post(
            self.client, f"/settlements/{key}/{verb}", version=version and version[1], **fields
        )
        assert answer.status_code == 303, (verb, answer.status_code, answer.text[-400:])
        return self.client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("kind", BOTH)
def test_a_month_goes_through_the_pages_to_the_transfer_letter(app, staff, kind):
    place = factories.institution(kind)
    made.concluded(place)
    user = factories.actor(Role.INSTITUTION, institution=place)
    session.commit()
    desk = {role: Desk(app, staff[role]) for role in staff}
    registrar = Desk(app, factories.actor(Role.CLERK))
    key = uploaded(registrar.client, place)
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


def uploaded(client, place):
    rows = [
        [
            place.code,
            "职工",
            "2026-05",
            "300.50",
            "2",
            "",
            f"MZ{number}",
            "2026-05-12",
            "",
            "",
            "",
            amount,
            people.serving(place).code,
        ]
        for number, amount in ((1, "200.50"), (2, "100.00"))
    ]
    content = exports.csv_bytes([*HEAD, "人员编码"], rows)
    data = {"operation_id": secrets.token_hex(8), "file": (io.BytesIO(content), "申报.csv")}
    answer = client.post("/imports/statements", data=data, content_type="multipart/form-data")
    assert web.post(client, f"{answer.headers['Location']}/run").status_code == 303
    return session.scalars(select(Statement.id)).one()


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
    desk = Desk(app, staff[Role.FIRST_AUDITOR])
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
