"""信息变更 through the pages: both sides, what others do not see, forms twice, stale and wrong."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, text

from database import session
from models import Amendment, ChangeNotice, Document, UnfiledChange
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as agreed
from tests import factories_amendment as made
from tests.factories_amendment import change
from tests.web import client_for, flashes, post

PDF = b"%PDF-1.4 sample"
GIVEN = {"authority": "示例机关", "document_number": "示准8号", "approved_on": "2026-06-08"}


class House:
    def __init__(self, app, staff, kind):
        self.app, self.staff = app, staff
        self.place, self.other = factories.institution(kind), factories.institution(kind)
        for one in (self.place, self.other):
            agreed.concluded(one)
        self.owner, self.neighbour = made.owner_of(self.place), made.owner_of(self.other)
        session.commit()

    def client(self, who):
        return client_for(
            self.app, {"owner": self.owner, "neighbour": self.neighbour}.get(who) or self.staff[who]
        )


@pytest.fixture
def house(app, db, staff, kind):
    return House(app, staff, kind)


def fresh(key):
    session.expire_all()
    return session.get_one(Amendment, key)


def put(client, address, paper="示例.pdf", content=PDF, **given):
    file = {"file": (io.BytesIO(content), paper)} if paper else {}
    return post(client, address, **GIVEN, **given, **file)


@pytest.mark.law("P3-37", "M2-40")
def test_from_the_portal_to_the_confirmation(house):
    owner, clerk, reviewer = (house.client(who) for who in ("owner", Role.CLERK, Role.REVIEWER))
    key = int(post(owner, "/portal/amendments").headers["Location"].rsplit("/", 1)[1])
    page = f"/portal/amendments/{key}"
    assert put(owner, f"{page}/items/address", new="示例县样例新路8号").status_code == 303
    shown = owner.get(page).text
    assert ("2026-07-21" in shown, "示例县样例新路8号" in shown) == (True, True)
    assert post(owner, f"{page}/submit").status_code == 303
    assert owner.get(f"{page}/items/address").status_code == 404
    inside = f"/amendments/{key}"
    assert "审核通过，送复核" in clerk.get(inside).text
    assert post(clerk, f"{inside}/approve", opinion="同意").status_code == 403
    assert post(clerk, f"{inside}/check", opinion="齐全").status_code == 303
    assert post(reviewer, f"{inside}/approve", opinion=" ").status_code == 409
    before = reviewer.get(f"{inside}/preview.pdf")
    assert (before.status_code, before.data[:5]) == (200, b"%PDF-")
    assert session.scalars(select(Document)).all() == []
    assert post(reviewer, f"{inside}/approve", opinion="同意").status_code == 303
    assert fresh(key).state == "approved"
    assert reviewer.get(f"{inside}/preview.pdf").status_code == 404
    assert "医疗保障定点信息变更确认书" in owner.get("/portal/documents").text
    assert "登记事项变更（按期间）" in clerk.get(f"/institutions/{house.place.id}").text


def test_a_request_may_go_back_and_forth_on_the_pages(house):
    owner, clerk, reviewer = (house.client(who) for who in ("owner", Role.CLERK, Role.REVIEWER))
    key = made.submitted(house.place, house.owner, change("address")).id
    session.commit()
    post(clerk, f"/amendments/{key}/send-back", opinion="缺少示例页。")
    assert "缺少示例页。" in owner.get(f"/portal/amendments/{key}").text
    assert put(owner, f"/portal/amendments/{key}/items/scope", new="示例新范围").status_code == 303
    assert post(owner, f"/portal/amendments/{key}/items/scope/drop").status_code == 303
    post(owner, f"/portal/amendments/{key}/submit")
    post(clerk, f"/amendments/{key}/check", opinion="齐全")
    post(reviewer, f"/amendments/{key}/hand-back", opinion="请再核对。")
    assert fresh(key).state == "submitted"
    assert "确认撤回" in owner.get(f"/portal/amendments/{key}/withdraw").text
    assert post(owner, f"/portal/amendments/{key}/withdraw").status_code == 303
    assert (fresh(key).state, owner.get(f"/portal/amendments/{key}/withdraw").status_code) == (
        "withdrawn",
        404,
    )


def test_wrong_input_comes_back_with_its_reason(house):
    owner = house.client("owner")
    key = made.drafted(house.place, house.owner).id
    session.commit()
    page = f"/portal/amendments/{key}/items"
    wrong = put(owner, f"{page}/address", new="")
    fake = put(owner, f"{page}/address", new="示例新址", content=b"<html>")
    number = put(owner, f"{page}/principal", new="样某", id_number="123")
    unknown = owner.get(f"{page}/phone")
    assert [one.status_code for one in (wrong, fake, number, unknown)] == [400, 400, 409, 409]
    assert "请填写变更后的内容" in wrong.text
    assert "内容须与扩展名一致" in fake.text
    assert "身份证" in number.text
    assert "书面告知" in unknown.text


def test_nobody_else_learns_of_a_request(house):
    row = made.submitted(house.place, house.owner, change("address"))
    session.commit()
    neighbour = house.client("neighbour")
    elsewhere = client_for(house.app, factories.actor(Role.CLERK, region="990999"))
    for path in ("", "/items/address/file", "/withdraw"):
        assert neighbour.get(f"/portal/amendments/{row.id}{path}").status_code == 404
    assert post(neighbour, f"/portal/amendments/{row.id}/withdraw").status_code == 404
    for path in ("", "/items/address/file"):
        assert elsewhere.get(f"/amendments/{row.id}{path}").status_code == 404
    assert post(elsewhere, f"/amendments/{row.id}/check", opinion="齐全").status_code == 404
    assert row.number not in elsewhere.get("/amendments").text
    assert row.number.encode() not in elsewhere.get("/amendments?format=csv").data
    assert row.number.encode() in house.client(Role.CLERK).get("/amendments?format=csv").data


def test_the_same_form_twice_has_one_effect_and_a_stale_page_none(house):
    row = made.checked(house.place, house.owner, house.staff, change("address"))
    session.commit()
    key, seen = row.id, row.version
    reviewer = house.client(Role.REVIEWER)
    given = {"opinion": "同意", "operation_id": "approve-once-only", "version": seen}
    first, second = (post(reviewer, f"/amendments/{key}/approve", **given) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(session.scalars(select(Document).where(Document.kind == "amendment")).all()) == 1
    late = post(reviewer, f"/amendments/{key}/refuse", opinion="不同意", version=seen)
    assert (late.status_code, "已被他人处理" in late.text) == (409, True)


def test_whole_numbers_never_come_back_to_a_page(house, kind):
    field = "bank_account" if kind == "hospital" else "principal"
    number = "6222000000001234" if kind == "hospital" else factories.id_number(901)
    row = made.drafted(house.place, house.owner, change(field))
    session.commit()
    owner = house.client("owner")
    pages = [
        owner.get(f"/portal/amendments/{row.id}").text,
        owner.get(f"/portal/amendments/{row.id}/items/{field}").text,
    ]
    assert [number in page for page in pages] == [False, False]
    stored = session.execute(text("SELECT new_secret FROM amendment_item")).scalar_one()
    assert number not in stored


def test_a_finding_is_noted_verified_and_dismissed_on_its_pages(house):
    inspector, clerk = house.client(Role.INSPECTOR), house.client(Role.CLERK)
    new = f"/institutions/{house.place.id}/unfiled-changes"
    assert post(inspector, new, field="address", source="现场检查", text="").status_code == 400
    done = post(inspector, new, field="address", source="现场检查", text="现场与登记不一致。")
    page = done.headers["Location"]
    assert "核实，开始计算期限" in clerk.get(page).text
    assert post(clerk, f"{page}/verify", approved_on="", authority="示例").status_code == 400
    assert (
        post(clerk, f"{page}/verify", approved_on="2026-06-08", authority="示例").status_code == 303
    )
    assert "2026-07-21" in house.client("owner").get("/portal/amendments").text
    assert post(inspector, f"{page}/case", opinion="逾期").status_code == 409
    reviewer = house.client(Role.REVIEWER)
    assert post(reviewer, f"{page}/dismiss", opinion="登记无误。").status_code == 303
    assert session.scalars(select(UnfiledChange)).one().state == "dismissed"


def test_what_is_not_listed_is_told_and_put_on_record(house):
    owner, clerk = house.client("owner"), house.client(Role.CLERK)
    given = {"matter": "联系电话", "text": "示例号码", "changed_on": "2026-06-15"}
    assert (
        post(owner, "/portal/change-notices", **given | {"changed_on": "明天"}).status_code == 400
    )
    assert (
        post(owner, "/portal/change-notices", **given | {"changed_on": "2026-06-16"}).status_code
        == 409
    )
    told = post(owner, "/portal/change-notices", **given)
    assert "已告知" in flashes(owner, told).text
    row = session.scalars(select(ChangeNotice)).one()
    assert row.number in clerk.get("/worklist").text
    assert post(clerk, f"/amendments/notices/{row.id}/acknowledge", opinion="").status_code == 303
    session.expire_all()
    assert session.get_one(ChangeNotice, row.id).state == "acknowledged"
    again = post(clerk, f"/institutions/{house.place.id}/change-notices", **given)
    assert again.status_code == 303
