"""备案: sent once, confirmed by the bureau with its number, seen in its own region only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import clock
from actions import filings, letters, service, terminations, violations
from database import session
from models import Document, Event, Filing, StatutoryClock, WorkItem
from queries import clock_views
from rules.filings import FilingKind
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_agreement
from tests.conftest import TODAY
from tests.web import client_for, post


@pytest.fixture
def agreement(db, kind):
    return factories_agreement.concluded(factories.institution(kind))


def filed(agreement, actor, kind=FilingKind.AGREEMENT):
    found = filings.file(agreement, kind, actor=actor, on=TODAY, summary="样例协议已签订")
    session.commit()
    return found


@pytest.mark.law("P3-09a", "M2-10")
def test_a_filing_waits_for_the_bureau_and_cites_the_article_of_its_kind(staff, agreement, kind):
    row = filed(agreement, staff[Role.LEADER])
    article = {"pharmacy": "令第3号）第九条", "hospital": "令第2号）第十条"}[kind]
    assert row.basis.endswith(article)
    item = session.scalars(select(WorkItem).where(WorkItem.subject == "filing")).one()
    assert (item.desk, item.step, item.due_on) == ("bureau", "确认备案", TODAY + timedelta(days=10))


def test_a_decision_is_filed_once(staff, agreement):
    filed(agreement, staff[Role.LEADER])
    with pytest.raises(Refused, match="不能重复报送"):
        filings.file(agreement, FilingKind.AGREEMENT, actor=staff[Role.LEADER], on=TODAY)


def test_the_database_keeps_a_second_filing_out(staff, agreement):
    row = filed(agreement, staff[Role.LEADER])
    again = {c.name: getattr(row, c.name) for c in Filing.__table__.columns if c.name != "id"}
    session.add(Filing(**again | {"number": "BA-other"}))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.law("P3-03", "P3-46", passes=True)
def test_the_bureau_confirms_with_its_number_and_the_clock_ends(staff, agreement):
    row = filed(agreement, staff[Role.LEADER])
    filings.confirm(row, number=" 示备〔2026〕 1号 ", actor=staff[Role.BUREAU], on=TODAY)
    session.commit()
    assert (row.state, row.bureau_number, row.confirmed_on) == (
        "confirmed",
        "示备〔2026〕 1号",
        TODAY,
    )
    ended = session.scalars(select(StatutoryClock).where(StatutoryClock.subject == "filing")).one()
    assert ended.finished_on == TODAY
    assert session.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all() == []
    verbs = session.scalars(select(Event.verb).where(Event.subject == "filing")).all()
    assert verbs == ["file", "confirm"]


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.BUREAU, Role.SYSTEM, Role.INSTITUTION)]
)
@pytest.mark.law("P3-03", "P3-46", refuses=True)
def test_only_the_bureau_confirms(staff, agreement, role):
    row = filed(agreement, staff[Role.LEADER])
    with pytest.raises(Denied):
        filings.confirm(row, number="示备1号", actor=staff[role], on=TODAY)


def test_without_a_number_twice_or_before_its_day_nothing_is_confirmed(staff, agreement):
    row, bureau = filed(agreement, staff[Role.LEADER]), staff[Role.BUREAU]
    with pytest.raises(Refused, match="备案号"):
        filings.confirm(row, number="  ", actor=bureau, on=TODAY)
    with pytest.raises(Refused, match="早于"):
        filings.confirm(row, number="示备1号", actor=bureau, on=TODAY - timedelta(days=1))
    filings.confirm(row, number="示备1号", actor=bureau, on=TODAY)
    with pytest.raises(Refused, match="已备案"):
        filings.confirm(row, number="示备2号", actor=bureau, on=TODAY)


def test_the_queue_is_confirmed_through_its_page_and_the_agency_sees_the_number(
    app, staff, agreement
):
    row = filed(agreement, staff[Role.LEADER])
    bureau, clerk = client_for(app, staff[Role.BUREAU]), client_for(app, staff[Role.CLERK])
    assert row.number in bureau.get("/filings?state=sent").text
    assert 'name="number"' not in clerk.get(f"/filings/{row.id}").text
    page = bureau.get(f"/filings/{row.id}").text
    assert 'name="number"' in page
    seen = row.version
    assert post(bureau, f"/filings/{row.id}/confirm", number="", version=seen).status_code == 409
    given = {"number": "示备〔2026〕9号", "version": seen}
    assert post(bureau, f"/filings/{row.id}/confirm", **given).status_code == 303
    assert post(bureau, f"/filings/{row.id}/confirm", **given).status_code == 409
    assert "示备〔2026〕9号" in clerk.get("/filings").text
    assert "示备〔2026〕9号" in clerk.get("/filings?format=csv").get_data(as_text=True)
    assert row.number not in bureau.get("/filings?state=sent").text


def test_another_region_finds_nothing_of_it(app, staff, agreement):
    row = filed(agreement, staff[Role.LEADER])
    elsewhere = client_for(app, factories.actor(Role.BUREAU, region="990999"))
    assert elsewhere.get(f"/filings/{row.id}").status_code == 404
    assert post(elsewhere, f"/filings/{row.id}/confirm", number="示备1号").status_code == 404
    assert row.number not in elsewhere.get("/filings").text
    assert row.number not in elsewhere.get("/filings?format=csv").get_data(as_text=True)


@pytest.mark.law("P3-08f", "M2-09")
def test_a_result_is_filed_with_its_form_the_moment_it_is_confirmed(app, staff, kind):
    from tests.portal_world import World

    world = World(app, staff, kind)
    key = world.handed_in()
    world.accepted(key)
    world.evaluated(key, confirm=False)
    assert session.scalars(select(Filing)).all() == []
    world2 = post(
        client_for(app, staff[Role.REVIEWER]), f"/applications/{key}/result", decision="pass"
    )
    assert world2.status_code == 303
    row = session.scalars(select(Filing)).one()
    assert (row.kind, row.subject, row.filed_on) == (
        "evaluation_result",
        "evaluation",
        clock.today(),
    )
    form = session.get(Document, row.document_id)
    assert (form.kind, form.facts["passed"], form.facts["members"]) == ("filing_result", True, 4)
    assert form.facts["addressee"] == form.facts["bureau"]
    assert not form.needs_service
    assert form.number not in world.get("/portal/documents").text


# the report of a suspension or termination: seven days from Monday 15 June 2026 end on a Monday

DUE = date(2026, 6, 22)


def reported(agreement, staff, measure):
    if measure == "suspension":
        row = factories_agreement.suspended(agreement, staff, on=TODAY)
    else:
        number = {"retail_pharmacy": 9}.get(agreement.institution.kind, 6)
        ground = factories_agreement.ground(agreement.institution, "terminate", number)
        decision = terminations.Decision(ground, "经查属实。", TODAY, TODAY)
        row = terminations.terminate(agreement, decision, actor=staff[Role.LEADER], on=TODAY)
    session.commit()
    return row


@pytest.mark.law("P3-46", refuses=True, passes=True)
@pytest.mark.parametrize("measure", ["suspension", "termination"])
@pytest.mark.parametrize("way", ["letter", "queue"])
@pytest.mark.parametrize(("offset", "light"), [(-1, "ok"), (0, "ok"), (1, "over")])
def test_the_report_has_its_own_clock_until_it_reached_the_bureau(
    staff, agreement, measure, way, offset, light
):
    row, day = reported(agreement, staff, measure), DUE + timedelta(days=offset)
    [running] = clock_views.of(measure, row.id, on=day)
    assert (running.started_on, running.due_on) == (TODAY, DUE)
    assert "请按本地文件核对" in running.explain[0]
    ring = (running.remaining, running.unit_label)
    late = (-1, "工作日")  # 23 June, a Tuesday; no day left says nothing else
    assert ring == (late if offset > 0 else (-offset, "天"))
    if way == "letter":
        [letter] = letters.of(row, "report")
        service.serve(letter, actor=staff[Role.CLERK], on=day, method="直接送达", proof="示例回证")
    else:
        filing = filings.of(row, FilingKind(measure))
        filings.confirm(filing, number="示备1号", actor=staff[Role.BUREAU], on=day)
    [ended] = clock_views.of(measure, row.id, on=date(2026, 12, 1))
    assert (ended.remaining, ended.light.state) == (None, light)


@pytest.mark.law("P3-46", passes=True)
def test_no_decision_waits_for_the_calendar_of_the_next_year(staff, agreement):
    """28 December and seven days: 4 January of a year nobody has announced yet."""
    with clock.at(date(2026, 12, 28)):
        row = factories_agreement.suspended(agreement, staff, on=clock.today())
        session.commit()
    [running] = clock_views.of("suspension", row.id, on=date(2026, 12, 28))
    assert (running.due_on, running.provisional) == (date(2027, 1, 4), True)


@pytest.mark.law("P3-46", passes=True)
def test_whichever_way_came_first_ends_it(staff, agreement):
    row = reported(agreement, staff, "suspension")
    [letter] = letters.of(row, "report")
    service.serve(letter, actor=staff[Role.CLERK], on=DUE, method="直接送达", proof="示例回证")
    late = DUE + timedelta(days=30)
    filing = filings.of(row, FilingKind.SUSPENSION)
    filings.confirm(filing, number="示备1号", actor=staff[Role.BUREAU], on=late)
    query = select(StatutoryClock.finished_on).where(StatutoryClock.subject == "suspension")
    assert session.scalars(query).all() == [DUE]


@pytest.mark.law("P3-46", passes=True)
def test_the_clock_of_the_report_is_on_the_page_of_the_case(app, staff, agreement):
    case = factories_agreement.case(agreement, staff, on=TODAY)
    factories_agreement.reviewed(case, staff, on=TODAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    session.commit()
    clerk = client_for(app, staff[Role.INSPECTOR])
    [row] = agreement.suspensions
    for path in (f"/cases/{case.id}", f"/suspensions/{row.id}"):
        assert "报告行政部门的期限" in clerk.get(path).text


@pytest.mark.law("P3-46", passes=True)
def test_after_a_termination_it_is_on_the_page_of_the_agreement(app, staff, agreement):
    reported(agreement, staff, "termination")
    page = client_for(app, staff[Role.CLERK]).get(f"/agreements/{agreement.id}").text
    assert "报告行政部门的期限" in page
