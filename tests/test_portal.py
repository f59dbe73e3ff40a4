"""The institution's side, through its own pages, for a hospital and for a pharmacy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import applications as act
from actions import evaluations, letters, objections, violations
from database import session
from models import Document, Practitioner, Suspension, Violation
from rules.lifecycle import AGREEMENT, APPLICATION, VIOLATION
from rules.permissions import Role
from tests import factories_agreement, factories_practitioner
from tests.conftest import TODAY
from tests.portal_world import EVALUATORS, SECRET, World, fresh, rated, same_page, text_of
from tests.web import client_for, forms, post

PUBLIC = {state.public for table in (APPLICATION, AGREEMENT) for state in table.states.values()}
INNER = (
    {
        state.label
        for table in (APPLICATION, AGREEMENT, VIOLATION)
        for state in table.states.values()
    }
    - PUBLIC
    - {"签约中", "拟签约", "中止"}
)  # parts of public words: 协商签约中, 拟签约名单, 中止协议
MEANINGS = {state.meaning for table in (APPLICATION, VIOLATION) for state in table.states.values()}


@pytest.fixture
def world(app, db, staff, kind):
    return World(app, staff, kind)


def pages(world, *more):
    """Every page an institution can open, as one text."""
    paths = ["/portal/", "/portal/documents", "/portal/practitioners", "/portal/grades"]
    paths += ["/portal/applications", "/portal/agreements", *more]
    found = [world.get(path) for path in paths]
    assert {answer.status_code for answer in found} == {200}
    return "\n".join(answer.text for answer in found)


def assert_nothing_inner(html):
    assert [word for word in (*EVALUATORS, SECRET) if word in html] == []
    assert [word for word in INNER | MEANINGS if word in html] == []


def test_the_words_that_must_not_leak_are_real_words():
    assert {"待受理", "待确认结果", "异议核查", "待复核", "待批准", "待机构签署"} <= INNER
    assert not INNER & PUBLIC


def test_from_the_application_to_the_signed_agreement(world):
    assert "可以申请定点" in world.get("/portal/").text
    key = _applied(world)
    _supplemented(world, key)
    _judged(world, key)
    with clock.at(TODAY + timedelta(days=30)):
        world.client = client_for(world.app, world.user)
        agreement = world.offered(key, clock.today())
        _sign(world, agreement)
        one = f"/portal/applications/{key}"
        assert_nothing_inner(pages(world, one, f"/portal/agreements/{agreement}"))
        _sealed(world, agreement)


def _applied(world) -> int:
    key = world.started()
    one = f"/portal/applications/{key}"
    required = [item for item in fresh("application", key).materials if item.required]
    assert f"还差 {len(required)} 项必交材料" in world.get(one).text
    assert "承诺并提交申请" not in world.get(f"{one}/check").text
    for item in fresh("application", key).materials:
        assert world.upload(key, item.id).status_code == 303
    assert "承诺并提交申请" in world.get(f"{one}/check").text
    answer = world.send(f"{one}/submit", version=fresh("application", key).version)
    assert answer.headers["Location"].endswith("/receipt")
    receipt = world.get(answer.headers["Location"]).text
    assert fresh("application", key).number in receipt
    assert TODAY.isoformat() in receipt
    assert_nothing_inner(pages(world, one))
    return key


def _supplemented(world, key) -> None:
    one, reason = f"/portal/applications/{key}", "第三页缺少签名"
    item = world.returned(key, reason)
    assert reason not in pages(world, one, f"{one}/materials/{item}")  # ticked, but not told yet
    told = TODAY + timedelta(days=1)
    act.request_supplement(fresh("application", key), actor=world.by(Role.CLERK), on=told)
    session.commit()
    text = world.get(one).text
    assert reason in text
    assert text.index("要补正的材料") < text.index("其他材料")
    assert "停钟，补正后继续计算" in world.get("/portal/").text
    with clock.at(TODAY + timedelta(days=2)):
        world.client = client_for(world.app, world.user)
        untouched = next(m for m in fresh("application", key).materials if m.id != item)
        assert world.upload(key, untouched.id).status_code == 409
        assert world.send(f"{one}/supplement").status_code == 409  # nothing new handed in
        assert world.upload(key, item).status_code == 303
        assert world.send(f"{one}/supplement").status_code == 303
        assert_nothing_inner(pages(world, one, f"{one}/receipt"))


def _judged(world, key) -> None:
    """Accepted, evaluated, on notice, objected to: the public word alone is seen at every step."""
    one = f"/portal/applications/{key}"
    with clock.at(TODAY + timedelta(days=2)):
        world.accepted(key)
        world.evaluated(key, confirm=False)
        text = pages(world, one)
        assert "评估中" in text
        assert_nothing_inner(text)
        row = fresh("application", key)
        reviewer = world.by(Role.REVIEWER)
        evaluations.confirm(
            row.evaluations[0], passed=True, reasons="", advice="", actor=reviewer, on=clock.today()
        )
        world.posted(key)
        row = fresh("application", key)
        objection = objections.raise_objection(
            row,
            objections.Said("示例居民", "示例异议内容"),
            actor=world.by(Role.CLERK),
            on=clock.today(),
        )
        session.commit()
        text = pages(world, one)
        assert "公示中" in text
        assert "示例异议内容" not in text
        assert_nothing_inner(text)
        row = fresh("application", key)
        objections.answer(
            objection, row, upheld=False, text=SECRET, actor=reviewer, on=clock.today()
        )
        session.commit()
        assert_nothing_inner(pages(world, one))


def _sign(world, key):
    page = f"/portal/agreements/{key}"
    assert "去确认签署" in world.get(page).text
    chapter = fresh("agreement", key).chapters[0]
    assert chapter["clauses"][0]["text"] in world.get(page).text
    assert world.get(f"{page}/sign").status_code == 200
    agent = {"capacity": "agent", "mandate": "示例授权委托书1号"}
    assert world.send(f"{page}/sign", **agent).status_code == 409  # not ticked
    assert world.send(f"{page}/sign", read="y", capacity="agent").status_code == 409
    assert world.send(f"{page}/sign", read="y", capacity="principal").status_code == 409
    assert fresh("agreement", key).institution_signed_on is None
    assert world.send(f"{page}/sign", read="y", **agent).status_code == 303
    assert fresh("agreement", key).institution_signer == "示例机构经办人"
    assert world.get(f"{page}/sign").status_code == 409
    assert world.send(f"{page}/sign", read="y", **agent).status_code == 409
    assert "接下来由经办机构签署" in world.get(page).text


def _sealed(world, key):
    world.countersigned(key)
    page = world.get(f"/portal/agreements/{key}").text
    letter = session.scalars(select(Document).where(Document.kind == "agreement")).one()
    assert f"/portal/documents/{letter.id}" in page
    assert "有效" in page
    pdf = world.get(f"/portal/documents/{letter.id}")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"].startswith("inline")
    again = world.get(f"/portal/documents/{letter.id}")
    assert again.data == pdf.data


def test_a_form_sent_twice_submits_once(world):
    key = world.started()
    for item in fresh("application", key).materials:
        world.upload(key, item.id)
    first = world.send(f"/portal/applications/{key}/submit", operation_id="one-time-0001")
    second = world.send(f"/portal/applications/{key}/submit", operation_id="one-time-0001")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


def test_a_wrong_file_is_named_and_nothing_is_kept(world):
    key = world.started()
    item = fresh("application", key).materials[0]
    answer = world.upload(key, item.id, content=b"MZ not a paper", name="样张.pdf")
    assert answer.status_code == 400
    assert "有内容需要更正" in answer.text
    assert fresh("application", key).materials[0].sha256 is None


def test_withdrawing_asks_first_and_shows_what_follows(world):
    key = world.handed_in()
    page = f"/portal/applications/{key}/withdraw"
    assert "撤回不影响以后再次申请" in world.get(page).text
    assert world.send(page).status_code == 303
    assert "已撤回" in world.get(f"/portal/applications/{key}").text
    assert world.get(page).status_code == 404
    assert "开始填报定点申请" in world.get("/portal/").text


def test_no_second_application_is_offered_while_one_is_open_or_an_agreement_lives(world):
    key = world.handed_in()
    assert "开始填报定点申请" not in pages(world)
    assert world.send("/portal/applications").status_code == 409
    world.send(f"/portal/applications/{key}/withdraw")
    factories_agreement.concluded(world.own)
    session.commit()
    assert "开始填报定点申请" not in pages(world)


def test_another_institution_is_not_found_and_nobody_learns_that_it_is_there(world):
    key = world.handed_in()
    agreement = factories_agreement.concluded(world.own)
    agreement_case = factories_agreement.case(agreement, world.staff, on=TODAY)
    violations.give_notice(agreement_case, actor=world.by(Role.INSPECTOR), on=TODAY)
    pause = factories_agreement.suspended(agreement, world.staff, on=TODAY)
    session.commit()
    item = fresh("application", key).materials[0].id
    letter = session.scalars(select(Document.id).where(Document.kind == "suspension")).one()
    paths = [
        (f"/portal/applications/{key}", "/portal/applications/999"),
        (
            f"/portal/applications/{key}/materials/{item}",
            f"/portal/applications/999/materials/{item}",
        ),
        (
            f"/portal/applications/{key}/materials/{item}/file",
            f"/portal/applications/999/materials/{item}/file",
        ),
        (f"/portal/applications/{key}/check", "/portal/applications/999/check"),
        (f"/portal/applications/{key}/receipt", "/portal/applications/999/receipt"),
        (f"/portal/applications/{key}/withdraw", "/portal/applications/999/withdraw"),
        (f"/portal/agreements/{agreement.id}", "/portal/agreements/999"),
        (f"/portal/agreements/{agreement.id}/sign", "/portal/agreements/999/sign"),
        (f"/portal/suspensions/{pause.id}/resumption", "/portal/suspensions/999/resumption"),
        (f"/portal/violations/{agreement_case.id}", "/portal/violations/999"),
        (f"/portal/documents/{letter}", "/portal/documents/999"),
    ]
    stranger = client_for(world.app, world.neighbour)
    for real, missing in paths:
        found, absent = stranger.get(real), stranger.get(missing)
        assert (found.status_code, absent.status_code) == (404, 404), real
        assert same_page(found, absent), real
    before = fresh("application", key).state
    for path in (f"/portal/applications/{key}/withdraw", f"/portal/agreements/{agreement.id}/sign"):
        assert post(stranger, path, read="y").status_code == 404
    assert post(stranger, f"/portal/violations/{agreement_case.id}", text="样例").status_code == 404
    assert (
        post(stranger, f"/portal/suspensions/{pause.id}/resumption", text="样例").status_code == 404
    )
    assert fresh("application", key).state == before
    assert world.own.name not in stranger.get("/portal/").text


def test_staff_have_no_business_in_the_portal(world):
    for role in (Role.CLERK, Role.LEADER, Role.SYSADMIN):
        client = client_for(world.app, world.by(role))
        assert client.get("/portal/").status_code == 403


def test_a_case_shows_its_notice_alone_and_takes_the_statement(world):
    agreement = factories_agreement.concluded(world.own)
    case = factories_agreement.case(agreement, world.staff, on=TODAY)
    session.commit()
    assert world.get(f"/portal/violations/{case.id}").status_code == 404  # not told yet
    assert "处理意见告知" not in pages(world)

    violations.give_notice(case, actor=world.by(Role.INSPECTOR), on=TODAY)
    session.commit()
    html = pages(world, f"/portal/violations/{case.id}")
    assert "经查，部分费用与记录不符。" in html
    assert "可以陈述申辩" in html
    assert world.send(f"/portal/violations/{case.id}", text=" ").status_code == 400
    assert world.send(f"/portal/violations/{case.id}", text="样例陈述").status_code == 303
    session.expire_all()
    assert session.get_one(Violation, case.id).views_text == "样例陈述"

    violations.propose(
        session.get_one(Violation, case.id),
        opinion=SECRET,
        actor=world.by(Role.INSPECTOR),
        on=TODAY,
    )
    session.commit()
    html = pages(world, f"/portal/violations/{case.id}")
    assert "样例陈述" in html
    assert_nothing_inner(html)
    assert "<textarea" not in world.get(f"/portal/violations/{case.id}").text
    assert world.send(f"/portal/violations/{case.id}", text="再次陈述").status_code == 409


def test_a_suspended_institution_asks_to_go_on(world):
    agreement = factories_agreement.concluded(world.own)
    pause = factories_agreement.suspended(agreement, world.staff, on=TODAY, served=TODAY)
    session.commit()
    last = TODAY + timedelta(days=180)
    page = f"/portal/suspensions/{pause.id}/resumption"
    home = text_of(world.get("/portal/").text)
    assert f"最迟 {last} 前申请" in home
    assert world.send(page, text="").status_code == 400
    assert world.send(page, text="已逐项整改").status_code == 303
    session.expire_all()
    assert session.get_one(Suspension, pause.id).resumption_requested_on == TODAY
    assert world.get(page).status_code == 404
    html = pages(world, f"/portal/agreements/{agreement.id}")
    assert "申请恢复" in html
    assert_nothing_inner(html)


def test_letters_about_an_institution_to_others_are_not_its_letters(world):
    agreement = factories_agreement.concluded(world.own)
    factories_agreement.suspended(agreement, world.staff, on=TODAY)
    session.commit()
    told, report = (
        session.scalars(select(Document).where(Document.kind == kind)).one()
        for kind in ("suspension", "report")
    )
    html = world.get("/portal/documents").text
    assert told.number in html
    assert "未登记送达" in html
    assert report.number not in html
    assert world.get(f"/portal/documents/{report.id}").status_code == 404
    letters.serve(
        told, actor=world.by(Role.INSPECTOR), on=TODAY, method="直接送达", proof="示例回证"
    )
    session.commit()
    assert f"{TODAY} 直接送达" in world.get("/portal/documents").text


def test_own_people_with_points_and_nobody_elses(world):
    mine, _place = factories_practitioner.practitioner(world.kind, world.own)
    theirs, _place = factories_practitioner.practitioner(world.kind, world.other)
    gone = factories_practitioner.person()
    factories_practitioner.registered(gone, world.own, to_on=TODAY - timedelta(days=1))
    factories_practitioner.registered(mine, world.other)
    session.commit()
    html = world.get("/portal/practitioners").text
    shown = {row.code for row in session.scalars(select(Practitioner)) if row.code in html}
    assert shown == {mine.code}
    assert theirs.code not in html
    assert world.other.name not in html  # where else somebody works is not its business
    assert theirs.code not in world.get(f"/portal/practitioners?institution={world.other.id}").text


@pytest.mark.parametrize("state", ["computed", "reviewed", "superseded"])
def test_a_grade_is_shown_only_once_it_is_published(world, state):
    rated(world.own, state=state)
    session.commit()
    html = pages(world)
    assert "良好" not in html
    assert "87.65" not in html


def test_the_published_grade_comes_with_its_lines(world):
    rated(world.own, published_on=date(2026, 6, 1))
    rated(world.other, published_on=date(2026, 6, 1), grade="failing", name="2024年度")
    session.commit()
    html = world.get("/portal/grades").text
    assert "良好" in html
    assert "87.65" in html
    assert "样例指标" in html
    assert "样例依据" in html
    assert "不达标" not in html
    assert "良好" in world.get("/portal/").text


def test_a_grade_published_tomorrow_is_not_shown_today(world):
    rated(world.own, published_on=TODAY + timedelta(days=1))
    session.commit()
    assert "良好" not in pages(world)


def test_every_button_of_the_portal_can_be_pressed(world):
    """No form is offered that would answer 403."""
    key = world.started()
    html = pages(world, f"/portal/applications/{key}", f"/portal/applications/{key}/withdraw")
    for action in {action for action in forms(html) if action.startswith("/portal")}:
        assert world.send(action).status_code not in (403, 404, 405, 500), action


def test_the_portal_needs_a_signed_in_person(app, db):
    answer = app.test_client().get("/portal/")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_the_login_page_leads_to_the_public_site(app, db):
    assert 'href="/public/institutions"' in app.test_client().get("/login").text


def test_the_letters_are_found_by_name_and_turned_page_by_page(world):
    agreement = factories_agreement.concluded(world.own)
    factories_agreement.suspended(agreement, world.staff, on=TODAY)
    session.commit()
    own = session.scalars(select(Document).where(Document.kind == "suspension")).one()
    page = world.get("/portal/documents?q=中止").text
    assert own.number in page
    assert "共 1 条" in page
    page = world.get("/portal/documents?q=没有这样的文书").text
    assert own.number not in page
    assert "没有符合条件的文书" in page
    assert own.number not in world.get("/portal/documents?page=2").text
