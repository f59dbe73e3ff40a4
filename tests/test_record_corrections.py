"""A wrong record behind a grade: revoked or taken back by its own two persons, named by whoever judges the objection."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import credit_information, cycles, deductions, grade_changes, reversals
from actions import rating_corrections as act_corrections
from actions import rating_objections as act
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from models import Deduction, Document, Office
from queries import credit_facts, grade_standing
from queries import rating_corrections as found
from rules.permissions import Denied, Role
from rules.refusal import Refused
from scoring import catalogue
from tests import factories, factories_credit, factories_cycle
from tests import factories_agreement as agreements
from tests import factories_practitioner as people
from tests.factories_cycle import ON
from tests.test_credit_subjects import published_of_persons
from tests.web import client_for, post

DAY = timedelta(days=1)
SCHEMES = {one.key: one for one in catalogue.startable()}
SCHEME = "validity_850"  # counts the records themselves


def accepted(rating, staff):
    said = Said(rating.name, "该记录有误。", source="counter")
    row = act.raise_objection(rating, said, actor=staff[Role.CLERK], on=ON)
    act.accept(row, actor=staff[Role.CHIEF], on=ON)
    return row


def act_record(place, staff):
    """Put on record after the cycle, about a day of its period."""
    content = factories_credit.content("city_award", date(2026, 3, 9))
    row = credit_information.record(
        content, factories_credit.PAPER, about=place, actor=staff[Role.CLERK], on=ON
    )
    credit_information.confirm(row, actor=staff[Role.REVIEWER], on=ON)
    return row


def by_record(row, noun, staff):
    return act.correct_by_record(row, noun, opinion="属实。", actor=staff[Role.CHIEF], on=ON)


def replayed(cycle, staff):
    run = act_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    factories_cycle.decided(factories_cycle.reviewed(run, staff), staff)
    cycles.publish(run, actor=staff[Role.LEADER], on=ON)
    return run


@pytest.fixture
def noted(db, staff, kind):
    """A grade that rests on a record of dishonesty; the record, the rating, the cycle."""
    place = factories_cycle.quiet(kind)
    record = factories_credit.confirmed(place, "slight", date(2026, 3, 2), staff)
    cycle = factories_cycle.published(staff, scheme=SCHEME)
    (rating,) = cycle.ratings
    return record, rating, cycle


def test_a_revoked_record_named_in_an_objection_is_out_of_the_replay(db, staff, noted):
    record, rating, cycle = noted
    row = accepted(rating, staff)
    with pytest.raises(Refused, match="没有被撤销"):
        by_record(row, "credit_information", staff)
    credit_information.revoke(record, reason="认定单位已撤销。", actor=staff[Role.REVIEWER], on=ON)
    letter = by_record(row, "credit_information", staff)
    fixed = {one.fact: one for one in row.corrections}
    assert set(fixed) <= {"credit_records", "slight_evidence"}
    events = fixed["credit_records"]
    assert (len(events.before), events.after) == (1, [])
    assert (events.record, events.record_id) == ("credit_information", record.id)
    assert (events.reason, record.number in events.evidence) == ("认定单位已撤销。", True)
    assert letter.facts["corrections"][0]["after"] == "无"
    run = replayed(cycle, staff)
    assert run.ratings[0].score_milli > rating.score_milli
    assert found.taken_in(run) == list(row.corrections)
    assert cycle.facts[0]["credit_records"] != []  # what was frozen first is never touched


def test_what_else_came_in_since_is_nobodys_objection(db, staff, noted):
    record, rating, _ = noted
    later = act_record(rating.institution, staff)
    row = accepted(rating, staff)
    credit_information.revoke(record, reason="已撤销。", actor=staff[Role.REVIEWER], on=ON)
    with pytest.raises(Refused, match=f"另有登记：{later.number}"):
        by_record(row, "credit_information", staff)
    assert row.state == "accepted"


def test_points_that_were_taken_back_leave_the_facts_of_the_replay(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    cycle = factories_cycle.published(staff)
    rating = next(one for one in cycle.ratings if one.institution_id == place.id)
    row = accepted(rating, staff)
    nine = db.scalars(select(Deduction).where(Deduction.points == 9)).one()
    back = reversals.record(
        nine, cause="error", reason="对象有误。", actor=staff[Role.CLERK], on=ON
    )
    reversals.confirm(back, actor=staff[Role.REVIEWER], on=ON)
    by_record(row, "deduction", staff)
    fixed = {one.fact: (one.before, one.after) for one in row.corrections}
    # 3 and 9 this year
    assert fixed["practitioner_points"] == (12, 3)
    assert nine.number not in fixed["points_evidence"][1]
    assert {one.record_id for one in row.corrections} == {nine.id}
    run = replayed(cycle, staff)
    now = next(one for one in run.ratings if one.institution_id == place.id)
    assert now.score_milli > rating.score_milli


def test_points_taken_back_afterwards_do_not_count_for_the_person_either(db, staff, kind):
    person, place = people.practitioner(kind)
    agreements.concluded(place)
    entry = people.recorded(person, place, 3, staff[Role.CLERK], decided_on=date(2026, 2, 2))
    deductions.confirm(entry, actor=staff[Role.REVIEWER], on=date(2026, 2, 3))
    days = {"from_on": date(2026, 1, 1), "to_on": date(2026, 5, 31)}

    def points():
        rows = credit_facts.rows(SCHEMES["practitioner"], place.pooling_region, **days)
        return [row["year_points"] for row in rows if row["practitioner"] == person.id]

    assert points() == [3]
    back = reversals.record(
        entry, cause="error", reason="对象有误。", actor=staff[Role.CLERK], on=ON
    )
    reversals.confirm(back, actor=staff[Role.REVIEWER], on=ON)
    assert points() == [0]  # booked in June, never right in May


def test_the_page_names_the_record_before_and_after(app, db, staff, noted):
    record, rating, cycle = noted
    row = accepted(rating, staff)
    db.commit()
    path, chief = f"/rating-objections/{row.id}", client_for(app, staff[Role.CHIEF])
    page = chief.get(path).text
    assert "先由该记录的办理人员撤销或者更正" in page
    assert f"/credit-information/{record.id}" in page
    reviewer = client_for(app, staff[Role.REVIEWER])
    revoke = f"/credit-information/{record.id}/revoke"
    assert post(reviewer, revoke, reason="认定单位已撤销。").status_code == 303
    page = chief.get(path).text
    assert (record.number in page, "认定单位已撤销" in page) == (True, True)
    given = {"record": "credit_information", "opinion": "属实。"}
    assert post(reviewer, f"{path}/correct-by-record", **given).status_code == 403
    assert post(chief, f"{path}/correct-by-record", **given).status_code == 303
    clerk = client_for(app, staff[Role.CLERK])
    where = post(clerk, f"/ratings/cycles/{cycle.id}/replay").headers["Location"]
    differences = clerk.get(where).text
    assert record.number in differences
    assert f"/credit-information/{record.id}" in differences


# --- persons -------------------------------------------------------------------------------------------


@pytest.fixture
def person(db, staff, kind):
    """A practitioner with points, and the place the letters go through."""
    place = factories_cycle.troubled(kind, staff)
    cycle = published_of_persons(staff, "practitioner")
    lowest = min(cycle.ratings, key=lambda one: one.score_milli)
    return lowest, place, cycle


def test_a_person_objects_is_corrected_and_told_through_the_place(db, staff, person):
    rating, place, cycle = person
    row = accepted(rating, staff)
    assert (row.institution_id, row.about_person) == (place.id, True)
    given = Correction("year_points", "0", "对象有误。", "示例案卷")
    letter = act.correct(row, [given], opinion="属实。", actor=staff[Role.CHIEF], on=ON)
    assert (letter.institution_id, letter.facts["addressee"]) == (place.id, rating.name)
    assert letter.facts["personal"] is True
    run = replayed(cycle, staff)
    now = next(one for one in run.ratings if one.practitioner_id == rating.practitioner_id)
    query = select(Document).where(Document.subject == "rating", Document.subject_id == now.id)
    (told,) = db.scalars(query).all()
    assert (told.kind, told.facts["addressee"]) == ("grade_correction", rating.name)
    others = [one.id for one in run.ratings if one.id != now.id]
    query = select(Document.id).where(Document.subject == "rating", Document.subject_id.in_(others))
    assert db.scalars(query).all() == []


def test_a_persons_grade_is_adjusted_by_two_and_leads_to_no_proposals(db, staff, person):
    rating, place, cycle = person
    scheme = catalogue.parsed(cycle.scheme_text)
    other = next(one.key for one in scheme.grades if one.key != rating.grade)
    plan = grade_changes.Plan(other, "评价后查实。", "方案第九条")
    change = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=ON)
    letter = grade_changes.confirm(change, actor=staff[Role.REVIEWER], on=ON)
    assert (letter.institution_id, letter.facts["institution"]) == (place.id, rating.name)
    assert grade_standing.of_rating(rating, on=ON).grade == other
    assert rating.proposals == []


def test_a_legal_representative_objects_as_well(db, staff, kind):
    place = factories_cycle.quiet(kind)
    index = "f" * 64
    db.add(
        Office(
            institution_id=place.id, role="legal_representative", name="示例代表", id_index=index,
            from_on=date(2024, 1, 1),
        )
    )  # fmt: skip
    db.flush()
    cycle = published_of_persons(staff, "legal_representative")
    rating = next(one for one in cycle.ratings if one.person_index == index)
    row = accepted(rating, staff)
    assert row.institution_id == place.id
    letter = act.uphold(row, opinion="与记录一致。", actor=staff[Role.CHIEF], on=ON)
    assert letter.facts["addressee"] == "示例代表"


def test_the_place_hands_in_for_its_own_people_and_for_nobody_elses(app, db, staff, kind, person):
    rating, place, _ = person
    owner = client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    stranger = client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories_cycle.quiet(kind))
    )
    db.commit()
    path = f"/portal/ratings/{rating.id}/objection"
    page = owner.get("/portal/grades").text
    assert (rating.name in page, path in page) == (True, True)
    assert rating.name not in stranger.get("/portal/grades").text
    assert stranger.get(path).status_code == 404
    assert post(stranger, path, text="有误。").status_code == 404
    answer = post(owner, path, text="记分对象有误。")
    assert answer.status_code == 303
    assert rating.name in owner.get("/portal/grades").text
    assert stranger.get(answer.headers["Location"]).status_code == 404


@pytest.mark.once
def test_nobody_outside_objects_to_a_persons_grade(db, staff):
    factories_cycle.troubled("pharmacy", staff)
    cycle = published_of_persons(staff, "practitioner")
    said = Said("示例公众", "有误。", "示例电话", "online")
    with pytest.raises(Refused, match="不公示"):
        act.raise_objection(cycle.ratings[0], said, actor=staff[Role.CLERK], on=ON)


# --- who judges ----------------------------------------------------------------------------------------


def test_whoever_voted_on_the_grades_does_not_judge_an_objection_to_them(db, staff, kind):
    place = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    (rating,) = [one for one in cycle.ratings if one.institution_id == place.id]
    row = act.raise_objection(
        rating, Said(place.name, "有误。", source="counter"), actor=staff[Role.CLERK], on=ON
    )
    cycle.votes[0].user_id = staff[Role.CHIEF].id
    db.flush()
    with pytest.raises(Denied):
        act.accept(row, actor=staff[Role.CHIEF], on=ON)
    cycle.votes[0].ballot, cycle.votes[0].voted_on = None, None  # called, but did not vote
    db.flush()
    act.accept(row, actor=staff[Role.CHIEF], on=ON)
    assert row.state == "accepted"
