"""Through the doors: a person's page, recording, and the second person's decision; nobody meets a button that says 403."""

import re
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from actions import deductions
from database import session
from models import Deduction, Penalty, Practitioner, Registration, User
from queries import practitioners
from rules.permissions import Role
from tests import factories, web
from tests import factories_practitioner as make

NUMBER = factories.id_number(888)


@pytest.fixture
def person(db, kind):
    row, place = make.practitioner(kind)
    db.commit()
    return row, place


def form(place, **changes):
    day = changes.pop("decided_on", date(2026, 6, 10))
    known = select(Penalty).where(Penalty.institution_id == place.id, Penalty.decided_on == day)
    basis = session.scalar(known) or make.penalty(place, day)
    session.commit()
    return {
        "institution_id": place.id,
        "basis": f"penalty-{basis.id}",
        "conduct_on": "2026-05-10",
        "item": "serious_other",
        "responsibility": "important",
        "points": "9",
        "facts_text": "示例事实",
        **changes,
    }


def recorded(client, person, **changes):
    row, place = person
    return web.post(client, f"/deductions/new?practitioner={row.id}", **form(place, **changes))


def test_from_the_page_of_a_person_to_a_suspension(app, db, staff, person):
    row, place = person
    clerk = web.client_for(app, staff[Role.CLERK])
    page = clerk.get(f"/practitioners/{row.id}").text
    assert f"/deductions/new?practitioner={row.id}" in page
    assert clerk.get(f"/deductions/new?practitioner={row.id}").status_code == 200
    answer = recorded(clerk, person)
    assert answer.status_code == 303, answer.text
    shown = web.flashes(clerk, answer).text
    assert "等待复核" in shown
    assert "/confirm" not in shown

    reviewer = web.client_for(app, staff[Role.REVIEWER])
    case = reviewer.get(answer.headers["Location"]).text
    assert "暂停医保支付资格，按表为 1 个月" in case
    version = re.search(r'name="version" value="(\d+)"', case)[1]
    assert "确认后达到机构联动比例" in case
    unseen = web.post(reviewer, answer.headers["Location"] + "/confirm", version=version)
    assert unseen.status_code == 409
    warned = re.search(r'name="warned" value="([^"]+)"', case)[1]
    confirmed = web.post(
        reviewer, answer.headers["Location"] + "/confirm", version=version, warned=warned
    )
    assert confirmed.status_code == 303, confirmed.text
    after = web.flashes(reviewer, confirmed).text
    assert "2026 年累计 9 分" in after
    assert "2026-07-15" in after
    whole = reviewer.get(f"/practitioners/{row.id}").text
    assert "暂停至 2026-07-15" in whole
    assert "满分 12 分" in whole
    assert place.name in whole


