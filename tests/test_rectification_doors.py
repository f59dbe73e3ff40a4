"""整改 through the pages: ordered at the desk, answered in the portal, verified and closed out; and who answers for whom."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from actions import rectifications, responsible_inspectors, work_items
from database import session
from models import Rectification, ResponsibleInspector, User
from queries import renewal_facts
from queries import responsible_inspectors as inspectors
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests import factories_rectification as world
from tests.conftest import TODAY
from tests.web import client_for, post

ONE = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\nsample"


def photo(name="整改后.png"):
    return (io.BytesIO(PNG), name)


def fresh(row_id):
    session.expire_all()
    return session.get_one(Rectification, row_id)


def answer_in_the_portal(portal, row):
    key = row.id
    assert row.number in portal.get("/portal/").text
    own = f"/portal/rectifications/{key}"
    early = post(portal, f"{own}/submit")
    assert early.status_code == 409
    assert "第 1 项缺少整改情况" in early.text
    for item in row.items:
        said = {"text": "已补正。", "unit": "医保办", "person": "样某某"}
        path = f"{own}/items/{item.id}"
        assert post(portal, path, **said, after=(io.BytesIO(b"MZ"), "坏.pdf")).status_code == 409
        given = {"before": photo("整改前.png"), "after": photo()}
        assert post(portal, path, **said, **given).status_code == 303
    assert post(portal, f"{own}/submit").status_code == 303
    assert "待验收" in portal.get(own).text


def judge_twice(portal, verifier, row):
    key, own = row.id, f"/portal/rectifications/{row.id}"
    page = verifier.get(f"/rectifications/{key}").text
    assert "整改前.png" in page
    file = fresh(key).items[0].files[0]
    assert verifier.get(f"/rectifications/{key}/files/{file.id}").data == PNG
    assert portal.get(f"{own}/files/{file.id}").data == PNG
    first, second = (one.id for one in fresh(key).items)
    office = f"/rectifications/{key}"
    assert post(verifier, f"{office}/items/{first}/close", remark="属实").status_code == 303
    assert "属实" not in portal.get(own).text  # while a verification runs its verdicts are not told
    assert post(verifier, f"{office}/items/{second}/return", remark="看不清").status_code == 303
    back = post(verifier, f"{office}/conclude", opinion="一项没有到位。", due_on="2026-07-20")
    assert back.status_code == 303
    assert "看不清" in portal.get(own).text
    again = {"text": "重新拍照。", "unit": "医保办", "person": "样某某", "after": photo("重拍.png")}
    assert post(portal, f"{own}/items/{second}", **again).status_code == 303
    assert post(portal, f"{own}/submit").status_code == 303
    assert post(verifier, f"{office}/items/{second}/close").status_code == 303
    assert post(verifier, f"{office}/conclude", opinion="全部到位。").status_code == 303
    assert fresh(key).state == "closed"
    ledger = verifier.get("/rectifications?state=closed").text
    assert ledger.count(fresh(key).number) == 2
    assert verifier.get("/rectifications?format=csv").status_code == 200
    assert "整改验收意见书" in portal.get("/portal/documents").text


def test_an_order_goes_its_way_through_the_pages(app, staff, kind):
    place = factories.institution(kind)
    case = made.case(made.concluded(place), staff, on=TODAY)
    owner = world.owner(place)
    session.commit()
    desk = client_for(app, staff[Role.CLERK])
    way = f"/institutions/{place.id}/rectifications?source=violation&id={case.id}"
    assert way.replace("&", "&amp;") in desk.get(f"/cases/{case.id}").text
    typed = {
        "source": "violation", "basis": "服务协议第二十一条", "due_on": "2026-07-15",
        "items-0-problem": "记录没有签名", "items-0-measure": "补正", "items-1-problem": "", "items-2-problem": "标识没有公示",
        "items-2-measure": "公示", "items-2-due_on": "2026-06-30",
    }  # fmt: skip
    more = post(desk, way, **typed, more="1")
    assert (more.status_code, "items-5-problem" in more.text) == (200, True)
    assert "记录没有签名" in more.text
    answer = post(desk, way, **typed)
    assert answer.status_code == 303, answer.text
    key = int(answer.headers["Location"].rsplit("/", 1)[1])
    row = fresh(key)
    assert [(one.position, one.problem, str(one.due_on)) for one in row.items] == [
        (1, "记录没有签名", "2026-07-15"),
        (2, "标识没有公示", "2026-06-30"),
    ]
    assert row.number in desk.get(f"/cases/{case.id}").text
    portal = client_for(app, owner)
    answer_in_the_portal(portal, row)
    judge_twice(portal, client_for(app, staff[Role.INSPECTOR]), row)


def test_a_neighbour_and_another_region_find_nothing(app, staff):
    row = world.ordered(factories.institution(), staff)
    neighbour = world.owner(factories.institution())
    stranger = factories.actor(Role.INSPECTOR, region="990124")
    session.commit()
    key, item = row.id, row.items[0].id
    portal = client_for(app, neighbour)
    assert portal.get(f"/portal/rectifications/{key}").status_code == 404
    said = {"text": "已改", "unit": "甲", "person": "乙"}
    assert post(portal, f"/portal/rectifications/{key}/items/{item}", **said).status_code == 404
    assert post(portal, f"/portal/rectifications/{key}/submit").status_code == 404
    away = client_for(app, stranger)
    assert away.get(f"/rectifications/{key}").status_code == 404
    assert row.number not in away.get("/rectifications").text


def test_an_item_of_another_order_is_not_found(app, staff):
    one, other = (world.ordered(factories.institution(), staff) for _ in range(2))
    session.commit()
    desk = client_for(app, staff[Role.CLERK])
    said = {"text": "已改", "unit": "甲", "person": "乙"}
    path = f"/rectifications/{one.id}/items/{other.items[0].id}/answer"
    assert post(desk, path, **said).status_code == 404


def test_a_stale_page_of_an_order_is_refused(app, staff):
    place = factories.institution()
    row, owner = world.ordered(place, staff), world.owner(place)
    session.commit()
    seen = row.version
    world.submitted(row, owner)
    session.commit()
    reviewer = client_for(app, staff[Role.REVIEWER])
    path = f"/rectifications/{row.id}/cancel"
    answer = post(reviewer, path, remark="问题不成立", version=seen)
    assert answer.status_code == 409
    assert "已被他人处理" in answer.text


def test_the_decision_sheet_of_a_renewal_names_what_is_not_put_right(staff, kind):
    place = factories.institution(kind)
    agreement = made.concluded(place)

    def fact(day=TODAY):
        found = renewal_facts.of(agreement, day)
        return next(one for one in found if one.trigger == "open_rectification")

    assert (fact().value, fact().hit) == ("无", False)
    row = world.ordered(place, staff)
    assert (fact().value, fact().hit) == (f"{row.number}（期限 2026-07-15）", True)
    assert "已逾期" in fact(row.due_on + ONE).value
    world.closed(row, world.owner(place), staff[Role.INSPECTOR])
    assert fact().hit is False


# Who answers for which institution


def named(staff, place, who, on=TODAY):
    user = session.get_one(User, who.id)
    return responsible_inspectors.assign([place], user, actor=staff[Role.CHIEF], on=on)


def test_one_inspector_at_a_time_answers_and_the_former_ends_the_day_before(staff, kind):
    place, second = factories.institution(kind), factories.actor(Role.INSPECTOR)
    named(staff, place, staff[Role.INSPECTOR], TODAY - 9 * ONE)
    assert len(named(staff, place, second)) == 1
    assert named(staff, place, second) == []  # the same once more changes nothing
    found = [inspectors.on_day(place.id, TODAY + step * ONE).name for step in (-1, 0, 1)]
    assert found == [staff[Role.INSPECTOR].name, second.name, second.name]
    assert inspectors.on_day(place.id, TODAY - 10 * ONE) is None
    assert session.query(ResponsibleInspector).count() == 2


def test_only_the_chief_names_and_only_inspectors_whose_accounts_are_on(staff):
    place = factories.institution()
    with pytest.raises(Refused, match="在用的稽核岗人员"):
        named(staff, place, staff[Role.CLERK])
    with pytest.raises(Refused, match="不在同一统筹区"):
        named(staff, place, factories.actor(Role.INSPECTOR, region="990124"))
    user = session.get_one(User, staff[Role.INSPECTOR].id)
    with pytest.raises(Denied):
        responsible_inspectors.assign([place], user, actor=staff[Role.CLERK], on=TODAY)
    user.disabled_on = TODAY
    with pytest.raises(Refused, match="在用的稽核岗人员"):
        named(staff, place, staff[Role.INSPECTOR])


def test_what_waits_for_an_inspector_waits_for_whoever_answers(staff, kind):
    place, second = factories.institution(kind), factories.actor(Role.INSPECTOR)
    row = world.submitted(world.ordered(place, staff), world.owner(place))
    assert work_items.of(row).desk == "inspector"
    named(staff, place, staff[Role.INSPECTOR])
    assert work_items.of(row).desk == f"user:{staff[Role.INSPECTOR].id}"
    named(staff, place, second)
    assert work_items.of(row).desk == f"user:{second.id}"


def test_whoever_may_not_verify_is_not_handed_the_verification(staff):
    place = factories.institution()
    named(staff, place, staff[Role.INSPECTOR])
    row = rectifications.order(
        place, source=("audit", 0), source_text="稽核通知1号", items=world.TWO,
        due_on=TODAY + 9 * ONE, basis="协议", actor=staff[Role.INSPECTOR], on=TODAY,
    )  # fmt: skip
    world.submitted(row, world.owner(place))
    assert work_items.of(row).desk == "inspector"


def test_an_account_that_is_off_answers_for_nothing_more(staff):
    place = factories.institution()
    named(staff, place, staff[Role.INSPECTOR])
    session.get_one(User, staff[Role.INSPECTOR].id).disabled_on = TODAY
    row = world.submitted(world.ordered(place, staff), world.owner(place))
    assert work_items.of(row).desk == "inspector"


def test_the_chief_assigns_many_on_one_page(app, staff, kind):
    places = [factories.institution(kind) for _ in range(3)]
    session.commit()
    chief = client_for(app, staff[Role.CHIEF])
    keys, who = [place.id for place in places], staff[Role.INSPECTOR]
    assert post(chief, "/inspectors/assign", id=keys).status_code == 409
    assert post(chief, "/inspectors/assign", user_id=who.id).status_code == 409
    assert post(chief, "/inspectors/assign", id=keys[:2], user_id=who.id).status_code == 303
    left = chief.get("/inspectors?inspector=none").text
    assert [place.name in left for place in places] == [False, False, True]
    mine = chief.get(f"/inspectors?inspector={who.id}").text
    assert [place.name in mine for place in places] == [True, True, False]
    desk = client_for(app, staff[Role.CLERK])
    assert "指定所选机构" not in desk.get("/inspectors").text
    assert post(desk, "/inspectors/assign", id=keys, user_id=who.id).status_code == 403
