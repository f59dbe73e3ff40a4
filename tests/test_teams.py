"""评估组: four specialties, nobody with a tie, drawn or chosen with a reason; every draw stays in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

import clock
from actions import draws, evaluations, evaluators, teams
from actions.teams import Plan
from database import session
from models import Document, Draw, Institution, User, WorkItem
from models.sealed import blind_index
from queries import teams as ask
from rules import drawing
from rules.drawing import Entry
from rules.permissions import Denied, Role
from rules.recusal import TieNature
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.evaluation_world import House
from tests.web import client_for, post

EACH = {"insurance": 1, "medicine": 1, "finance": 1, "information": 1}


@pytest.fixture
def house(db, staff, kind):
    return House(staff, kind)


@pytest.fixture
def row(house):
    return house.accepted()


def drawn(house, row, wanted=EACH, **more):
    return teams.draw_team(
        row, wanted, actor=house.by(Role.CHIEF), on=TODAY, at=clock.now(), **more
    )


def begin(house, row, members, **plan):
    given = Plan(**({"form": "现场评估"} | plan))
    return evaluations.start(row, members, given, actor=house.by(Role.CHIEF), on=TODAY)


def why(row, evaluator):
    return next(one for one in ask.candidates(row) if one.evaluator is evaluator)


@pytest.mark.law("P3-08b", "M2-09")
@pytest.mark.parametrize("missing", list(EACH))
def test_a_team_without_one_of_the_four_specialties_is_refused(house, row, missing):
    members = [one for key, one in house.pool.items() if key != missing]
    with pytest.raises(Refused, match="评估组缺少") as refused:
        begin(house, row, members, reason="样例理由")
    assert "令第" in refused.value.basis
    assert begin(house, row, list(house.pool.values()), reason="样例理由").round == 1


@pytest.mark.law("P3-08a", "M2-09")
@pytest.mark.parametrize("form", ["现场评估", "书面评估"])
def test_a_team_works_in_writing_or_on_site_or_by_a_third_party(house, row, form):
    visit = TODAY + timedelta(days=3)
    found = begin(
        house, row, list(house.pool.values()),
        form=form, visit_on=visit, third_party="示例第三方", reason="样例理由",
    )  # fmt: skip
    session.flush()
    told = session.scalars(select(Document).where(Document.kind == "site_evaluation")).all()
    assert len(told) == (form == "现场评估")
    assert found.third_party == "示例第三方"
    assert found.visit_on == (visit if told else None)
    if told:
        assert told[0].facts["visit_on"] == visit.isoformat()
        assert not any(one.user.name in str(told[0].facts) for one in house.pool.values())


def test_a_visit_is_not_before_today(house, row):
    with pytest.raises(Refused, match="早于今天"):
        begin(
            house, row, list(house.pool.values()),
            reason="样例", visit_on=TODAY - timedelta(days=1),
        )  # fmt: skip


def test_chosen_members_need_a_reason(house, row):
    with pytest.raises(Refused, match="选定的理由"):
        begin(house, row, list(house.pool.values()))
    found = begin(house, row, list(house.pool.values()), reason="库内仅此四人")
    assert found.chosen_because == "库内仅此四人"


def test_an_expert_who_works_or_worked_there_steps_aside(house, row):
    expert = house.pool["finance"]
    evaluators.tie(
        expert, house.place, TieNature.WORKED, note="2020年离职",
        actor=house.by(Role.CHIEF), on=TODAY,
    )  # fmt: skip
    assert why(row, expert).reasons == ("曾在该机构任职（2020年离职）",)
    with pytest.raises(Refused, match=r"应当回避.*曾在该机构任职"):
        begin(house, row, list(house.pool.values()), reason="样例理由")
    elsewhere = house.accepted(
        place=(place := factories.institution(house.kind)),
        owner=factories.actor(Role.INSTITUTION, institution=place),
    )
    assert why(elsewhere, expert).reasons == ()


def test_an_office_holder_past_or_present_steps_aside_by_number_not_by_name(house, row):
    expert, office = house.pool["medicine"], _offices(house.place)[0]
    user = session.get_one(User, expert.user_id)
    user.name = office.name
    assert why(row, expert).reasons == ()
    assert "同名" in why(row, expert).hints[0]
    office.to_on = TODAY - timedelta(days=300)
    expert.id_index = blind_index(office.id_number)
    session.flush()
    assert "曾任的法定代表人" in why(row, expert).reasons[0]


def _offices(place: Institution):
    from models import Office

    return session.scalars(select(Office).where(Office.institution_id == place.id)).all()


def test_a_declared_conflict_is_a_reason_and_needs_one(house, row):
    expert, chief = house.pool["insurance"], house.by(Role.CHIEF)
    with pytest.raises(Refused, match="理由"):
        teams.declare_recusal(row, expert, reason=" ", actor=chief, on=TODAY)
    teams.declare_recusal(row, expert, reason="与负责人为同学", actor=chief, on=TODAY)
    assert why(row, expert).reasons == ("声明回避：与负责人为同学",)
    with pytest.raises(Denied):
        teams.declare_recusal(row, expert, reason="样例", actor=house.by(Role.CLERK), on=TODAY)


def test_whoever_must_step_aside_is_out_before_the_seed(house, row):
    expert, other = house.pool["finance"], house.member("finance")
    chief = house.by(Role.CHIEF)
    teams.declare_recusal(row, expert, reason="样例利害关系", actor=chief, on=TODAY)
    draw = drawn(house, row)
    keys = [key for key, _ in draw.pool]
    assert f"{expert.id:06d}" not in keys
    assert [one["key"] for one in draw.excluded] == [f"{expert.id:06d}"]
    assert f"{other.id:06d}" in draw.drawn
    with pytest.raises(Refused, match="财务管理方面可抽取的人员不足"):
        drawn(house, row, EACH | {"finance": 2}, reason="样例")


def test_a_draw_is_stored_so_that_a_stranger_comes_to_the_same(house, row):
    house.member("medicine")
    draw = drawn(house, row, EACH | {"medicine": 2})
    again = drawing.draw([Entry(*one) for one in draw.pool], draw.wanted, draw.seed)
    assert (list(again.drawn), again.pool_hash) == (draw.drawn, draw.pool_hash)
    assert len(draw.seed) == 64
    assert draws.holds(draw)
    draw.drawn = draw.drawn[1:]
    assert not draws.holds(draw)


def test_no_two_draws_share_a_seed_and_a_second_one_needs_a_reason_and_leaves_the_first(house, row):
    first = drawn(house, row)
    with pytest.raises(Refused, match="须写明理由"):
        drawn(house, row)
    second = drawn(house, row, reason="一名成员临时出差")
    assert first.seed != second.seed
    assert [(one.turn, one.reason) for one in ask.draws("application", row.id)] == [
        (2, "一名成员临时出差"),
        (1, ""),
    ]
    with pytest.raises(Refused, match="不是本轮最新"):
        begin(house, row, teams.drawn(first, list(house.pool.values())), draw=first)


def test_a_draw_leaves_no_specialty_out(house, row):
    with pytest.raises(Refused, match="评估组缺少"):
        drawn(house, row, EACH | {"finance": 0})
    assert session.scalars(select(Draw)).all() == []


def test_a_draw_is_taken_whole(house, row):
    spare = house.member("finance")
    draw = drawn(house, row)
    members = teams.drawn(draw, [*house.pool.values(), spare])
    swapped = [m for m in members if m.specialty != "finance"]
    swapped += [m for m in (house.pool["finance"], spare) if m not in members]
    with pytest.raises(Refused, match="与抽取结果不一致"):
        begin(house, row, swapped, draw=draw)
    found = begin(house, row, members, draw=draw)
    assert (found.draw_id, found.chosen_because) == (draw.id, "")
    items = session.scalars(select(WorkItem).where(WorkItem.subject == "opinion")).all()
    assert {item.desk for item in items} == {f"user:{m.user_id}" for m in members}


def test_a_tie_found_after_the_draw_stops_the_team(house, row):
    draw = drawn(house, row)
    members = teams.drawn(draw, list(house.pool.values()))
    chief = house.by(Role.CHIEF)
    teams.declare_recusal(row, members[0], reason="抽中后声明", actor=chief, on=TODAY)
    with pytest.raises(Refused, match="应当回避"):
        begin(house, row, members, draw=draw)


def test_whoever_left_the_pool_is_not_called_and_may_come_back(house, row):
    expert, chief = house.pool["finance"], house.by(Role.CHIEF)
    evaluators.leave(expert, actor=chief, on=TODAY)
    assert expert not in [one.evaluator for one in ask.candidates(row)]
    with pytest.raises(Refused, match="不在评估人员库"):
        evaluators.leave(expert, actor=chief, on=TODAY)
    user = session.get_one(User, expert.user_id)
    back = evaluators.join(user, "medicine", actor=chief, on=TODAY)
    assert (back.id, back.active, back.specialty, back.left_on) == (
        expert.id,
        True,
        "medicine",
        None,
    )


def test_an_id_number_is_checked_sealed_and_not_shown(app, house):
    user, chief = factories.user(Role.INSPECTOR), house.by(Role.CHIEF)
    with pytest.raises(Refused, match="公民身份号码"):
        evaluators.join(user, "finance", id_number="110101190001010001", actor=chief, on=TODAY)
    number = factories.id_number(777)
    row = evaluators.join(user, "finance", id_number=number, actor=chief, on=TODAY)
    session.commit()
    client = client_for(app, chief)
    for path in ("/evaluators", f"/evaluators/{row.id}", "/evaluators?format=csv"):
        assert number not in client.get(path).get_data(as_text=True)


def test_the_team_is_built_through_its_page(app, house, row):
    key, chief = row.id, client_for(app, house.by(Role.CHIEF))
    page = chief.get(f"/applications/{key}/team").text
    assert "医疗保障" in page
    assert "没有发现回避情形" in page
    assert post(chief, f"/applications/{key}/team/draw").status_code == 303
    page = chief.get(f"/applications/{key}/team").text
    assert "与记录一致" in page
    draw = session.scalars(select(Draw)).one()
    assert draw.seed in page
    assert post(chief, f"/applications/{key}/team/draw").status_code == 409
    session.rollback()
    answer = post(chief, f"/applications/{key}/team", draw=draw.id, form="书面评估")
    assert answer.status_code == 303
    other = client_for(app, house.by(Role.CLERK))
    page = other.get(f"/applications/{key}/team").text
    assert draw.seed in page
    assert '<form method="post" action="/applications' not in page


def test_another_case_s_draw_does_not_count(app, house, row):
    place = factories.institution(house.kind)
    other = house.accepted(place=place, owner=factories.actor(Role.INSTITUTION, institution=place))
    draw = drawn(house, other)
    session.commit()
    chief = client_for(app, house.by(Role.CHIEF))
    answer = post(chief, f"/applications/{row.id}/team", draw=draw.id, form="书面评估")
    assert answer.status_code == 409
    assert "不是本件的记录" in answer.text


def test_the_pool_of_another_region_does_not_exist(app, house):
    elsewhere = client_for(app, factories.actor(Role.CHIEF, region="990999"))
    one = house.pool["finance"]
    assert elsewhere.get(f"/evaluators/{one.id}").status_code == 404
    assert post(elsewhere, f"/evaluators/{one.id}/leave").status_code == 404
    name = session.get_one(User, one.user_id).name
    assert name not in elsewhere.get("/evaluators").text
