"""A case through the doors from the clue to the closing: findings, five measures, money, talk, rectification."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest

import clock
from actions import talks
from actions.materials import Upload
from database import session
from models import CaseMeasure, Document, Rectification, Remittance, Talk, Violation
from rules.permissions import Role
from rules.talks import Person
from tests import factories, factories_practitioner, factories_rectification
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, forms, post

PDF = Upload("签字记录.pdf", b"%PDF-1.4 sample", "application/pdf")
PAPER = {"medical": "S13", "pharmacy": "S15"}


@pytest.fixture
def seats(app, db, staff):
    """A browser for each desk."""
    return {role: client_for(app, staff[role]) for role in Role if role in staff}


def step(client, path, **data):
    answer = post(client, path, **data)
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-600:]
    return answer.headers["Location"]


def fresh(model):
    session.expire_all()
    return session.query(model)


def serve_all(client, on):
    for row in fresh(Document).filter(Document.served_on.is_(None)).all():
        if row.needs_service:
            proof = {"served_on": on.isoformat(), "method": "直接送达", "proof": "示例回证"}
            step(client, f"/documents/{row.id}/service", **proof)


def opened(seats, kind):
    """A clue on a running agreement, taken up as a case with one finding and its evidence."""
    person, place = factories_practitioner.practitioner(kind)
    agreement = made.concluded(place)
    session.commit()
    inspector = seats[Role.INSPECTOR]
    clue = {
        "source": "lead",
        "source_text": "示举1号",
        "found_on": str(TODAY),
        "clue_text": "反映串换。",
    }
    path = step(inspector, f"/cases/clues/new?agreement={agreement.id}", **clue)
    assert "核查中" in inspector.get(path).text
    step(inspector, f"{path}/take-up", opinion="查实三件。")
    finding = {
        "item": PAPER[place.kind.family],
        "records": "3",
        "amount": "12,345.67",
        "department": "示例科",
        "file": (io.BytesIO(b"%PDF-1.4 sample"), "清单.pdf"),
    }
    step(inspector, f"{path}/findings/new", **finding)
    line = fresh(Violation).one().findings[0]
    assert line.amount == 1234567
    assert inspector.get(f"{path}/findings/{line.id}/file").data == b"%PDF-1.4 sample"
    return path, person


def planned(inspector, path, person):
    """Every rung of the ladder, the money within what was found."""
    plans = {
        "talk": {"subject_text": "法定代表人"},
        "hold_payment": {"from_on": "", "to_on": ""},
        "deny": {"amount": "2345.67"},
        "recover": {"amount": "10000", "paid_on": "2026-05-29"},
        "damages": {"amount": "3000", "clause": "第三十二条", "formula": "违规费用的三成"},
        "suspend_staff": {
            "practitioner": str(person.id), "from_on": "2026-06-20", "to_on": "2026-09-19",
        },
    }  # fmt: skip
    for word, given in plans.items():
        page = inspector.get(f"{path}/measures/{word}").text
        assert "请按本地文件核对" in page
        step(inspector, f"{path}/measures/{word}", **given)
    refused = post(inspector, f"{path}/measures/recover", amount="0.01", paid_on="2026-05-29")
    assert refused.status_code == 409
    assert "超过违规事实涉及金额" in refused.text


def decided(seats, path):
    """Told, heard, lightened, proposed, reviewed, decided — by three persons."""
    inspector = seats[Role.INSPECTOR]
    step(inspector, f"{path}/notice")
    letter = fresh(Document).filter_by(kind="views").one()
    assert letter.facts["planned"].count("（") >= 6
    late = post(inspector, f"{path}/measures/deny", amount="1")
    assert late.status_code == 409
    assert "只能减轻" in late.text
    step(inspector, f"{path}/views", opinion="请求从轻。")
    denial = fresh(CaseMeasure).filter_by(step="deny").one()
    step(inspector, f"/case-measures/{denial.id}/reduction", amount="2000", reason="采纳申辩。")
    step(inspector, f"{path}/propose", opinion="采纳部分申辩，建议处理。")
    step(seats[Role.REVIEWER], f"{path}/review", opinion="同意。")
    assert f"{path}/approve" not in forms(seats[Role.CHIEF].get(path).text)
    step(seats[Role.LEADER], f"{path}/approve", opinion="同意。")
    kinds = {row.kind for row in fresh(Document)}
    assert {"denial", "recovery", "damages", "payment_hold", "staff_suspension"} <= kinds


def paid(seats, row, *parts):
    """The money in parts, each entered by one desk and confirmed by another."""
    for number, amount in enumerate(parts):
        given = {
            "amount": amount,
            "received_on": str(clock.today()),
            "voucher": f"示凭{row.id}-{number}",
        }
        step(seats[Role.FINANCE], f"/case-measures/{row.id}/remittances", **given)
        made_row = fresh(Remittance).filter_by(state="recorded").one()
        own = post(seats[Role.FINANCE], f"/remittances/{made_row.id}/confirmation")
        assert own.status_code == 403
        step(seats[Role.REVIEWER], f"/remittances/{made_row.id}/confirmation")


def named_open(inspector, path, *words):
    """The refusal to close names each of these, and the page says so beforehand."""
    refused = post(inspector, f"{path}/close")
    assert refused.status_code == 409
    for word in words:
        assert word in refused.text


def finished(app, staff, path, rows):
    """The talk is held and filed, what was ordered is verified, the rest is carried out; then the case closes."""
    later = date(2026, 6, 24)
    actor, talk = staff[Role.INSPECTOR], fresh(Talk).one()
    assert (talk.source, talk.reason) == ("violation", "查实三件。")
    talks.hold(
        talk, held_on=later, came=[talk.called[0].id], staff=[Person("样二", "稽核岗"), Person("样三", "稽核岗")],
        minutes="认识到错误。", demands="立即退回。", actor=actor, on=later,
    )  # fmt: skip
    talks.file(talk, PDF, actor=actor, on=later)
    ordered = fresh(Rectification).one()
    owner = factories.actor(Role.INSTITUTION, institution=ordered.institution)
    factories_rectification.closed(ordered, owner, factories.actor(Role.INSPECTOR), on=later)
    session.commit()
    with clock.at(later):
        inspector = client_for(app, actor)
        serve_all(inspector, later)
        for word in ("talk", "hold_payment", "suspend_staff"):
            given = {"executed_on": str(later), "proof": "示例凭证"}
            step(inspector, f"/case-measures/{rows[word]}/execution", **given)
        step(inspector, f"{path}/close")


@pytest.mark.law("P3-35", "M2-38", "R-13", "R-45", refuses=True, passes=True)
def test_a_case_from_the_clue_to_its_closing(app, db, staff, seats, kind):
    path, person = opened(seats, kind)
    inspector = seats[Role.INSPECTOR]
    planned(inspector, path, person)
    decided(seats, path)
    rows = {str(row.step): row.id for row in fresh(CaseMeasure)}
    words = (
        "没有送达凭证",
        "2,000.00元不予支付”还有 2,000.00 元未结",
        "暂停结算",
        "约谈法定代表人",
    )
    named_open(inspector, path, *words)
    serve_all(inspector, TODAY)
    talk = {"name": "样某", "capacity": "法定代表人", "planned_on": "2026-06-24", "place": "会议室"}
    step(inspector, f"/case-measures/{rows['talk']}/talk", **talk)
    serve_all(inspector, TODAY)
    step(inspector, f"{path}/rectification", measure="逐项退回。", due_on="2026-07-15")
    named_open(inspector, path, "整改 ZG", "约谈 YT")
    deny, recover, damages = (
        session.get(CaseMeasure, rows[w]) for w in ("deny", "recover", "damages")
    )
    assert recover.due_on == date(2026, 7, 7)  # 15 working days after 15 June, 19 June is a holiday
    paid(seats, deny, "2000")
    paid(seats, recover, "4000", "6000")
    over = {"amount": "3000.01", "received_on": str(TODAY), "voucher": "多"}
    assert (
        post(seats[Role.FINANCE], f"/case-measures/{damages.id}/remittances", **over).status_code
        == 409
    )
    paid(seats, damages, "2500")
    step(
        seats[Role.LEADER], f"/case-measures/{damages.id}/write-down", amount="500", reason="减免。"
    )
    states = {str(row.step): str(row.state) for row in fresh(CaseMeasure)}
    assert [states[word] for word in ("deny", "recover", "damages")] == ["executed"] * 3
    given = {row.destination for row in fresh(Remittance)}
    assert given == {"withheld", "fund", "agency"}
    hold = {"last_on": str(TODAY), "reason": "核实完毕。"}
    step(inspector, f"/case-measures/{rows['hold_payment']}/hold-end", **hold)
    named_open(inspector, path, "没有登记执行完毕")
    finished(app, staff, path, rows)
    assert fresh(Violation).one().state == "closed"
    contents = inspector.get(f"{path}/contents").text
    for paper in (
        "线索登记表",
        "清单.pdf",
        "处理意见告知书",
        "违规医疗保障费用追回通知书",
        "示凭",
        "整改材料",
    ):
        assert paper in contents, paper
    for role in (Role.CLERK, Role.FINANCE, Role.BUREAU):
        for key in rows.values():
            assert seats[role].get(f"/case-measures/{key}").status_code == 200
