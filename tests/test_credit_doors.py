"""Objections, corrections, restorations and self-assessments through the pages: institution, public, counter, chief."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import cycle_notices, cycles
from models import Cycle, GradeChange, Rating, RatingObjection, SelfAssessment
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories, factories_cycle
from tests.factories_cycle import ON
from tests.web import client_for, forms, post

PDF = b"%PDF-1.4 x"


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


def rating_of(db, cycle, place) -> Rating:
    query = select(Rating).where(Rating.cycle_id == cycle.id, Rating.institution_id == place.id)
    return db.scalars(query).one()


def paper():
    return (io.BytesIO(PDF), "示例证明.pdf")


def test_an_objection_goes_from_the_portal_to_the_corrected_letter(app, db, staff, place):
    """Upheld → replay → differences → new letter, through the pages."""
    cycle = factories_cycle.published(staff)
    rating = rating_of(db, cycle, place)
    owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    db.commit()
    own = "/portal/grades"
    assert f"/portal/ratings/{rating.id}/objection" in owner.get(own).text
    answer = post(
        owner, f"/portal/ratings/{rating.id}/objection", text="案件已撤销。", files=paper()
    )
    mine = answer.headers["Location"]
    assert f"/portal/ratings/{rating.id}/objection" not in owner.get(own).text  # one is open
    row = db.scalars(select(RatingObjection)).one()
    page = f"/rating-objections/{row.id}"
    chief = client_for(app, staff[Role.CHIEF])
    assert client_for(app, staff[Role.CLERK]).get(f"{page}/files/0").data == PDF
    assert post(chief, f"{page}/accept").status_code == 303
    assert "异议标注" in owner.get(own).text
    assert "异议标注" in chief.get(f"/ratings/{rating.id}").text
    assert "异议标注" in chief.get(f"/ratings/list?cycle={cycle.id}").text
    wrong = post(chief, f"{page}/correct", fact="violations_confirmed", after="0", opinion="属实。")
    assert wrong.status_code == 400  # neither reason nor evidence
    fixed = {"reason": "已撤销。", "evidence": "示例案卷", "opinion": "属实。"}
    done = post(chief, f"{page}/correct", fact="violations_confirmed", after="0", **fixed)
    assert done.status_code == 303
    assert "已更正" in owner.get(mine).text
    clerk = client_for(app, staff[Role.CLERK])
    answer = post(clerk, f"/ratings/cycles/{cycle.id}/replay")
    differences = clerk.get(answer.headers["Location"]).text
    assert "由1更正为0" in differences
    assert differences.count(row.number) == 1  # the objection behind it
    assert place.name in differences
    run = db.scalars(select(Cycle).where(Cycle.replaces_id == cycle.id)).one()
    factories_cycle.decided(factories_cycle.reviewed(run, staff), staff)
    db.commit()
    leader = client_for(app, staff[Role.LEADER])
    path = f"/ratings/cycles/{run.id}"
    assert post(leader, f"{path}/publish", read="y").status_code == 303
    assert "更正告知书" in owner.get("/portal/documents").text
    batch = post(clerk, f"{path}/letters").headers["Location"]
    assert "更正告知书" in clerk.get(batch).text
    assert "已作废" in clerk.get(f"/ratings/cycles/{cycle.id}").text


def test_the_public_objects_on_notice_and_the_institution_never_learns_who(app, db, staff, place):
    cycle = factories_cycle.reviewed(factories_cycle.started(staff), staff)
    rating = rating_of(db, cycle, place)
    stranger = app.test_client()
    db.commit()
    form = f"/public/credit-notices/ratings/{rating.id}/objection"
    assert stranger.get(form).status_code == 404  # not on notice yet
    cycle_notices.announce(cycle, channel="示例网站", actor=staff[Role.CLERK], on=ON)
    db.commit()
    assert cycle.name in stranger.get("/public/notices").text
    assert place.name in stranger.get(f"/public/credit-notices/{cycle.id}").text
    given = {"raised_by": "示例公众", "contact": "示例电话", "text": "反映事实有误。"}
    assert post(stranger, form, **given | {"contact": ""}).status_code == 400
    assert post(stranger, form, **given | {"website": "x"}).status_code == 303
    assert db.scalars(select(RatingObjection)).all() == []  # a machine filled in the trap
    assert post(stranger, form, **given).status_code == 303
    row = db.scalars(select(RatingObjection)).one()
    owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    db.commit()
    assert owner.get(f"/portal/rating-objections/{row.id}").status_code == 404
    for path in ("/portal/grades", "/portal/documents", "/portal/"):
        assert "示例公众" not in owner.get(path).text
    chief = client_for(app, staff[Role.CHIEF])
    post(chief, f"/rating-objections/{row.id}/accept")
    post(chief, f"/rating-objections/{row.id}/uphold", opinion="不属实。")
    assert "答复书" not in owner.get("/portal/documents").text
    with clock.at(cycle.notice_to + timedelta(days=1)):
        assert stranger.get(form).status_code == 404
        assert stranger.get(f"/public/credit-notices/{cycle.id}").status_code == 404


def test_a_late_objection_at_the_counter_is_kept_out_with_its_ground(app, db, staff, place):
    cycle = factories_cycle.served(factories_cycle.published(staff), staff)
    rating = rating_of(db, cycle, place)
    db.commit()
    with clock.at(date(2026, 6, 24)):  # the last day was 23 June
        clerk = client_for(app, staff[Role.CLERK])
        answer = post(clerk, f"/ratings/{rating.id}/objection", text="迟了。")
        page, chief = answer.headers["Location"], client_for(app, staff[Role.CHIEF])
        assert "超过提出异议的期限，不能受理" in chief.get(page).text
        assert f"{page}/accept" not in forms(chief.get(page).text)
        assert post(chief, f"{page}/decline", ground="late", opinion="").status_code == 409
        assert post(chief, f"{page}/decline", ground="late", opinion="已届满。").status_code == 303
        assert "不予受理" in chief.get(page).text


def test_a_restoration_goes_through_the_pages_by_three(app, db, staff, place):
    cycle = factories_cycle.published(staff)
    rating = rating_of(db, cycle, place)
    db.commit()
    with clock.at(date(2026, 9, 16)):
        owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
        db.commit()
        ask = f"/portal/ratings/{rating.id}/restoration"
        assert ask in owner.get("/portal/grades").text
        assert post(owner, ask, text="已整改。").status_code == 409  # without proofs
        answer = post(owner, ask, text="已整改。", files=paper())
        row = db.scalars(select(GradeChange)).one()
        page, clerk = f"/grade-changes/{row.id}", client_for(app, staff[Role.CLERK])
        given = {"to": "excellent", "reason": "已验收。", "basis": "方案第九条"}
        assert post(clerk, f"{page}/examine", **given).status_code == 303
        assert post(clerk, f"{page}/confirm").status_code == 403
        assert post(client_for(app, staff[Role.REVIEWER]), f"{page}/confirm").status_code == 303
        assert "优秀" in owner.get(answer.headers["Location"]).text
        assert "信用修复" in owner.get("/portal/grades").text


def test_an_institution_looks_at_its_own_frozen_facts_and_only_at_those(app, db, staff, place):
    clerk = staff[Role.CLERK]
    given = {"scheme": factories_cycle.SCHEME, "begin": "freeze", "name": "自评周期"}
    days = {"from_on": "2026-01-01", "to_on": "2026-05-31"}
    db.commit()
    browser = client_for(app, clerk)
    path = post(browser, "/ratings/cycles/new", **given, **days).headers["Location"]
    cycle = db.scalars(select(Cycle)).one()
    assert (cycle.state, cycle.ratings) == ("frozen", [])
    assert "尚未测算" in browser.get(path).text
    owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    other = client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution("pharmacy"))
    )
    db.commit()
    own = f"/portal/self-assessments/{cycle.id}"
    assert owner.get(own).status_code == 404  # not opened yet
    assert post(browser, f"{path}/invite").status_code == 303
    assert "待自评" in owner.get("/portal/grades").text
    assert other.get(own).status_code == 404  # not rated
    assert post(owner, own, violations_confirmed="0").status_code == 409  # no reason
    named = {"violations_confirmed": "0", "why-violations_confirmed": "已撤销"}
    assert post(owner, own, **named).status_code == 303
    assert post(browser, f"{path}/compute").status_code == 303  # everybody has answered
    (row,) = db.scalars(select(SelfAssessment)).all()
    assert [(item["found"], item["stated"]) for item in row.items] == [("1", "0")]
    assert cycle.facts[0]["violations_confirmed"] == 1  # stated, not changed
    assert owner.get(own).status_code == 404


def test_a_rating_is_not_worked_out_while_somebody_may_still_assess_itself(db, staff, place):
    cycle = cycles.freeze(
        "自评周期", *factories_cycle.YEAR, factories_cycle.SCHEME, actor=staff[Role.CLERK], on=ON
    )
    cycle_notices.invite(cycle, actor=staff[Role.CLERK], on=ON)
    # ten working days after Monday 15 June, without the holiday on the 19th: 30 June
    assert cycle.assess_until == date(2026, 6, 30)
    with pytest.raises(Refused, match="还有 1 家没有提交"):
        cycles.compute(cycle, actor=staff[Role.CLERK], on=date(2026, 6, 30))
    cycles.compute(cycle, actor=staff[Role.CLERK], on=date(2026, 7, 1))
    assert cycle.state == "computed"
