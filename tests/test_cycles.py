"""A rating cycle: frozen, reviewed by another, published by a third, replayed exactly; proposals decided by people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from actions import cycles, letters
from models import Cycle, Document, Event, Proposal, Rating
from queries import cycles as ask
from queries import published_ratings
from queries.proposals import USES
from rules.lifecycle import CYCLE
from rules.permissions import Actor, Denied, Role
from rules.refusal import Refused
from scoring import catalogue
from tests import factories, factories_cycle

ON = factories_cycle.ON
LATER = ON + factories_cycle.NOTICE
SCHEME = catalogue.parsed(catalogue.text(factories_cycle.SCHEME))


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


def rating_of(cycle, place) -> Rating:
    return next(row for row in cycle.ratings if row.institution_id == place.id)


# --- starting --------------------------------------------------------------------------------------


def test_starting_freezes_scheme_and_facts_and_rates_everybody(db, staff, place, kind):
    quiet = factories_cycle.quiet(kind)
    cycle = factories_cycle.started(staff)
    assert (cycle.state, cycle.edition) == ("computed", SCHEME.edition)
    assert cycle.scheme_text == catalogue.text(factories_cycle.SCHEME)
    assert {row["institution"] for row in cycle.facts} == {place.id, quiet.id}
    best = rating_of(cycle, quiet)
    # nobody is registered, so people step out; of 15 for conditions only the years count: 2 of 5
    expected = round((40 + 25 + 15 * 2 / 5) / (40 + 25 + 15) * 100, 2)
    assert best.score == expected
    assert best.grade == "good"


def test_the_troubled_one_is_explained_line_by_line(db, staff, place, kind):
    rating = rating_of(factories_cycle.started(staff), place)
    gains = sum(line["gain_milli"] for line in rating.lines)
    assert abs(gains - rating.score_milli) <= len(rating.lines) + 5
    lines = {line["indicator"]: line for line in rating.lines}
    assert lines["confirmed_cases"]["raw"] == "1件"
    assert lines["confirmed_cases"]["points"] == "15"  # 20 less 5
    assert len(lines["confirmed_cases"]["evidence"]) == 1  # the open one is proved on its own line
    assert lines["suspended_days"]["points"] == "10"  # 12 × (1 − 30/180)
    people = "points_pharmacy" if kind == "pharmacy" else "points_medical"
    assert lines[people]["raw"] == "3分/人"  # 12 points, 4 people
    assert lines[people]["points"] == ("5" if kind == "pharmacy" else "0")
    assert lines["stopped_people"]["points"] == "0"  # one of four
    assert lines["suspended"]["part"] == "veto"


def test_a_number_that_nobody_recorded_says_so(db, staff, place):
    lines = {
        line["indicator"]: line for line in rating_of(factories_cycle.started(staff), place).lines
    }
    assert lines["late_filings_count"]["remark"] == ""  # counted, and none found
    assert lines["self_inspection"]["remark"] == "没有数据，权重由其他指标分担"
    assert lines["confirmed_cases"]["remark"] == ""


def test_starting_again_supersedes_and_never_overwrites(db, staff, place):
    first = factories_cycle.started(staff)
    kept = [(row.score_milli, row.grade) for row in first.ratings]
    second = factories_cycle.started(staff)
    assert (first.state, second.state) == ("superseded", "computed")
    assert [(row.score_milli, row.grade) for row in first.ratings] == kept


def test_a_published_cycle_is_not_run_again(db, staff, place):
    factories_cycle.published(staff)
    with pytest.raises(Refused, match="已经公布"):
        factories_cycle.started(staff)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"to_on": date(2026, 6, 16)}, "才结束"),
        ({"from_on": date(2026, 6, 1)}, "晚于截止日期"),
        ({"scheme": "../county_four_grades"}, "没有名为"),
        ({"name": " "}, "名称"),
        ({"from_on": date(2019, 1, 1), "to_on": date(2019, 12, 31)}, "没有协议存续"),
    ],
)
def test_a_senseless_start_is_refused(db, staff, place, values, why):
    with pytest.raises(Refused, match=why):
        factories_cycle.started(staff, **values)
    assert db.scalars(select(Cycle)).all() == []


def test_only_the_agency_s_clerk_starts(db, staff, place):
    for role in (Role.REVIEWER, Role.LEADER, Role.BUREAU, Role.SYSADMIN):
        with pytest.raises(Denied):
            factories_cycle.started({**staff, Role.CLERK: staff[role]})


# --- three persons ------------------------------------------------------------------------------


def test_review_and_publication_are_for_two_more_persons(db, staff, place):
    cycle = factories_cycle.started(staff)
    same = Actor(cycle.started_by_id, "示例", Role.REVIEWER, factories.REGION)
    with pytest.raises(Denied):
        cycles.review(cycle, actor=same, on=ON)
    factories_cycle.reviewed(cycle, staff)
    factories_cycle.noticed(cycle, staff)
    for person in (cycle.started_by_id, cycle.reviewed_by_id):
        leader = Actor(person, "示例", Role.LEADER, factories.REGION)
        with pytest.raises(Denied):
            cycles.publish(cycle, actor=leader, on=LATER)
    cycles.publish(cycle, actor=staff[Role.LEADER], on=LATER)
    assert (cycle.state, cycle.published_on) == ("published", LATER)


def test_nothing_is_published_unreviewed(db, staff, place):
    with pytest.raises(Refused, match="不能公布等级"):
        cycles.publish(factories_cycle.started(staff), actor=staff[Role.LEADER], on=ON)


def test_another_region_s_leader_has_no_say(db, staff, place):
    cycle = factories_cycle.started(staff)
    with pytest.raises(Denied):
        cycles.review(cycle, actor=factories.actor(Role.REVIEWER, region="990999"), on=ON)


@pytest.mark.parametrize("state", CYCLE.states)
@pytest.mark.parametrize("verb", CYCLE.moves)
def test_every_state_allows_exactly_its_verbs(state, verb):
    allowed = {
        ("frozen", "invite"),
        ("frozen", "compute"),
        ("self_assessing", "compute"),
        ("computed", "review"),
        ("reviewed", "announce"),
        ("reviewed", "decide"),  # a run that corrects a published one is not put on notice again
        ("announced", "decide"),
        ("reviewed", "turn_down"),
        ("announced", "turn_down"),
        ("decided", "publish"),
        ("published", "archive"),
        ("published", "replace"),
        ("archived", "replace"),
        ("frozen", "supersede"),
        ("self_assessing", "supersede"),
        ("computed", "supersede"),
        ("reviewed", "supersede"),
        ("announced", "supersede"),
        ("decided", "supersede"),
    }
    if (state, verb) in allowed:
        assert CYCLE.check(state, verb)
    else:
        with pytest.raises(Refused):
            CYCLE.check(state, verb)


# --- replay ---------------------------------------------------------------------------------------


def test_replaying_the_frozen_facts_gives_the_stored_result(db, staff, place, kind, monkeypatch):
    factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    again = {row["subject"]: row for row in cycles.rerate(cycle)}
    place.level, place.name = "三级", "示例改名机构"  # the world moves on
    monkeypatch.setattr(catalogue, "text", lambda key: pytest.fail("the file is not asked"))
    db.flush()
    db.expire_all()
    for row in cycle.ratings:
        stored = {
            "score_milli": row.score_milli,
            "grade": row.grade,
            "rank": row.rank,
            "lines": row.lines,
        }
        assert {"subject": row.institution_id, **stored} == again[row.institution_id]
    assert cycles.differences(cycle) == []


def test_a_stored_result_that_was_touched_is_found_and_cannot_be_reviewed(db, staff, place):
    cycle = factories_cycle.started(staff)
    rating_of(cycle, place).score_milli += 1
    db.flush()
    assert cycles.differences(cycle) == [place.id]
    with pytest.raises(Refused, match="不一致"):
        cycles.review(cycle, actor=staff[Role.REVIEWER], on=ON)


def test_the_house_may_say_a_rule_in_other_words_and_an_old_cycle_is_still_the_same(
    db, staff, place, kind
):
    factories_cycle.quiet(kind)
    cycle = factories_cycle.started(staff)
    rating = rating_of(cycle, place)
    said = {"rule": "旧版写法", "remark": "旧版说明"}
    rating.lines = [{**line, **said} for line in rating.lines]
    db.flush()
    assert cycles.differences(cycle) == []
    cycles.review(cycle, actor=staff[Role.REVIEWER], on=ON)
    assert cycle.state == "reviewed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("raw", "9件"),
        ("points", "9"),
        ("full", "9"),
        ("weight_milli", 9),
        ("gain_milli", 9),
        ("basis", "别的依据"),
        ("evidence", ["别的案卷"]),
        ("label", "别的指标"),
    ],
)
def test_every_figure_and_its_evidence_must_come_out_the_same(db, staff, place, name, value):
    cycle = factories_cycle.started(staff)
    rating = rating_of(cycle, place)
    first, *rest = rating.lines
    rating.lines = [{**first, name: value}, *rest]
    db.flush()
    assert cycles.differences(cycle) == [place.id]


# --- publication --------------------------------------------------------------------------------------


def test_each_institution_gets_its_letter(db, staff, place, kind):
    quiet = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    (letter,) = factories_cycle.letters_of(place)
    assert factories_cycle.letters_of(quiet)
    assert letter.facts["grade"] == SCHEME.grade(rating_of(cycle, place).grade).label
    assert letter.facts["score"] == f"{rating_of(cycle, place).score:.2f}".rstrip("0").rstrip(".")
    shown = sum(float(line["points"]) for line in letter.facts["lines"] if line["points"] != "—")
    assert shown == pytest.approx(float(letter.facts["score"]), abs=0.1)
    assert letter.facts["objection_days"] == "5"  # from its service; if served when issued until
    assert letter.facts["objection_due_on"] == "2026-06-23"  # 5 working days; 19 June is a holiday
    # the weights of the county are assumed, and who is told a score reads that
    assert "按本地评价办法（暂行标准）" in letter.facts["basis"]
    assert any("；分值按本地评价办法（暂行标准）" in one["basis"] for one in letter.facts["lines"])
    assert letters.render(letter).startswith(b"%PDF")


def test_proposals_follow_the_scheme_s_uses_grade_by_grade(db, staff, place):
    cycle = factories_cycle.published(staff)
    rating = rating_of(cycle, place)
    found = {
        row.use: row for row in db.scalars(select(Proposal).where(Proposal.rating_id == rating.id))
    }
    assert set(found) == set(SCHEME.uses) == set(USES)
    for key, row in found.items():
        said = SCHEME.use(key, rating.grade, on=ON)
        assert (row.value, row.label) == (str(said.value), said.text)
        assert (row.basis, row.confidence, row.state) == (said.basis, said.confidence, "proposed")


def test_before_publication_there_is_neither_letter_nor_proposal(db, staff, place):
    cycle = factories_cycle.started(staff)
    cycles.review(cycle, actor=staff[Role.REVIEWER], on=ON)
    assert db.scalars(select(Proposal)).all() == []
    assert db.scalars(select(Document).where(Document.kind == "grade")).all() == []


def test_only_published_grades_are_known_outside_the_agency(db, staff, place):
    cycle = factories_cycle.started(staff)
    bureau, clerk = staff[Role.BUREAU], staff[Role.CLERK]
    assert ask.visible(bureau) == []
    assert ask.visible(clerk) == [cycle]
    assert ask.visible(factories.actor(Role.CLERK, region="990999")) == []
    assert ask.visible(staff[Role.SYSADMIN]) == []
    assert published_ratings.of_institution(place.id, on=ON) == []
    factories_cycle.reviewed(cycle, staff)
    factories_cycle.noticed(cycle, staff)
    assert published_ratings.latest([place.id], on=LATER) == {}
    cycles.publish(cycle, actor=staff[Role.LEADER], on=LATER)
    assert ask.visible(bureau) == [cycle]
    (grade,) = published_ratings.of_institution(place.id, on=LATER)
    assert grade.grade == SCHEME.grade(rating_of(cycle, place).grade).label
    assert {line.label for line in grade.lines} >= {"已认定违规案件", "协议中止天数"}


# --- proposals ------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(db, staff, place):
    factories_cycle.published(staff)
    return db.scalars(select(Proposal).where(Proposal.use == "renewal")).one()


def test_the_leader_adopts(db, staff, proposal):
    cycles.decide(proposal, "adopt", actor=staff[Role.LEADER], on=ON)
    assert (proposal.state, proposal.decided_by_id) == ("adopted", staff[Role.LEADER].id)
    with pytest.raises(Refused):
        cycles.decide(proposal, "refuse", actor=staff[Role.LEADER], on=ON, reason="另有安排")


def test_a_refusal_needs_its_reason(db, staff, proposal):
    with pytest.raises(Refused, match="理由"):
        cycles.decide(proposal, "refuse", actor=staff[Role.LEADER], on=ON, reason=" ")
    cycles.decide(proposal, "refuse", actor=staff[Role.LEADER], on=ON, reason="整改已经完成")
    assert (proposal.state, proposal.reason) == ("refused", "整改已经完成")


def test_nobody_else_decides(db, staff, proposal):
    for role in (Role.CLERK, Role.REVIEWER, Role.CHIEF, Role.BUREAU):
        with pytest.raises(Denied):
            cycles.decide(proposal, "adopt", actor=staff[role], on=ON)


def test_every_step_is_written_down(db, staff, place):
    cycle = factories_cycle.published(staff)
    db.commit()
    query = select(Event.verb).where(Event.subject == "cycle", Event.subject_id == cycle.id)
    assert db.scalars(query.order_by(Event.seq)).all() == [
        "start", "compute", "rate", "review", "announce", "convene", "cast_vote", "cast_vote", "cast_vote",
        "decide", "publish", "propose",
    ]  # fmt: skip
