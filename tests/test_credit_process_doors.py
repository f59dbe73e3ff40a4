"""Who may, through the pages: the answer to the public, the bureau's approval, keys of other systems, the whole way of an objection."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import api_tokens
from actions import rating_objections as act
from actions.rating_objections import Said
from models import ApiToken, Cycle, Document, Rating, RatingObjection, SchemeDraft
from queries import api_tokens as ask_tokens
from rules.api_scopes import Scope
from rules.permissions import Denied, Role
from rules.rating_objections import ONLINE
from tests import factories, factories_cycle
from tests.factories_cycle import ON
from tests.web import client_for, post

DAY = timedelta(days=1)


# --- the answer to somebody of the public ---------------------------------------------------------------


@pytest.fixture
def answered(db, staff):
    """An objection of the public, answered by the chief; the reviewer had reviewed the cycle."""
    place = factories_cycle.quiet("pharmacy")
    cycle = factories_cycle.announced(staff, on=ON + factories_cycle.NOTICE)
    (rating,) = cycle.ratings
    said = Said("示例公众", "不属实。", "示例市示例路1号", ONLINE)
    row = act.raise_objection(rating, said, actor=staff[Role.CLERK], on=ON)
    act.accept(row, actor=staff[Role.CHIEF], on=ON)
    letter = act.uphold(row, opinion="与案卷一致。", actor=staff[Role.CHIEF], on=ON)
    db.commit()
    return row, letter, place


@pytest.mark.once
def test_who_objected_is_known_to_those_who_judge_and_to_nobody_else(app, db, staff, answered):
    row, letter, place = answered
    posting, paper = f"/rating-objections/{row.id}/posting", f"/documents/{letter.id}"
    chief = client_for(app, staff[Role.CHIEF])
    assert "示例市示例路1号" in chief.get(posting).text
    assert chief.get(paper).status_code == 200
    owner = factories.actor(Role.INSTITUTION, institution=place)
    stranger = factories.actor(Role.CHIEF, region="990999")
    db.commit()
    for actor in (
        *(staff[role] for role in Role if role in staff and role is not Role.CHIEF),
        owner,
        stranger,
    ):
        browser = client_for(app, actor)
        for path in (
            posting,
            paper,
            f"{paper}/file.pdf",
            f"/rating-objections/{row.id}",
            "/documents",
        ):
            answer = browser.get(path)
            assert "示例公众" not in answer.text, (actor.role, path)
            assert "示例路1号" not in answer.text, (actor.role, path)
        assert browser.get(posting).status_code in (403, 404)
        assert browser.get(f"{paper}/file.pdf").status_code in (403, 404)
        assert post(
            browser, posting, served_on=ON.isoformat(), method="邮寄送达", proof="1"
        ).status_code in (403, 404)
    db.refresh(letter)
    assert letter.served_on is None


@pytest.mark.once
def test_the_answer_is_posted_once_with_its_proof(app, db, staff, answered):
    row, letter, _ = answered
    posting, chief = f"/rating-objections/{row.id}/posting", client_for(app, staff[Role.CHIEF])
    given = {"served_on": ON.isoformat(), "method": "邮寄送达", "proof": "示例邮单1号"}
    assert post(chief, posting, **given | {"proof": ""}).status_code == 409
    tomorrow = (ON + DAY).isoformat()
    assert post(chief, posting, **given | {"served_on": tomorrow}).status_code == 409
    before = (letter.issued_on - DAY).isoformat()
    assert post(chief, posting, **given | {"served_on": before}).status_code == 409
    assert post(chief, posting, **given).status_code == 303
    db.refresh(letter)
    assert (letter.served_on, letter.service_proof) == (ON, "示例邮单1号")
    assert post(chief, posting, **given).status_code == 409  # once
    assert "示例邮单1号" in chief.get(posting).text


# --- the bureau ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_bureau_sees_a_draft_whole_and_approves_it_but_not_what_is_not_published(
    app, db, staff
):
    factories_cycle.troubled("pharmacy", staff)
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    one, two = factories_cycle.drafts(cycle, staff)
    db.commit()
    bureau = client_for(app, staff[Role.BUREAU])
    path = f"/schemes/drafts/{two.id}"
    page = bureau.get(path).text
    assert "批准方案" in page
    assert "/ratings/" not in re.sub(r'href="/ratings"', "", page)
    assert bureau.get(f"/ratings/cycles/{cycle.id}").status_code == 404
    assert bureau.get(f"/schemes/drafts/compare?first={one.id}&second={two.id}").status_code == 200
    assert bureau.get(f"{path}/text").status_code == 200
    given = {"edition": "2027", "in_force_on": ON.isoformat(), "minutes": "局务会审议通过。"}
    assert post(client_for(app, staff[Role.CHIEF]), f"{path}/adopt", **given).status_code == 403
    assert post(bureau, f"{path}/adopt", **given).status_code == 303
    draft = db.get(SchemeDraft, two.id, populate_existing=True)
    assert (draft.state, draft.decided_by_id) == ("adopted", staff[Role.BUREAU].id)


# --- keys of other systems --------------------------------------------------------------------------------


def key_on(page: str) -> str:
    return re.search(r"<code>([\w-]{43})</code>", page).group(1)


@pytest.mark.once
def test_a_key_is_shown_once_and_opens_when_another_administrator_approved_it(app, db, staff):
    db.commit()
    system, security = client_for(app, staff[Role.SYSADMIN]), client_for(app, staff[Role.SECADMIN])
    given = {"name": "示例结算系统", "scopes": "eligibility", "expires_on": (ON + DAY).isoformat()}
    assert post(system, "/tokens", **given | {"scopes": ""}).status_code == 400
    answer = post(system, "/tokens", **given)
    key = key_on(answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    row = db.scalars(select(ApiToken)).one()
    assert key not in system.get("/tokens").text
    assert ask_tokens.opening(key, Scope.ELIGIBILITY, ON) is None
    assert post(system, "/tokens", **given).status_code == 409  # the name is taken
    assert post(system, f"/tokens/{row.id}/approve").status_code == 403
    assert post(security, "/tokens", **given).status_code == 403
    assert post(security, f"/tokens/{row.id}/approve").status_code == 303
    db.rollback()
    assert ask_tokens.opening(key, Scope.ELIGIBILITY, ON + DAY).name == row.name
    assert ask_tokens.opening(key, Scope.ELIGIBILITY, ON + 2 * DAY) is None
    db.rollback()
    assert post(security, f"/tokens/{row.id}/approve").status_code == 409
    assert post(system, f"/tokens/{row.id}/revoke").status_code == 303
    db.rollback()
    assert ask_tokens.opening(key, Scope.ELIGIBILITY, ON) is None
    db.rollback()
    assert post(security, f"/tokens/{row.id}/approve").status_code == 409
    assert post(client_for(app, staff[Role.CLERK]), "/tokens", **given).status_code == 403


@pytest.mark.once
def test_the_same_form_sent_twice_shows_no_second_key(app, db, staff):
    db.commit()
    system = client_for(app, staff[Role.SYSADMIN])
    given = {
        "name": "示例系统",
        "scopes": "eligibility",
        "expires_on": (ON + DAY).isoformat(),
        "operation_id": "x" * 32,
    }
    assert "<code>" in system.post("/tokens", data=given).text
    again = system.post("/tokens", data=given)
    assert (again.status_code, "<code>" in again.text) == (303, False)
    assert len(db.scalars(select(ApiToken)).all()) == 1


@pytest.mark.once
def test_the_issuer_does_not_approve_even_after_changing_desks(app, db, staff):
    row, _ = api_tokens.propose("示例", [Scope.ELIGIBILITY], ON, actor=staff[Role.SYSADMIN], on=ON)
    same = replace(staff[Role.SYSADMIN], role=Role.SECADMIN)
    with pytest.raises(Denied):
        api_tokens.approve(row, actor=same, on=ON)


# --- the whole way ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "family",
    [
        pytest.param("hospital", marks=pytest.mark.elsewhere),
        pytest.param("pharmacy", marks=pytest.mark.once),
    ],
)
def test_from_the_objection_to_the_new_letter_wholly_through_the_pages(app, db, staff, family):
    """Objection → acceptance → correction → replay → differences → review → meeting → publication → letter."""
    place = factories_cycle.troubled(family, staff)
    cycle = factories_cycle.published(staff)
    rating = next(row for row in cycle.ratings if row.institution_id == place.id)
    owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    db.commit()
    at = {role: client_for(app, actor) for role, actor in staff.items()}
    paper = (io.BytesIO(b"%PDF-1.4 x"), "示例证明.pdf")
    mine = post(owner, f"/portal/ratings/{rating.id}/objection", text="案件已撤销。", files=paper)
    row = db.scalars(select(RatingObjection)).one()
    chief, page = at[Role.CHIEF], f"/rating-objections/{row.id}"
    assert post(chief, f"{page}/accept").status_code == 303
    fixed = {
        "fact": "suspension_days",
        "after": "0",
        "reason": "已撤销。",
        "evidence": "示例案卷",
        "opinion": "属实。",
    }
    assert post(chief, f"{page}/correct", **fixed).status_code == 303
    where = post(at[Role.CLERK], f"/ratings/cycles/{cycle.id}/replay").headers["Location"]
    run = db.scalars(select(Cycle).where(Cycle.replaces_id == cycle.id)).one()
    assert where == f"/ratings/cycles/{run.id}/differences"
    shown = at[Role.CLERK].get(where).text
    assert ("协议中止天数由" in shown, "另行印发告知书" in shown) == (True, True)
    path = f"/ratings/cycles/{run.id}"
    assert post(at[Role.CLERK], f"{path}/review").status_code == 403
    assert post(at[Role.REVIEWER], f"{path}/review", opinion="核对无误。").status_code == 303
    members = [staff[role].id for role in factories_cycle.COUNCIL]
    assert post(at[Role.LEADER], f"{path}/meeting", members=members).status_code == 303
    for role in factories_cycle.COUNCIL:
        assert post(at[role], f"{path}/vote", ballot="for").status_code == 303
    assert post(at[Role.LEADER], f"{path}/conclusion", minutes="同意更正。").status_code == 303
    assert post(at[Role.LEADER], f"{path}/publish", read="y").status_code == 303
    now = db.scalars(
        select(Rating).where(Rating.cycle_id == run.id, Rating.institution_id == place.id)
    ).one()
    query = select(Document).where(Document.subject == "rating", Document.subject_id == now.id)
    letter = db.scalars(query).one()
    assert letter.kind == "grade_correction"
    assert letter.number in owner.get("/portal/documents").text
    assert "已更正" in owner.get(mine.headers["Location"]).text
    assert owner.get(f"/portal/documents/{letter.id}").status_code == 200
    # whoever voted on the new grades, or recorded what they rest on, does not judge what is said against them
    with clock.at(date(2026, 6, 16)):
        owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
        db.commit()
        again = post(owner, f"/portal/ratings/{now.id}/objection", text="仍有误。")
        assert again.status_code == 303
    second = db.scalars(select(RatingObjection).where(RatingObjection.rating_id == now.id)).one()
    assert staff[Role.LEADER].id in second.involved_user_ids
    assert staff[Role.CHIEF].id in second.involved_user_ids
    page = f"/rating-objections/{second.id}"
    assert post(chief, f"{page}/accept").status_code == 403
    assert "本统筹区没有可以核查的人员" in chief.get(page).text
    other = factories.actor(Role.REVIEWER)
    db.commit()
    assert f"可以核查的人员：{other.name}。" in chief.get(page).text
    assert post(client_for(app, other), f"{page}/accept").status_code == 303
