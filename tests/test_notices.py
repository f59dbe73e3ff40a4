"""公示: its days, its objections by anybody, the case that stands still, and nothing of what is not posted."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import notices, objections
from database import session
from jobs import nightly
from models import Application, Document, Objection, StatutoryClock, WorkItem
from rules import objections as rule
from rules.permissions import PUBLIC, Denied, Role
from rules.refusal import Refused
from rules.states import ApplicationState
from tests import factories
from tests.conftest import TODAY
from tests.evaluation_world import House
from tests.web import client_for, post

DAY = timedelta(days=1)
LAST = date(2026, 6, 23)  # five working days after Monday 15 June; Friday 19 June is a holiday


@pytest.fixture
def house(db, staff, kind):
    return House(staff, kind)


@pytest.fixture
def row(house):
    return house.posted()


def raised(house, row, on=TODAY, **more) -> Objection:
    given = objections.Said(**({"raised_by": "示例群众", "text": "样例异议"} | more))
    found = objections.raise_objection(row, given, actor=house.by(Role.CLERK), on=on)
    session.commit()
    return found


def answered(house, objection, row, *, upheld=False, outcome="", on=TODAY):
    letter = objections.answer(
        objection, row, upheld=upheld, outcome=outcome, text="样例核查",
        actor=house.by(Role.REVIEWER), on=on,
    )  # fmt: skip
    session.commit()
    return letter


def objected(house, row, *, upheld, outcome="") -> Objection:
    objection = raised(house, row)
    answered(house, objection, row, upheld=upheld, outcome=outcome)
    return objection


def said(row) -> str:
    return (
        session.scalars(select(Objection).where(Objection.subject_id == row.id)).all()[-1].outcome
    )


# the period


@pytest.mark.law("P3-08g", "M2-09")
def test_a_passed_institution_is_posted_for_the_working_days_of_the_place(house, row):
    assert (row.state, row.notice_from, row.notice_to) == ("on_notice", TODAY, LAST)


@pytest.mark.law("P3-08g", "M2-09")
@pytest.mark.parametrize(("day", "ends"), [(LAST - DAY, False), (LAST, False), (LAST + DAY, True)])
def test_a_notice_ends_the_day_after_its_last_one(house, row, day, ends):
    if not ends:
        with pytest.raises(Refused, match="期满前不能签约") as refused:
            notices.end(row, actor=house.by(Role.CLERK), on=day)
        assert {"pharmacy": "第八条", "hospital": "第九条"}[house.kind] in refused.value.basis
        return
    notices.end(row, actor=house.by(Role.CLERK), on=day)
    session.flush()
    told = session.scalars(select(Document).where(Document.kind == "notice_statement")).one()
    assert (row.state, told.facts["objections"]) == ("to_sign", [])
    assert (told.facts["from_on"], told.facts["to_on"]) == (TODAY.isoformat(), LAST.isoformat())


def test_the_night_ends_a_notice_but_not_one_that_stands_still(house, row):
    assert nightly.run("end-notices", LAST).done == []
    objection = raised(house, row)
    assert nightly.run("end-notices", LAST + 10 * DAY).done == []
    session.expire_all()
    answered(house, objection, row, on=LAST + 10 * DAY)
    assert row.notice_to > LAST + 10 * DAY
    assert nightly.run("end-notices", row.notice_to + DAY).done == [row.id]


def test_only_what_passed_is_posted(house):
    other = house.accepted()
    with pytest.raises(Refused, match="不能发布公示"):
        notices.post(other, channel="示例", actor=house.by(Role.CLERK), on=TODAY)


# objections


@pytest.mark.parametrize(("day", "taken"), [(TODAY, True), (LAST, True), (LAST + DAY, False)])
def test_an_objection_is_taken_until_the_last_day(house, row, day, taken):
    if taken:
        assert raised(house, row, day).state == "raised"
        assert row.state == "objected"
        return
    with pytest.raises(Refused, match="公示期已经结束"):
        raised(house, row, day)


@pytest.mark.pure
@pytest.mark.parametrize("state", list(ApplicationState))
def test_an_objection_is_raised_in_no_other_state_than_posted(state):
    facts = rule.NoticeFacts(state, TODAY, LAST)
    assert rule.is_open(facts, TODAY) is (state in ("on_notice", "objected"))


def test_an_objection_has_a_clock_and_a_work_item_of_its_own(house, row):
    objection = raised(house, row)
    limit = session.scalars(
        select(StatutoryClock).where(StatutoryClock.subject == "objection")
    ).one()
    assert (limit.rule, limit.due_on) == ("objection.answer", date(2026, 6, 18))
    item = session.scalars(select(WorkItem).where(WorkItem.subject == "objection")).one()
    assert (item.desk, item.due_on, item.number) == ("reviewer", limit.due_on, objection.number)


def test_checked_with_other_units_the_longer_period_runs_from_the_same_day(house, row):
    objection = raised(house, row)
    reviewer = house.by(Role.REVIEWER)
    with pytest.raises(Refused, match="须写明"):
        objections.extend(objection, reason="", actor=reviewer, on=TODAY + DAY)
    objections.extend(objection, reason="请示例部门协助", actor=reviewer, on=TODAY + DAY)
    session.commit()
    limits = session.scalars(
        select(StatutoryClock)
        .where(StatutoryClock.subject == "objection")
        .order_by(StatutoryClock.id)
    ).all()
    assert [(one.rule, one.started_on, one.due_on, one.finished_on) for one in limits] == [
        ("objection.answer", TODAY, date(2026, 6, 18), TODAY + DAY),
        ("objection.answer_joint", TODAY, date(2026, 6, 25), None),
    ]
    with pytest.raises(Refused, match="不能转会同核查"):
        objections.extend(objection, reason="再转", actor=reviewer, on=TODAY + DAY)


def test_the_case_stands_still_until_every_objection_is_answered(house, row):
    first, second = raised(house, row), raised(house, row, TODAY + DAY)
    answered(house, first, row, on=TODAY + 2 * DAY)
    assert row.state == "objected"
    with pytest.raises(Refused, match="不能结束公示"):
        notices.end(row, actor=house.by(Role.CLERK), on=LAST + DAY)
    session.rollback()
    answered(house, second, row, on=date(2026, 6, 22))
    assert (row.state, row.notice_from) == ("on_notice", TODAY)
    # four of the five days are left from 22 June: the pause took 16, 17, 18 and 22 June out
    assert row.notice_to == date(2026, 6, 29)


def test_one_founded_objection_among_several_decides_and_the_gravest_outcome_holds(house, row):
    first, second, third = (raised(house, row) for _ in range(3))
    answered(house, first, row, upheld=True, outcome="evaluate_again")
    answered(house, second, row)
    assert row.state == "objected"
    answered(house, third, row, upheld=True, outcome="remove")
    assert row.state == "failed"
    kinds = [one.kind for one in session.scalars(select(Document).order_by(Document.id))]
    assert kinds.count("objection_answer") == 3
    assert kinds[-2:] == ["notice_statement", "removal"]


def test_a_removed_institution_may_apply_anew_but_not_be_evaluated_again(house, row):
    from actions import applications, reevaluations

    objected(house, row, upheld=True, outcome="remove")
    assert row.result_reason == "公示异议成立：样例核查"
    with pytest.raises(Refused, match="不适用再次评估"):
        reevaluations.retry(row, rectification="样例", actor=house.owner, on=TODAY)
    assert applications.open_draft(house.place, actor=house.owner, on=TODAY).state == "draft"


def test_evaluated_again_after_a_founded_objection_a_new_clock_runs(house, row):
    objected(house, row, upheld=True, outcome="evaluate_again")
    limit = session.scalars(
        select(StatutoryClock)
        .where(StatutoryClock.rule == "eval.max")
        .order_by(StatutoryClock.id.desc())
    ).first()
    assert (row.state, limit.started_on, limit.finished_on) == ("accepted", TODAY, None)


def test_whoever_wrote_it_down_or_sat_in_the_team_does_not_answer(house, row):
    recorder = house.by(Role.CLERK)
    objection = raised(house, row)
    objection.recorded_by_id = house.by(Role.REVIEWER).id
    with pytest.raises(Refused, match="登记异议的人"):
        answered(house, objection, row)
    objection.recorded_by_id = recorder.id
    row.evaluations[0].opinions[0].evaluator.user_id = house.by(Role.REVIEWER).id
    session.flush()
    with pytest.raises(Refused, match="评估组成员"):
        answered(house, objection, row)


@pytest.mark.parametrize("role", [Role.CLERK, Role.CHIEF, Role.LEADER, Role.INSPECTOR, Role.BUREAU])
def test_only_the_reviewer_answers(house, row, role):
    objection = raised(house, row)
    with pytest.raises((Denied, Refused)):
        objections.answer(objection, row, upheld=False, text="样例", actor=house.by(role), on=TODAY)


def test_a_founded_one_needs_an_outcome_and_every_answer_its_reasons(house, row):
    objection = raised(house, row)
    with pytest.raises(Refused, match="须选择处理方式"):
        answered(house, objection, row, upheld=True, outcome="nonsense")
    with pytest.raises(Refused, match="核查情况和理由"):
        objections.answer(
            objection, row, upheld=False, text=" ", actor=house.by(Role.REVIEWER), on=TODAY
        )


def test_the_answer_goes_to_the_objector_and_the_statement_names_nobody(house, row):
    objection = raised(house, row, raised_by="秘密异议人", contact="000-5550000")
    letter = answered(house, objection, row)
    assert (letter.kind, letter.facts["addressee"]) == ("objection_answer", "秘密异议人")
    assert objection.document_id == letter.id
    notices.end(row, actor=house.by(Role.CLERK), on=row.notice_to + DAY)
    session.flush()
    told = session.scalars(select(Document).where(Document.kind == "notice_statement")).one()
    assert "秘密异议人" not in str(told.facts)
    assert "样例异议" not in str(told.facts)
    assert [one["upheld"] for one in told.facts["objections"]] == [False]
    assert len(told.facts["paused"]) == 1


def test_the_institution_never_learns_who_objected(app, house, row):
    objection = raised(house, row, raised_by="秘密异议人", text="秘密异议内容")
    letter = answered(house, objection, row)
    client = client_for(app, house.owner)
    for path in ("/portal/", f"/portal/applications/{row.id}", "/portal/documents"):
        text = client.get(path).text
        assert "秘密异议" not in text
        assert letter.number not in text
    assert client.get(f"/portal/documents/{letter.id}/file.pdf").status_code in (403, 404)
    assert client.get(f"/objections/{objection.id}").status_code in (403, 404)


# the public site


def code_of(row) -> str:
    return session.scalars(
        select(Document.verify_code).where(Document.kind == "public_notice")
    ).one()


def send(client, code, **more):
    given = {"raised_by": "示例群众", "contact": "000-5550000", "text": "样例异议"} | more
    return post(client, f"/public/notices/{code}/objection", **given)


def test_anybody_objects_on_the_public_site_and_somebody_else_checks_it(app, house, row):
    stranger, code = app.test_client(), code_of(row)
    listed = stranger.get("/public/notices").text
    assert f"/public/notices/{code}/objection" in listed
    page = stranger.get(f"/public/notices/{code}/objection")
    assert page.headers["Cache-Control"] == "no-store"
    assert send(stranger, code, contact="").status_code == 400
    assert send(stranger, code, text="长" * 2001).status_code == 400
    assert session.scalars(select(Objection)).all() == []
    assert send(stranger, code).status_code == 303
    session.expire_all()
    objection = session.scalars(select(Objection)).one()
    assert (objection.source, objection.recorded_by_id, row.state) == ("online", None, "objected")
    assert send(stranger, code, text="第二件").status_code == 303
    reviewer = client_for(app, house.by(Role.REVIEWER))
    inbox = reviewer.get("/objections").text
    assert objection.number in inbox
    assert "核查结论" in reviewer.get(f"/objections/{objection.id}").text
    silent = post(reviewer, f"/objections/{objection.id}/answer", answer="样例核查")
    assert (silent.status_code, "没有选择处理结论" in silent.text) == (409, True)
    assert (
        post(
            reviewer, f"/objections/{objection.id}/answer", upheld="no", answer="样例核查"
        ).status_code
        == 303
    )


def test_the_contact_is_sealed_at_rest(app, house, row):
    send(app.test_client(), code_of(row), contact="000-5551234")
    raw = session.connection().exec_driver_sql("SELECT contact FROM objection").scalar()
    assert raw.startswith("1:")
    assert "5551234" not in raw


def test_what_a_machine_fills_in_is_kept_nowhere_and_looks_accepted(app, house, row):
    stranger, code = app.test_client(), code_of(row)
    answer = send(stranger, code, website="http://example.invalid")
    assert answer.status_code == 303
    assert session.scalars(select(Objection)).all() == []
    assert row.state == "on_notice"


def test_a_flood_is_stopped_for_the_day_but_the_counter_stays_open(house, row):
    most = 20
    for _ in range(most):
        online = objections.Said("示例", "样例", "000", rule.ONLINE)
        objections.raise_objection(row, online, actor=PUBLIC, on=TODAY)
    with pytest.raises(Refused, match="已经较多"):
        objections.raise_objection(row, online, actor=PUBLIC, on=TODAY)
    assert raised(house, row).source == "counter"
    objections.raise_objection(row, online, actor=PUBLIC, on=TODAY + DAY)


def plain(answer) -> tuple[int, str]:
    """Status and page without the one-time numbers."""
    return answer.status_code, re.sub(r'value="[^"]*"|big=[01]|href="[^"]*"', "", answer.text)


def test_what_is_not_posted_does_not_exist_for_the_public(app, house):
    """By address, by list, by length, by search, by letter code: passed is not posted."""
    stranger = app.test_client()
    pages = ["/public/notices", "/public/institutions", "/public/reports", "/public/terminated"]
    before = [stranger.get(path) for path in pages]
    row = house.accepted()
    house.judged(row, passed=True)
    after = [stranger.get(path) for path in pages]
    assert [plain(a) for a in after] == [plain(b) for b in before]
    assert [a.headers["Cache-Control"] for a in after] == [
        b.headers["Cache-Control"] for b in before
    ]
    assert [a.headers.get("ETag") for a in after] == [b.headers.get("ETag") for b in before]
    missing = plain(stranger.get("/public/notices/0123456789ABCDEF/objection"))
    codes = session.scalars(select(Document.verify_code)).all()
    assert len(codes) == 3  # acceptance, result, filing form: none of them is a notice
    for code in codes:
        assert plain(stranger.get(f"/public/notices/{code}/objection")) == missing
        assert send(stranger, code).status_code == 404
    assert (
        house.place.name
        not in stranger.get(f"/public/institutions?q={house.place.name}").text.replace(
            f'value="{house.place.name}"', ""
        )
        or "没有" in stranger.get(f"/public/institutions?q={house.place.name}").text
    )


@pytest.mark.parametrize("path", ["/public/notices", "/public/institutions"])
def test_an_objection_changes_no_public_page(app, house, row, path):
    stranger = app.test_client()
    before = plain(stranger.get(path))
    raised(house, row)
    assert plain(stranger.get(path)) == before


def test_while_it_stands_still_the_list_stays_posted_also_after_its_last_day(app, house, row):
    raised(house, row)
    with clock.at(LAST + 3 * DAY):
        text = app.test_client().get("/public/notices").text
    assert "公示中" in text or "今日截止" in text
    assert text.index(house.place.name) < text.index("往期公示")


@pytest.mark.parametrize(("day", "listed"), [(LAST, True), (LAST + DAY, False)])
def test_after_its_last_day_the_form_is_gone(app, house, row, day, listed):
    with clock.at(day):
        answer = app.test_client().get(f"/public/notices/{code_of(row)}/objection")
        assert answer.status_code == (200 if listed else 404)
        assert send(app.test_client(), code_of(row)).status_code == (303 if listed else 404)


def test_the_preview_shows_the_public_entry_and_publishes_nothing(app, house):
    row = house.accepted()
    house.judged(row, passed=True)
    clerk = client_for(app, house.by(Role.CLERK))
    page = clerk.get(f"/applications/{row.id}/notice/preview").text
    assert house.place.name in page
    assert LAST.isoformat() in page
    assert "还剩 5 个工作日" in page
    assert house.place.name not in app.test_client().get("/public/notices").text
    assert session.get_one(Application, row.id).state == "passed"
    answer = post(clerk, f"/applications/{row.id}/notice", channel="示例窗口")
    assert answer.status_code == 303
    assert clerk.get(f"/applications/{row.id}/notice/preview").status_code == 409


def test_another_region_learns_nothing_of_notices_and_objections(app, house, row):
    objection = raised(house, row)
    elsewhere = client_for(app, factories.actor(Role.REVIEWER, region="990999"))
    assert elsewhere.get(f"/objections/{objection.id}").status_code == 404
    assert post(elsewhere, f"/objections/{objection.id}/answer", answer="样例").status_code == 404
    for path in ("/notices", "/notices?format=csv", "/objections", "/objections?format=csv"):
        text = elsewhere.get(path).get_data(as_text=True)
        assert house.place.name not in text
        assert objection.number not in text


def test_a_stale_objection_is_not_answered_twice(app, house, row):
    objection = raised(house, row)
    reviewer, seen = client_for(app, house.by(Role.REVIEWER)), objection.version
    path, given = f"/objections/{objection.id}/answer", {"upheld": "no", "answer": "样例核查"}
    assert post(reviewer, path, version=seen, **given).status_code == 303
    assert post(reviewer, path, version=seen, **given).status_code == 409
    letters = session.scalars(select(Document).where(Document.kind == "objection_answer")).all()
    assert len(letters) == 1
