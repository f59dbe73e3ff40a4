"""违规案件 through the doors: as each role, no visible button answers 403, the chain to a suspension and its end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import clock
from actions import violations as act
from database import session
from jobs import nightly
from models import Agreement, Suspension, Violation
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, forms, post

OFFICE = [
    Role.CLERK,
    Role.REVIEWER,
    Role.CHIEF,
    Role.LEADER,
    Role.BUREAU,
    Role.FINANCE,
    Role.INSPECTOR,
]
STRANGERS = [Role.SYSADMIN, Role.SECADMIN, Role.LOGADMIN]


@pytest.fixture
def agreement(db, kind):
    row = made.concluded(factories.institution(kind))
    session.commit()
    return row


@pytest.fixture
def case(agreement, staff):
    row = made.case(agreement, staff, on=TODAY)
    session.commit()
    return row


def step(app, who, path, **data):
    answer = post(client_for(app, who), path, **data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def fresh(model, key):
    session.expire_all()
    return session.get(model, key)


def test_a_case_from_registration_to_service_and_the_night_after(app, db, staff, agreement):
    key, first = agreement.id, f"suspend:{made.ground(agreement.institution, 'suspend', 1)}"
    given = {
        "source": "inspection",
        "source_text": "",
        "ground": first,
        "found_on": "2026-06-12",
        "facts_text": "经查不符。",
        "amount": "1,234.5",
        "from_on": "",
        "to_on": "",
    }
    location = step(app, staff[Role.INSPECTOR], f"/cases/new?agreement={key}", **given)
    row = session.query(Violation).one()
    assert (location, row.amount) == (f"/cases/{row.id}", 123450)
    path = f"/cases/{row.id}"
    step(app, staff[Role.INSPECTOR], f"{path}/notice")
    early = post(client_for(app, staff[Role.INSPECTOR]), f"{path}/propose", opinion="建议中止。")
    assert early.status_code == 409
    assert "第十三条" in early.text
    step(app, staff[Role.INSPECTOR], f"{path}/views", opinion="没有异议。")
    step(app, staff[Role.INSPECTOR], f"{path}/propose", opinion="建议中止。")
    step(app, staff[Role.REVIEWER], f"{path}/review", opinion="同意。")
    step(app, staff[Role.LEADER], f"{path}/approve", opinion="同意。")
    suspended = session.query(Suspension).one()
    assert (suspended.from_on, fresh(Agreement, key).state) == (TODAY, "suspended")
    letter = suspended.document_id
    refused = post(client_for(app, staff[Role.INSPECTOR]), f"{path}/close")
    assert refused.status_code == 409
    proof = {"served_on": TODAY.isoformat(), "method": "直接送达", "proof": "示例回证"}
    step(app, staff[Role.INSPECTOR], f"/documents/{letter}/service", **proof)
    step(app, staff[Role.INSPECTOR], f"{path}/close")
    assert fresh(Violation, row.id).state == "closed"
    day = TODAY + timedelta(days=181)
    with clock.at(day):
        assert nightly.run("end-overdue-suspensions", day).done == [suspended.id]
    assert fresh(Agreement, key).state == "lapsed"


def test_request_and_resumption_through_the_doors(app, db, staff, agreement):
    row = made.suspended(agreement, staff, on=TODAY)
    own = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    session.commit()
    step(app, own, f"/portal/suspensions/{row.id}/resumption", text="已逐条整改。")
    assert fresh(Suspension, row.id).resumption_requested_on == TODAY
    page = client_for(app, staff[Role.REVIEWER]).get(f"/suspensions/{row.id}")
    assert f"/suspensions/{row.id}/resume" in forms(page.text)
    step(app, staff[Role.REVIEWER], f"/suspensions/{row.id}/resume", opinion="核查合格。")
    assert fresh(Agreement, agreement.id).state == "concluded"


def test_the_ground_picker_offers_only_the_own_order(app, db, staff, agreement, kind):
    page = client_for(app, staff[Role.CLERK]).get(f"/cases/new?agreement={agreement.id}").text
    offered = set(re.findall(r'value="((?:suspend|terminate):\w+)"', page))
    own, others = {"pharmacy": ("PH", 4 + 17), "hospital": ("MI", 4 + 14)}[kind]
    assert len(offered) == others
    assert {key.split(":")[1][:2] for key in offered} == {own}


def test_the_list_is_filtered_and_exported_alike(app, db, staff, case, kind):
    client = client_for(app, staff[Role.CLERK])
    other = {"pharmacy": "medical", "hospital": "pharmacy"}[kind]
    assert case.number in client.get("/cases?state=registered").text
    assert case.number not in client.get("/cases?state=closed").text
    assert case.number not in client.get(f"/cases?kind={other}").text
    sheet = client.get("/cases?format=csv&measure=suspend")
    assert case.number in sheet.data.decode("utf-8-sig")
    assert client.get("/cases?format=xlsx").data[:2] == b"PK"


def test_another_region_finds_no_case(app, db, case):
    client = client_for(app, factories.actor(Role.CLERK, region="990999"))
    assert client.get(f"/cases/{case.id}").status_code == 404
    assert case.number not in client.get("/cases").text


@pytest.mark.parametrize("role", STRANGERS)
def test_administrators_and_institutions_see_no_cases(app, db, staff, case, role):
    assert client_for(app, staff[role]).get("/cases").status_code == 403
    own = factories.actor(Role.INSTITUTION, institution=case.institution)
    assert client_for(app, own).get(f"/cases/{case.id}").status_code == 403


def _stages(staff, agreement):
    """One case in every state in which somebody has something to do."""
    rows = [made.case(agreement, staff, on=TODAY) for _ in range(5)]
    for count, row in enumerate(rows):
        if count == 1:
            act.give_notice(row, actor=staff[Role.INSPECTOR], on=TODAY)
        if count > 1:
            made.heard(row, staff, on=TODAY)
            act.propose(row, opinion="建议。", actor=staff[Role.INSPECTOR], on=TODAY)
        if count > 2:
            act.review(row, opinion="同意。", actor=staff[Role.REVIEWER], on=TODAY)
    act.approve(rows[4], opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    session.commit()
    return rows


@pytest.mark.parametrize("role", OFFICE)
def test_no_visible_button_answers_403(app, db, staff, agreement, role):
    client = client_for(app, staff[role])
    keys = [row.id for row in _stages(staff, agreement)]
    suspended = session.query(Suspension).one().id
    pages = [f"/cases/{key}" for key in keys] + [f"/suspensions/{suspended}"]
    pressed = 0
    for page in pages:
        shown = client.get(page)
        assert shown.status_code == 200, shown.text
        for action in forms(shown.text):
            if "/logout" in action:
                continue
            answer = post(client, action, opinion="意见。", text="整改。")
            assert answer.status_code in (303, 409), (page, action, answer.status_code)
            pressed += 1
    expected = {Role.CLERK: 4, Role.INSPECTOR: 3, Role.REVIEWER: 3, Role.LEADER: 1}
    assert pressed >= expected.get(role, 0)
    assert role in expected or pressed == 0


def test_a_stale_case_page_decides_nothing(app, db, staff, case):
    answer = post(
        client_for(app, staff[Role.INSPECTOR]), f"/cases/{case.id}/notice", version=case.version - 1
    )
    assert answer.status_code == 409
    assert fresh(Violation, case.id).state == "registered"


def test_who_else_is_hit_stands_on_the_case_page(app, db, staff):
    person = factories.id_number(961)
    origin, other = (made.concluded(factories.institution("pharmacy")) for _ in range(2))
    for row in (origin, other):
        factories.office(row.institution, "controller", person)
    row = made.case(origin, staff, on=TODAY, measure="terminate", number=4)
    session.commit()
    page = client_for(app, staff[Role.LEADER]).get(f"/cases/{row.id}").text
    assert other.institution.code in page
    assert "第四十条第十四项" in page
    assert "2029-06-15" in page  # the ban of 36 months in the preview of the letter


def test_overdue_without_proof_is_shown_to_a_person(app, db, staff, agreement):
    row = made.suspended(agreement, staff, on=TODAY)
    session.commit()
    with clock.at(TODAY + timedelta(days=181)):
        page = client_for(app, staff[Role.CLERK]).get("/cases").text
        assert f"/suspensions/{row.id}" in page
        assert "送达凭证" in page
