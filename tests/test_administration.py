"""The pages of the three administrators, the parameters, the calendar and the clockwork."""

import io
import json
from datetime import date

import pytest

from actions import events
from database import session
from models import CalendarYear, Event, JobRun, User
from queries import calendar_days
from rules import parameters
from rules.permissions import SYSTEM, Role
from tests import factories
from tests.conftest import TODAY
from tests.web import client_for, flashes, post


@pytest.fixture
def as_(app, staff):
    """A signed-in browser of this role."""
    return lambda role: client_for(app, staff[role])


def last_event():
    session.rollback()
    return session.query(Event).order_by(Event.seq.desc()).first()


# 操作日志


def test_the_log_is_filtered_by_the_query_string_and_read_backwards(app, as_):
    institution = factories.institution(name="样例甲药房")
    for number in range(120):
        events.record(institution, "accept", f"第 {number} 件", actor=SYSTEM, on=date(2026, 6, 1))
    events.record(None, "denied", "闯入", actor=SYSTEM, on=date(2026, 6, 2))
    browser = as_(Role.LOGADMIN)
    page = browser.get("/events?verb=accept").text
    assert "第 119 件" in page
    assert "第 69 件" not in page
    older = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert "第 69 件" in browser.get(older).text
    assert "闯入" not in browser.get("/events?to=2026-06-01").text
    assert "闯入" in browser.get("/events?from=2026-06-02&actor=系统").text
    assert "第 119 件" in browser.get("/events?institution=样例甲").text
    assert "第 119 件" not in browser.get("/events?institution=样例乙").text
    assert "第 7 件" in browser.get("/events?q=第 7 件").text


@pytest.mark.parametrize("way", ["csv", "xlsx"])
def test_reading_the_log_out_leaves_one_line(as_, way):
    browser = as_(Role.LOGADMIN)
    before = session.query(Event).count()
    session.rollback()
    answer = browser.get(f"/events?format={way}&verb=sign_in")
    assert answer.status_code == 200
    line = last_event()
    assert (line.verb, line.facts["format"]) == ("export_events", way)
    assert line.seq == before + 1


def test_an_export_cannot_start_a_formula(as_):
    events.record(None, "probe", "=1+1", actor=SYSTEM, on=TODAY)
    session.commit()
    assert "'=1+1" in as_(Role.LOGADMIN).get("/events?format=csv").text


def test_the_check_on_the_page_says_what_it_found_and_is_recorded(app, as_):
    browser = as_(Role.LOGADMIN)
    answer = post(browser, "/events/check")
    assert "操作日志完整" in flashes(browser, answer).text
    assert last_event().facts["whole"] is True
    anchor = app.config["SETTINGS"].anchor_file
    anchor.write_text(anchor.read_text() + f"999 {'0' * 64}\n")
    page = flashes(browser, post(browser, "/events/check")).text
    assert "末尾被删除" in page
    assert "操作日志完整" not in page
    assert last_event().facts["whole"] is False


# 参数依据


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.SYSTEM, Role.INSTITUTION)]
)
def test_every_parameter_of_the_day_is_shown_with_its_article(as_, role):
    page = as_(role).get("/parameters")
    assert page.status_code == 200
    for line in parameters.in_force(TODAY):
        assert line.key in page.text
        assert line.basis in page.text


def test_what_is_not_sure_says_so(as_):
    browser = as_(Role.CLERK)
    assert 'class="down">请按本地文件核对' in browser.get("/parameters?confidence=assumed").text
    page = browser.get("/parameters?confidence=official").text.partition("目录和清单")[0]
    assert 'class="down">请按本地文件核对' not in page
    assert "原文核对" in page


def test_parameters_are_those_of_the_chosen_day_and_kind(as_):
    browser = as_(Role.CLERK)
    assert "这一天没有符合条件的参数" in browser.get("/parameters?on=2000-01-01").text
    assert "apply.ph.min_pharmacist" in browser.get("/parameters?kind=pharmacy").text
    listed = browser.get("/parameters?kind=medical").text.partition("目录和清单")[0]
    assert "apply.ph.min_pharmacist" not in listed
    sheet = browser.get("/parameters?format=csv").text
    assert len(sheet.splitlines()) == 1 + len(parameters.in_force(TODAY))


def test_every_parameter_on_file_has_its_words():
    for day in (date(2021, 3, 1), TODAY):
        for line in parameters.in_force(day):
            assert line.kind_label
            assert line.confidence_label
            assert line.basis
        assert all(table.rows for table in parameters.tables(day))


# 工作日历


def test_the_grid_marks_what_the_notice_decided(as_):
    page = as_(Role.SYSADMIN).get("/calendar?year=2026").text
    assert "国办发明电〔2025〕7号" in page
    assert 'title="2026-02-14 春节调休上班' in page
    assert 'class="day-off" title="2026-02-17 春节放假' in page
    assert "尚未载入" in as_(Role.CLERK).get("/calendar?year=2031").text


NEXT_YEAR = "日期,类型,名称\n2027-01-01,休息,元旦\n2027-01-02,休息,元旦\n2027-01-09,上班,元旦\n"


def upload(browser, text=NEXT_YEAR, **words):
    data = {"title": "示例通知", "number": "示例〔2026〕1号", **words}
    data["file"] = (io.BytesIO(text.encode()), "2027.csv")
    return post(browser, "/calendar/preview", **data)


