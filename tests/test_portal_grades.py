"""信用等级 in the portal: the own place among peers, until when one may object, what is in force now, what to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import grade_changes, rating_objections
from models import Rating, StatutoryClock
from queries import portal_peers, reaches
from queries.credit_sources import SOURCES
from rules import credit_actions
from rules.permissions import Role
from scoring import catalogue
from tests import factories, factories_cycle, factories_stages
from tests.factories_cycle import ON
from tests.web import client_for

AFTER = ON + timedelta(days=30)


def rating_of(db, cycle, place) -> Rating:
    query = select(Rating).where(Rating.cycle_id == cycle.id, Rating.institution_id == place.id)
    return db.scalars(query).one()


def changed(rating, staff, to, *, on):
    """A change proposed by the clerk and confirmed by the leader."""
    plan = grade_changes.Plan(to, "评价后查实。", "方案第八条")
    row = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=on)
    grade_changes.confirm(row, opinion="同意。", actor=staff[Role.LEADER], on=on)
    return row


def owner_of(app, place):
    return client_for(app, factories.actor(Role.INSTITUTION, institution=place))


def test_the_own_place_is_told_and_nothing_of_anybody_else(app, db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    others = [factories_cycle.quiet(kind), factories_cycle.quiet(kind)]
    other_kind = "pharmacy" if kind == "hospital" else "hospital"
    stranger = factories_cycle.quiet(other_kind)
    cycle = factories_cycle.published(staff)
    db.commit()
    page = owner_of(app, place).get("/portal/grades").text
    # two quiet ones before it, and the one of the other kind is in another group
    assert "共 3 家参评，按公布的结果本机构排第 <b>3</b> 名" in page
    assert '<th scope="row">合格（本机构）</th><td class="num">1</td>' in page
    assert '<th scope="row">良好</th><td class="num">2</td>' in page
    assert not any(one.name in page for one in [*others, stranger])
    scores = {f"{rating_of(db, cycle, one).score:g}" for one in others}
    assert not any(re.search(rf">{re.escape(score)}<", page) for score in scores)


def test_a_group_of_one_says_nothing_of_a_place(db, staff, kind):
    place = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    assert portal_peers.of_rating(rating_of(db, cycle, place).id, on=ON) is None


@pytest.mark.once
def test_the_last_day_to_object_and_the_day_of_the_answer_are_told(app, db, staff):
    place = factories_cycle.quiet("hospital")
    cycle = factories_cycle.published(staff)
    rating = rating_of(db, cycle, place)
    db.commit()
    client = owner_of(app, place)
    assert "；分值按本地评价办法（暂行标准）" in client.get("/portal/grades").text
    # nobody knows yet when the letter arrives
    assert "提出异议</a> 自告知书送达之日起 5 个工作日内" in client.get("/portal/grades").text
    factories_cycle.served(cycle, staff)
    db.commit()
    # served on 15 June; five working days end on 23 June, the 19th being 端午节
    assert "提出异议</a> 最迟 2026-06-23" in client.get("/portal/grades").text
    row = factories_stages.objected(rating, staff, on=ON)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    db.commit()
    listed = client_for(app, staff[Role.CHIEF]).get("/rating-objections").text
    assert [word in listed for word in (">异议编号</th>", ">办理期限</th>", row.number)] == [
        True
    ] * 3
    due = db.scalars(
        select(StatutoryClock.due_on).where(
            StatutoryClock.subject == "rating_objection",
            StatutoryClock.subject_id == row.id,
            StatutoryClock.rule == "credit.objection_answer",
        )
    ).one()
    assert f"最迟 {due} 答复" in client.get("/portal/grades").text
    assert f"最迟 {due} 答复" in client.get(f"/portal/rating-objections/{row.id}").text


@pytest.mark.once
def test_the_grade_in_force_is_the_one_that_is_told_now(app, db, staff):
    place, other = factories_cycle.troubled("hospital", staff), factories_cycle.quiet("hospital")
    rating = rating_of(db, factories_cycle.published(staff), place)
    changed(rating, staff, "failing", on=AFTER)
    found = reaches.of_institution(place.id, on=AFTER)
    assert (found.grade, found.now, found.since, found.enough) == ("合格", "不达标", AFTER, False)
    before = reaches.of_institution(place.id, on=AFTER - timedelta(days=1))
    assert (before.grade, before.now) == ("合格", "")
    among = portal_peers.of_rating(rating.id, on=AFTER)
    assert [row for row in among.rows if row[2]] == [("不达标", 1, True)]
    again = rating_of(db, rating.cycle, other)
    changed(again, staff, "excellent", on=AFTER)
    better = reaches.of_institution(other.id, on=AFTER)
    assert (better.now, better.enough) == ("优秀", True)


@pytest.mark.once
def test_the_portal_says_since_when_another_grade_is_in_force(app, db, staff, monkeypatch):
    place = factories_cycle.troubled("hospital", staff)
    rating = rating_of(db, factories_cycle.published(staff), place)
    changed(rating, staff, "failing", on=ON)
    db.commit()
    page = owner_of(app, place).get("/portal/grades").text
    assert f"本机构现为“不达标”（{ON} 起由“合格”变动）" in page
    assert "“合格”的上一等级是“良好”" in page
    staff_page = client_for(app, staff[Role.CLERK]).get(f"/ratings/{rating.id}").text
    assert f"现为“不达标”（{ON} 起由“合格”变动）" in staff_page


@pytest.mark.once
def test_a_sibling_site_under_the_same_code_is_advised_from_the_common_rating(app, db, staff):
    place = factories_cycle.troubled("hospital", staff)
    sibling = factories_cycle.quiet("hospital", uscc=place.uscc)
    factories_cycle.published(staff)
    db.commit()
    own, others = (reaches.of_institution(one.id, on=ON) for one in (place, sibling))
    assert (own.merged, others.merged) == (False, True)
    assert own.reach == others.reach
    page = owner_of(app, sibling).get("/portal/grades").text
    assert "与同一统一社会信用代码的其他地点合并评价" in page
    assert "怎样达到上一等级" in page


@pytest.mark.once
def test_a_change_is_told_with_what_to_do_about_it(app, db, staff):
    place = factories_cycle.troubled("hospital", staff)
    factories_cycle.published(staff)
    db.commit()
    page = owner_of(app, place).get("/portal/grades").text
    advice = credit_actions.actions(ON)["practitioner_points"]
    assert f"人员记分合计减少12分（由12分到0分）：{advice}" in page


@pytest.mark.pure
def test_every_fact_the_house_gathers_and_a_scheme_may_lift_has_its_advice():
    gathered = {column for source in SOURCES for column in source.nothing}
    schemes = [one for one in catalogue.defaults() if one.subject.key == "institution"]
    county = catalogue.parsed(catalogue.text("county_four_grades"))
    lifted = {
        fact.column
        for scheme in [*schemes, county]
        for fact in scheme.facts
        if fact.type in ("number", "flag") and not fact.fixed
    }
    assert lifted & gathered - credit_actions.actions(ON).keys() == set()
