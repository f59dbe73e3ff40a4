"""The pages of a talk, as the inspector's desk and the institution use them."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import talks
from database import session
from models import Talk
from rules.permissions import Role
from rules.talks import Host, Person
from tests import factories
from tests import factories_practitioner as make
from tests.conftest import TODAY
from tests.web import client_for, flashes, post

PDF = b"%PDF-1.7 sample"


def signed():
    return (io.BytesIO(PDF), "签字件.pdf")


@pytest.fixture
def place(db, kind):
    return factories.institution(kind)


def called(client, place, **more):
    given = {
        "called": "法定代表人 样例甲\n医保负责人 样例乙",
        "planned_on": "2026-06-18",
        "planned_time": "上午9时",
        "place": "二楼会议室",
        "reason": "检查发现收费记录不全。",
    }
    return post(client, f"/talks/new?institution={place.id}", **{**given, **more})


@pytest.mark.law("P3-35", "M2-38")
def test_from_the_institution_to_the_filed_record(app, staff, place, kind):
    desk = client_for(app, staff[Role.INSPECTOR])
    assert (
        f"/talks/new?institution={place.id}" in desk.get(f"/institutions/{place.id}?tab=cases").text
    )
    form = desk.get(f"/talks/new?institution={place.id}").text
    article = "第三十五条第一项" if kind == "pharmacy" else "第三十八条第一项"
    assert article in form
    assert "最早 2026-06-18" in form
    answer = called(desk, place)
    assert answer.status_code == 303, answer.text
    page = flashes(desk, answer).text
    assert "待约谈" in page
    assert answer.headers["Location"] in desk.get("/worklist").text
    key = int(answer.headers["Location"].rpartition("/")[2])
    record = desk.get(f"/talks/{key}/record").text
    first = re.search(r'name="came"[^>]*value="(\d+)"', record)[1]
    assert re.findall(r"<input[^>]*checked[^>]*>", record) == []  # who came is nobody's guess
    version = re.search(r'name="version" value="(\d+)"', record)[1]
    with clock.at(date(2026, 6, 18)):
        desk = client_for(app, staff[Role.INSPECTOR])
        given = {
            "held_on": "2026-06-18",
            "came": first,
            "minutes": "指出问题。",
            "version": version,
        }
        few = post(desk, f"/talks/{key}/record", staff="稽核岗 甲", **given)
        assert (few.status_code, "不得少于 2 人" in few.text) == (409, True)
        held = post(desk, f"/talks/{key}/record", staff="稽核岗 甲\n经办岗 乙", **given)
        assert held.status_code == 303, held.text
        empty = post(desk, f"/talks/{key}/file")
        assert (empty.status_code, "签字" in empty.text) == (409, True)
        filed = post(desk, f"/talks/{key}/file", signed=signed())
        assert "已归档" in flashes(desk, filed).text
        assert desk.get(f"/talks/{key}/signed").data == PDF
        assert "样例甲" in desk.get("/talks?state=filed").text
        assert desk.get("/talks?format=xlsx").status_code == 200


def test_a_line_without_a_capacity_is_named(app, staff, place):
    desk = client_for(app, staff[Role.INSPECTOR])
    answer = called(desk, place, called="样例甲")
    assert answer.status_code == 400
    assert "没有写明职务和姓名" in answer.text


def own(staff, place):
    """The institution is asked to talk to its practitioner."""
    row = make.person()
    make.registered(row, place)
    talk = talks.call(
        place, source=None, called=[Person(row.name, "记分人员")], reason="本年累计记分 6 分。",
        basis="《示例》", planned_on=date(2026, 6, 30), place=place.name,
        actor=staff[Role.CLERK], on=TODAY, practitioner=row, host=Host.INSTITUTION,
    )  # fmt: skip
    session.commit()
    return talk.id, talk.called[0].id


def test_the_institution_holds_its_own_talk_and_the_agency_files_it(app, staff, place):
    key, person = own(staff, place)
    user = factories.actor(Role.INSTITUTION, institution=place)
    portal = client_for(app, user)
    assert "约谈本人并登记记录" in portal.get("/portal/").text
    assert "登记约谈记录" in portal.get(f"/portal/talks/{key}").text
    given = {"held_on": "2026-06-15", "came": person, "staff": "院长 甲\n科主任 乙"}
    answer = post(portal, f"/portal/talks/{key}/record", minutes="本人承诺改正。", **given)
    assert answer.status_code == 303, answer.text
    sent = post(portal, f"/portal/talks/{key}/signed", signed=signed())
    assert "等待经办机构归档" in flashes(portal, sent).text
    assert portal.get(f"/portal/talks/{key}/signed").data == PDF
    desk = client_for(app, staff[Role.CLERK])
    filed = post(desk, f"/talks/{key}/file")
    assert "已归档" in flashes(desk, filed).text


def test_an_institution_neither_sees_others_talks_nor_records_the_agency_s(app, staff, place, kind):
    key, _ = own(staff, place)
    stranger = client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    )
    assert stranger.get(f"/portal/talks/{key}").status_code == 404
    desk = client_for(app, staff[Role.INSPECTOR])
    theirs = called(desk, place).headers["Location"].rpartition("/")[2]
    portal = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    assert portal.get(f"/portal/talks/{theirs}").status_code == 200
    assert portal.get(f"/portal/talks/{theirs}/record").status_code == 404
    session.expire_all()
    assert session.scalar(select(Talk.state).where(Talk.id == int(theirs))) == "called"


def test_nobody_came_then_another_day_then_called_off_by_the_head_of_the_section(app, staff, place):
    desk = client_for(app, staff[Role.INSPECTOR])
    key = called(desk, place).headers["Location"].rpartition("/")[2]
    with clock.at(date(2026, 6, 18)):
        desk = client_for(app, staff[Role.INSPECTOR])
        missed = post(desk, f"/talks/{key}/miss", remark="电话通知后没有来。")
        assert "未到场" in flashes(desk, missed).text
        moved = post(desk, f"/talks/{key}/postpone", planned_on="2026-07-01", reason="再约。")
        assert "已改期至 2026-07-01" in flashes(desk, moved).text
        assert post(desk, f"/talks/{key}/cancel", remark="不需要。").status_code == 403
        chief = client_for(app, staff[Role.CHIEF])
        assert (
            "已取消"
            in flashes(chief, post(chief, f"/talks/{key}/cancel", remark="案件已撤销。")).text
        )