def test_a_year_is_shown_before_it_is_kept(as_):
    browser = as_(Role.SYSADMIN)
    shown = upload(browser)
    assert shown.status_code == 200
    assert "2027-01-01 至 2027-01-02" in shown.text
    assert "0 个在办时限" in shown.text
    assert session.get(CalendarYear, 2027) is None
    session.rollback()
    arrangement = {
        "year": 2027,
        "days": [{"date": "2027-01-01", "isOffDay": True, "name": "元旦"}],
    }
    answer = post(
        browser,
        "/calendar",
        arrangement=json.dumps(arrangement),
        source="示例通知（示例〔2026〕1号）",
    )
    assert answer.status_code == 303
    assert "示例〔2026〕1号" in browser.get("/calendar?year=2027").text
    assert last_event().verb == "load_calendar"


def test_a_year_needs_its_notice_and_its_days(as_):
    browser = as_(Role.SYSADMIN)
    assert upload(browser, number="").status_code == 400
    assert upload(browser, title="").status_code == 400
    assert upload(browser, "日期,类型,名称\n").status_code == 409
    assert upload(browser, "没有,这样,的表\n1,2,3\n").status_code == 409
    assert post(browser, "/calendar", arrangement="{", source="x").status_code == 409
    empty = {"year": 2027, "days": []}
    assert post(browser, "/calendar", arrangement=json.dumps(empty), source="").status_code == 409


def test_only_the_system_administrator_loads_a_year(as_):
    browser = as_(Role.CLERK)
    assert "载入一个年度" not in browser.get("/calendar").text
    assert upload(browser).status_code == 403


def test_a_preview_shows_the_clocks_it_would_move_and_moves_none(as_, kind):
    from actions import statutory_clocks

    institution = factories.institution(kind)
    subject = factories_clock(institution)
    row = statutory_clocks.start(subject, "eval.max", on=date(2026, 10, 1))
    session.commit()
    assert row.provisional
    was = row.due_on
    browser = as_(Role.SYSADMIN)
    assert "1 个在办时限" in upload(browser).text
    session.refresh(row)
    assert (row.due_on, row.provisional) == (was, True)
    session.rollback()
    calendar_days.forget()
    arrangement = {"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True, "name": "元旦"}]}
    page = flashes(
        browser,
        post(
            browser,
            "/calendar",
            arrangement=json.dumps(arrangement),
            source="示例（示例〔2026〕1号）",
        ),
    )
    assert "1 个在办时限随之变动" in page.text
    session.refresh(row)
    assert not row.provisional


def factories_clock(institution):
    """An application to hang a clock on."""
    from actions import applications

    return applications.open_draft(institution, actor=factories.actor(Role.CLERK), on=TODAY)


# 定时任务


def test_the_timetable_shows_each_job_and_runs_one_for_a_day(as_):
    chief = as_(Role.CHIEF)
    page = chief.get("/jobs").text
    assert "end-overdue-suspensions" in page
    assert "从未运行" in page
    answer = post(chief, "/jobs/end-notices/run", day="2026-06-14")
    assert "0 件办结" in flashes(chief, answer).text
    session.rollback()
    assert session.get(JobRun, ("end-notices", date(2026, 6, 14))).finished_at is not None
    session.rollback()
    assert "2026-06-14" in chief.get("/jobs").text
    assert last_event().verb == "run_job"


def test_a_trial_run_leaves_nothing_but_its_line(as_):
    chief = as_(Role.CHIEF)
    answer = post(chief, "/jobs/end-notices/run", day="2026-12-31", dry_run="1")
    assert "没有写入" in flashes(chief, answer).text
    session.rollback()
    assert session.query(JobRun).count() == 0
    assert last_event().verb == "try_job"


def test_a_job_sent_twice_runs_once(as_):
    chief = as_(Role.CHIEF)
    for _ in range(2):
        answer = post(
            chief, "/jobs/end-notices/run", day="2026-06-14", operation_id="one-and-the-same"
        )
        assert answer.status_code == 303
    session.rollback()
    assert session.query(Event).filter_by(verb="run_job").count() == 1


def test_a_day_that_has_not_come_is_not_run(as_):
    chief = as_(Role.CHIEF)
    assert post(chief, "/jobs/end-notices/run", day="2026-06-16").status_code == 409
    assert post(chief, "/jobs/end-notices/run", day="gestern").status_code == 409
    assert post(chief, "/jobs/no-such-job/run", day="2026-06-14").status_code == 404
    system = as_(Role.SYSADMIN)
    assert "运行" in system.get("/jobs").text
    assert 'action="/jobs/' not in system.get("/jobs").text
    assert post(system, "/jobs/end-notices/run", day="2026-06-14").status_code == 403


# Is the house standing?


def test_alive_and_ready(app, db):
    browser = app.test_client()
    assert browser.get("/healthz").text == "ok\n"
    assert browser.get("/readyz").status_code == 200


def test_not_ready_with_another_schema_or_none(app, db):
    from sqlalchemy import text

    browser = app.test_client()
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()
    assert browser.get("/readyz").status_code == 503
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/healthz").status_code == 200


def test_figures_are_for_this_machine_only(app, as_):
    as_(Role.CLERK).get("/worklist")
    browser = app.test_client()
    text = browser.get("/metrics").text
    assert 'dingdian_requests_total{status="2xx"}' in text
    assert "dingdian_events_total" in text
    assert browser.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert browser.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert session.query(User).count() > 0