def test_the_same_form_twice_records_once(app, db, staff, person):
    clerk = web.client_for(app, staff[Role.CLERK])
    first = recorded(clerk, person, operation_id="a" * 20)
    again = recorded(clerk, person, operation_id="a" * 20)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(db.scalars(select(Deduction)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"points": "13"}, 400, "1 至 12"),
        ({"points": "x"}, 400, "记分"),
        ({"basis": ""}, 400, "请选择处理决定"),
        ({"basis": "penalty-0"}, 400, "所依据的处理决定"),
        ({"conduct_on": "10.6.2026"}, 400, "不是日期"),
        ({"item": "light_other"}, 409, "应记 1 至 3 分"),
        ({"conduct_on": "2023-01-01"}, 409, "没有在"),
        ({"item_2": "serious_impersonation", "points_2": "3"}, 409, "应记 7 至 9 分"),
        ({"item_2": "serious_other", "points_2": "8"}, 409, "选择了两次"),
        ({"decided_on": date(2026, 7, 1)}, 400, "所依据的处理决定"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(app, db, staff, person, changes, status, words):
    answer = recorded(web.client_for(app, staff[Role.CLERK]), person, **changes)
    assert answer.status_code == status
    assert words in answer.text
    assert db.scalars(select(Deduction)).all() == []


def test_the_recorder_who_became_reviewer_finds_no_button_and_no_way(app, db, staff, person):
    row, place = person
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    db.get_one(User, staff[Role.CLERK].id).role = Role.REVIEWER
    db.commit()
    client = web.client_for(app, staff[Role.CLERK])
    page = client.get(f"/deductions/{entry.id}").text
    assert "应当由他人办理" in page
    assert [one for one in web.forms(page) if "/deductions/" in one] == []
    for verb in ("confirm", "reject"):
        answer = web.post(
            client, f"/deductions/{entry.id}/{verb}", version=entry.version, reason="示例"
        )
        assert answer.status_code == 403
    db.expire_all()
    assert db.get_one(Deduction, entry.id).state == "recorded"


def test_sending_back_needs_a_reason_and_leaves_the_total_alone(app, db, staff, person):
    row, place = person
    entry = make.recorded(row, place, 12, staff[Role.CLERK])
    db.commit()
    client = web.client_for(app, staff[Role.REVIEWER])
    assert web.post(client, f"/deductions/{entry.id}/reject", reason=" ").status_code == 409
    assert web.post(client, f"/deductions/{entry.id}/reject", reason="示例理由").status_code == 303
    page = client.get(f"/deductions/{entry.id}").text
    assert "复核未通过" in page
    assert practitioners.status(row, date(2026, 6, 15)).status == "normal"


def test_a_stale_form_is_refused(app, db, staff, person):
    row, place = person
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    db.commit()
    client = web.client_for(app, staff[Role.REVIEWER])
    answer = web.post(client, f"/deductions/{entry.id}/confirm", version=entry.version + 1)
    assert (answer.status_code, "已被他人处理" in answer.text) == (409, True)


@pytest.mark.parametrize("role", factories.STAFF)
def test_a_button_that_is_seen_never_answers_403(app, db, staff, role):
    row, place = make.practitioner()
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    db.commit()
    client = web.client_for(app, staff[role])
    pages = ["/practitioners", f"/practitioners/{row.id}", "/deductions", f"/deductions/{entry.id}"]
    for path in pages:
        page = client.get(path)
        if page.status_code == 403:
            continue
        assert page.status_code == 200 or role in (Role.SYSADMIN, Role.SECADMIN, Role.LOGADMIN)
        links = set(re.findall(r'href="(/(?:practitioners|deductions)[^"#]*)"', page.text))
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code in (200, 400), link
        for action in web.forms(page.text):
            if action.startswith(("/practitioners", "/deductions")):
                assert web.post(client, action, reason="示例").status_code in (
                    200,
                    303,
                    400,
                    409,
                ), action


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.LOGADMIN])
def test_administrators_see_no_business_data(app, db, staff, role):
    row, place = make.practitioner()
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    db.commit()
    client = web.client_for(app, staff[role])
    for path in (
        "/practitioners",
        f"/practitioners/{row.id}",
        "/deductions",
        f"/deductions/{entry.id}",
    ):
        assert client.get(path).status_code in (403, 404)


def test_another_region_finds_nobody(app, db, staff, kind, person):
    row, place = person
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    stranger = factories.actor(Role.CLERK, region="990200")
    other = factories.actor(Role.REVIEWER, region="990200")
    db.commit()
    client = web.client_for(app, stranger)
    for path in (
        f"/practitioners/{row.id}",
        f"/deductions/{entry.id}",
        f"/deductions/new?practitioner={row.id}",
    ):
        assert client.get(path).status_code == 404
    assert row.name not in client.get("/practitioners").text
    assert entry.number not in client.get("/deductions").text
    assert recorded(client, person).status_code == 404
    assert (
        web.post(web.client_for(app, other), f"/deductions/{entry.id}/confirm").status_code == 404
    )


def test_a_second_site_in_another_region_opens_the_file_there(app, db, staff, kind, person):
    row, _place = person
    there = factories.institution(kind, region="990200")
    make.registered(row, there)
    clerk = factories.actor(Role.CLERK, region="990200")
    db.commit()
    client = web.client_for(app, clerk)
    assert row.name in client.get("/practitioners").text
    assert client.get(f"/practitioners/{row.id}").status_code == 200
    assert recorded(client, (row, there)).status_code == 303
    assert recorded(client, person).status_code == 400


