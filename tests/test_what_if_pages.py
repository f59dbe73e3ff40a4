"""权重试算 through the door and on the command line: looking writes nothing; a draft is approved by another."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from actions import cycles, scheme_drafts
from database import session
from models import Event, Rating, SchemeDraft
from queries import schemes, what_ifs
from rules.lifecycle import SchemeDraftState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from scoring import catalogue
from tests import factories_cycle
from tests.web import client_for, flashes, post

ON = factories_cycle.ON
CHANGED = {"domains.conditions.weight": "35", "domains.fund_use.weight": "20"}


@pytest.fixture
def cycle(db, staff, kind):
    factories_cycle.troubled(kind, staff)
    factories_cycle.quiet(kind)
    found = factories_cycle.published(staff)
    db.commit()
    return found


@pytest.fixture
def small(db, staff):
    """One hospital, rated and not yet reviewed."""
    factories_cycle.quiet("hospital")
    found = factories_cycle.started(staff)
    db.commit()
    return found


def drafted(staff, cycle, name="样例草案甲", changes=CHANGED, **values):
    given = {"purpose": "示例理由。", "actor": staff[Role.CLERK], "on": ON, **values}
    return scheme_drafts.draft(cycle, name, changes, **given)


def adopted(staff, cycle, **values):
    row = drafted(staff, cycle)
    scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
    given = {"edition": "2027", "in_force_on": date(2026, 7, 1), "minutes": "示例记录。", "on": ON}
    scheme_drafts.adopt(row, actor=staff[Role.BUREAU], **{**given, **values})
    session.flush()
    return row


# --- looking ----------------------------------------------------------------------------------------


def test_a_trial_without_a_change_is_the_stored_result_to_the_last_digit(db, staff, cycle):
    found = what_ifs.tried(cycle, {})
    assert found.trial.count() == 0
    rows = found.trial.after.results.iter_rows(named=True)
    tried = {
        row["institution"]: (round(row["score"] * 1000), row["grade"], row["rank"]) for row in rows
    }
    stored = {r.institution_id: (r.score_milli, r.grade, r.rank) for r in cycle.ratings}
    assert tried == stored


def test_the_page_says_who_changes_and_why_and_writes_nothing(app, db, staff, cycle):
    before = db.scalar(select(func.count()).select_from(Event))
    client = client_for(app, staff[Role.LEADER])
    seen = db.scalar(select(func.count()).select_from(Event))
    path = f"/ratings/cycles/{cycle.id}/what-if"
    assert "没有改动，结果与存档一致" in client.get(path).text
    # the quiet one: 40 + 25 of 65, conditions 2 of 5 years: 15 × 0.4 = 6; (65 + 6) / 80 × 100 = 88.75
    page = client.get(f"{path}?grades.good.at_least=89").text
    assert "“良好”的分数线由80改为89（得88.75分）" in page
    assert 'value="89"' in page
    db.rollback()
    assert db.scalar(select(func.count()).select_from(Event)) == seen
    kept = select(SchemeDraft.id).where(SchemeDraft.cycle_id.is_not(None))  # beside the approval
    assert db.scalars(kept).all() == []
    assert before <= seen


def test_numbers_that_change_nothing_leave_the_address(app, db, staff, small):
    client = client_for(app, staff[Role.CLERK])
    path = f"/ratings/cycles/{small.id}/what-if"
    answer = client.get(f"{path}?grades.good.at_least=80.0&domains.people.weight=30&way=down")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{path}?way=down&domains.people.weight=30"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("grades.good.at_least=95", "等级没有由高到低排列"),
        ("domains.people.weight=0", "“人员管理”须大于0"),
        ("domains.people.weight=viel", "“人员管理”应为数字"),
        ("domains.people.weight=nan", "“人员管理”的数太大"),
        ("domains.peple.weight=3", "方案里没有可以试算的“domains.peple.weight”"),
        ("vetoes.suspended=perhaps", "“评价期内协议被中止”不能是“perhaps”"),
        ("indicators.points_medical.rule.steps.0.at_most=0.3", "阶梯各档没有按先后排好"),
    ],
)
@pytest.mark.once
def test_a_senseless_number_is_refused_in_words_beside_the_field(app, db, staff, small, words, why):
    client = client_for(app, staff[Role.CLERK])
    page = client.get(f"/ratings/cycles/{small.id}/what-if?{words}").text
    assert why in page
    assert "改动有误，没有试算" in page
    assert "另存为方案草案" not in page


@pytest.mark.once
def test_a_number_inside_a_condition_has_its_own_box(app, db, staff, small):
    client, name = client_for(app, staff[Role.CLERK]), "parameters.half_stopped_share.value"
    path = f"/ratings/cycles/{small.id}/what-if"
    assert f'name="{name}" value="50"' in client.get(path).text
    page = client.get(f"{path}?{name}=20").text
    assert f'name="{name}" value="20"' in page
    assert (
        '封顶的被停人员占比（%）</th><td class="num">50</td><td class="num"><b>20</b></td>' in page
    )
    assert "应为数字" in client.get(f"{path}?{name}=viel").text


def test_the_sheet_has_everybody_who_moved(app, db, staff, cycle):
    client = client_for(app, staff[Role.CLERK])
    sheet = client.get(
        f"/ratings/cycles/{cycle.id}/what-if?domains.fund_use.weight=80&format=csv"
    ).data.decode("utf-8-sig")
    assert len(sheet.splitlines()) == 1 + 2


def test_before_there_is_a_result_there_is_nothing_to_compare_with(app, db, staff):
    factories_cycle.quiet("hospital")
    days = factories_cycle.YEAR
    cycle = cycles.freeze("样例", *days, factories_cycle.SCHEME, actor=staff[Role.CLERK], on=ON)
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    answer = client.get(f"/ratings/cycles/{cycle.id}/what-if")
    assert (answer.status_code, "还没有测算" in answer.text) == (409, True)
    assert "what-if" not in client.get(f"/ratings/cycles/{cycle.id}").text


def test_only_the_agency_tries_and_only_its_own_region(app, db, staff, small):
    path = f"/ratings/cycles/{small.id}/what-if"
    assert client_for(app, staff[Role.BUREAU]).get(path).status_code == 403
    assert client_for(app, staff[Role.SYSADMIN]).get(path).status_code == 403
    assert (
        client_for(app, staff[Role.LEADER]).get("/ratings/cycles/999999/what-if").status_code == 404
    )


def test_the_command_prints_every_change_and_writes_nothing(app, db, staff, cycle):
    db.rollback()
    run = app.test_cli_runner().invoke
    answer = run(args=["what-if", cycle.name, "--set", "grades.good.at_least=89", "--json"])
    found = json.loads(answer.output)
    assert (answer.exit_code, found["written"]) == (0, False)
    assert found["changes"] == [{"path": "grades.good.at_least", "from": "80", "to": "89"}]
    # the quiet one has 88.75: good by 80, passing by 89; the other is held at passing by its veto either way
    assert found["migration"] == [
        {"from": "good", "to": "passing", "count": 1},
        {"from": "passing", "to": "passing", "count": 1},
    ]
    assert [row["change"] for row in found["changed"]] == ["down"]
    assert run(args=["what-if", "没有", "--json"]).exit_code == 1
    assert run(args=["what-if", cycle.name, "--set", "x", "--json"]).exit_code == 1


@pytest.mark.browser
@pytest.mark.once
def test_slider_and_number_follow_each_other_and_the_sum_is_told_before_anything_is_sent(
    site, db, staff, small
):
    page = site.seat(staff[Role.CLERK]).go(f"/ratings/cycles/{small.id}/what-if").page
    number, slider = "#p-domains-people-weight", "[data-slide=p-domains-people-weight]"
    page.fill(number, "25")
    assert page.input_value(slider) == "25"
    assert page.inner_text("[data-sum]") == "105"  # 40 + 25 + 25 + 15
    page.locator(slider).fill("20")
    assert page.input_value(number) == "20"
    assert page.inner_text("[data-sum]") == "100"


# --- drafts -----------------------------------------------------------------------------------------


def test_a_draft_goes_through_the_pages_to_an_edition_that_starts_a_cycle(app, db, staff, cycle):
    clerk, bureau = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.BUREAU])
    saved = post(
        clerk,
        f"/ratings/cycles/{cycle.id}/what-if/drafts",
        name="样例草案",
        purpose="示例理由。",
        **CHANGED,
    )
    assert saved.status_code == 303
    page = flashes(clerk, saved).text
    assert "改动了什么" in page
    row = db.scalars(select(SchemeDraft).where(SchemeDraft.state == "draft")).one()
    own = f"/schemes/drafts/{row.id}"
    assert post(clerk, f"{own}/submit", version=row.version).status_code == 303
    assert "批准方案" not in clerk.get(own).text
    assert "批准方案" in bureau.get(own).text
    answer = post(
        bureau, f"{own}/adopt", edition="2027", in_force_on="2026-06-15", minutes="示例记录。"
    )
    assert answer.status_code == 303
    db.expire_all()
    assert (row.state, row.edition, row.decided_by_id) == ("adopted", "2027", staff[Role.BUREAU].id)
    assert "2027版" in clerk.get("/ratings/cycles/new").text
    new = cycles.start(
        "样例周期丙",
        *factories_cycle.YEAR,
        "county_four_grades@2027",
        actor=staff[Role.CLERK],
        on=ON,
    )
    assert (new.edition, new.scheme) == ("2027", "county_four_grades")
    db.commit()
    said = app.test_cli_runner().invoke(
        args=["rate", cycle.name, "--scheme", "county_four_grades@2027", "--dry-run", "--json"]
    )
    assert json.loads(said.output)["written"] is False
    weights = {d.key: d.weight for d in catalogue.parsed(new.scheme_text).domains}
    assert weights == {"fund_use": 20, "people": 20, "performance": 25, "conditions": 35}


def test_nobody_approves_a_draft_of_one_s_own_and_only_the_bureau_approves(db, staff, small):
    row = drafted(staff, small)
    scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
    row.author_id = staff[Role.BUREAU].id
    for role in (Role.BUREAU, Role.LEADER, Role.CHIEF, Role.REVIEWER, Role.CLERK):
        with pytest.raises(Denied):
            scheme_drafts.refuse(row, actor=staff[role], on=ON, reason="示例。")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"minutes": " "}, "集体审议"),
        ({"edition": ""}, "版本"),
        ({"edition": "a@b"}, "版本"),
        ({"edition": "2026"}, "已经有2026版"),
        ({"in_force_on": date(2026, 6, 14)}, "不得早于批准之日"),
    ],
)
def test_a_senseless_approval_is_refused(db, staff, small, values, why):
    with pytest.raises(Refused, match=why):
        adopted(staff, small, **values)


def test_an_edition_may_be_approved_for_the_same_day_and_is_used_from_its_day_on(db, staff, small):
    adopted(staff, small)  # in force from 1 July
    key = "county_four_grades@2027"
    assert key not in dict(schemes.offered(small.pooling_region, date(2026, 6, 30)))
    with pytest.raises(Refused, match="2026-07-01 起施行"):
        schemes.text(key, small.pooling_region, on=date(2026, 6, 30))
    assert key in dict(schemes.offered(small.pooling_region, date(2026, 7, 1)))
    assert "edition: '2027'" in schemes.text(key, small.pooling_region, on=date(2026, 7, 1))
    with pytest.raises(Refused, match="没有名为"):
        schemes.text(key, "999999", on=date(2026, 7, 1))


def test_an_edition_exists_once(db, staff, small):
    adopted(staff, small)
    other = drafted(staff, small, "样例草案乙")
    scheme_drafts.submit(other, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="已经有2027版"):
        scheme_drafts.adopt(
            other,
            edition="2027",
            in_force_on=ON,
            minutes="示例。",
            actor=staff[Role.BUREAU],
            on=ON,
        )


def test_the_database_itself_knows_an_edition_once(db, staff, small):
    adopted(staff, small)
    other = drafted(staff, small, "样例草案乙")
    other.state, other.edition = SchemeDraftState.ADOPTED, "2027"
    other.in_force_on, other.minutes = ON, "示例。"
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_approving_changes_no_rating_and_no_cycle(db, staff, small):
    kept = [(r.id, r.score_milli, r.grade, r.rank) for r in small.ratings]
    frozen = small.scheme_text
    adopted(staff, small)
    found = db.execute(
        select(Rating.id, Rating.score_milli, Rating.grade, Rating.rank).order_by(Rating.id)
    )
    assert sorted(tuple(row) for row in found) == sorted(kept)
    assert small.scheme_text == frozen


@pytest.mark.parametrize(
    ("name", "changes", "purpose", "why"),
    [
        ("", CHANGED, "示例。", "名称"),
        ("甲", CHANGED, " ", "理由"),
        ("甲", {"grades.good.at_least": "80"}, "示例。", "没有改动"),
        ("样例草案甲", CHANGED, "示例。", "已经有名为"),
    ],
)
def test_a_senseless_draft_is_refused(db, staff, small, name, changes, purpose, why):
    drafted(staff, small)
    with pytest.raises(Refused, match=why):
        drafted(staff, small, name, changes, purpose=purpose)


def test_weights_that_add_up_to_something_else_are_tried_but_not_submitted(db, staff, small):
    row = drafted(staff, small, changes={"domains.fund_use.weight": "41"})
    with pytest.raises(Refused, match="合计为101，原方案合计为100"):
        scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)


@pytest.mark.once
def test_two_drafts_stand_beside_each_other(app, db, staff, small):
    one = drafted(staff, small)
    two = drafted(staff, small, "样例草案乙", {"grades.good.at_least": "89"})
    db.commit()
    client = client_for(app, staff[Role.CHIEF])
    page = client.get(f"/schemes/drafts/compare?first={one.id}&second={two.id}").text
    assert "数值不同之处" in page
    assert page.count("<tr><td>维度权重</td>") == 2
    assert page.count("<tr><td>等级分数线</td>") == 1
    assert client.get(f"/schemes/drafts/compare?first={one.id}&second={one.id}").status_code == 404
    assert client.get(f"/schemes/drafts/{one.id}/text").status_code == 200
    again = client.get(f"/ratings/cycles/{small.id}/what-if?draft={two.id}")
    assert again.headers["Location"].endswith("?grades.good.at_least=89")