def test_the_list_filters_and_the_sheet_agree(app, db, staff, kind):
    people = [make.practitioner(kind) for _ in range(3)]
    for points, (row, place) in zip([9, 12], people, strict=False):
        entry = make.recorded(row, place, points, staff[Role.CLERK])
        deductions.confirm(entry, actor=staff[Role.REVIEWER], on=make.JUNE)
    db.commit()
    client = web.client_for(app, staff[Role.CLERK])
    codes = [row.code for row, _place in people]
    for query, expected in [
        ("", set(codes)),
        ("status=suspended", {codes[0]}),
        ("status=revoked", {codes[1]}),
        ("status=normal", {codes[2]}),
        ("points=9", {codes[0], codes[1]}),
        (f"q={codes[2]}", {codes[2]}),
        ("role=nurse", set()),
        ("status=nonsense&points=x&sort=x&page=9", set()),
    ]:
        page = client.get(f"/practitioners?{query}").text
        assert {code for code in codes if code in page} == expected, query
    book = CalamineWorkbook.from_filelike(
        BytesIO(client.get("/practitioners?points=9&format=xlsx").data)
    )
    sheet = book.get_sheet_by_index(0).to_python()
    assert {row[0] for row in sheet[1:]} == {codes[0], codes[1]}
    text = client.get("/deductions?format=csv").data.decode("utf-8-sig")
    assert [line.count("JF2026") for line in text.splitlines()] == [0, 1, 1]
    assert "打印人" in client.get("/practitioners?print=1").text


def test_a_clerk_registers_somebody_and_notes_that_he_left(app, db, staff, kind):
    place = factories.institution(kind)
    db.commit()
    client = web.client_for(app, staff[Role.CLERK])
    role, code = (
        ("physician", "D990123900002") if kind == "hospital" else ("pharmacist", "YS990123900002")
    )
    given = {
        "institution_code": place.code,
        "role": role,
        "code": code,
        "name": "样例丙",
        "id_number": NUMBER,
        "licence_number": "",
        "licence_valid_to": "",
        "from_on": "2026-06-01",
    }
    assert web.post(client, "/practitioners/new", **{**given, "from_on": ""}).status_code == 400
    assert (
        web.post(client, "/practitioners/new", **{**given, "institution_code": "H0"}).status_code
        == 409
    )
    answer = web.post(client, "/practitioners/new", **given)
    assert answer.status_code == 303, answer.text
    page = web.flashes(client, answer).text
    assert NUMBER not in page
    assert NUMBER[:3] + "****" + NUMBER[-4:] in page
    row = db.scalars(select(Practitioner)).one()
    here = db.scalars(select(Registration)).one()
    leaving = f"/registrations/{here.id}/leave"
    assert leaving in web.forms(client.get(f"/registrations/{here.id}").text)
    assert web.post(client, leaving, to_on="2026-06-15").status_code == 303
    db.expire_all()
    assert db.scalars(select(Registration)).one().to_on == date(2026, 6, 15)
    assert "2026-06-15" in client.get(f"/practitioners/{row.id}").text


def test_serving_the_letter_starts_the_objection_clock_on_the_page(app, db, staff, person):
    row, place = person
    entry = make.recorded(row, place, 3, staff[Role.CLERK])
    deductions.confirm(entry, actor=staff[Role.REVIEWER], on=make.JUNE)
    db.commit()
    client = web.client_for(app, staff[Role.CLERK])
    page = client.get(f"/deductions/{entry.id}").text
    assert "尚未登记送达" in page
    letter = re.search(r'href="(/documents/\d+)"', page)[1]
    served = {"served_on": "2026-06-10", "method": "直接送达", "proof": "示例回证"}
    assert web.post(client, letter + "/service", **served).status_code == 303
    assert "2026-06-25" in client.get(f"/deductions/{entry.id}").text
