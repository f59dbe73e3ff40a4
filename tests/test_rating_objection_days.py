"""The days of an objection to a grade: marking, taking in, answering, help of others; and of a restoration after it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import (
    cycles,
    letters,
    rating_corrections,
    rating_objection_clocks,
    rating_objections,
)
from database import session
from models import StatutoryClock, WorkItem
from queries import grade_changes as ask_changes
from queries import portal_ratings
from rules import grade_changes as change_rule
from rules import rating_objections as rule
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_cycle
from tests.factories_cycle import ON
from tests.test_rating_objections import corrected, raised, rating_of
from tests.web import client_for, forms, post


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


# --- the days of the agency --------------------------------------------------------------------------


def days_of(row) -> dict[str, tuple[date, bool]]:
    """Rule → when it is due, and whether it runs."""
    query = select(StatutoryClock).where(
        StatutoryClock.subject == "rating_objection", StatutoryClock.subject_id == row.id
    )
    return {one.rule: (one.due_on, one.finished_on is None) for one in session.scalars(query)}


def test_an_objection_is_marked_and_taken_in_within_a_day_and_answered_within_five(
    db, staff, place
):
    row = raised(rating_of(factories_cycle.published(staff), place), place)
    # received on Monday 15 June: Tuesday; 16, 17, 18, 22 and, after the holiday on the 19th, 23 June
    assert days_of(row) == {
        "credit.objection_mark": (date(2026, 6, 16), True),
        "credit.objection_acceptance": (date(2026, 6, 16), True),
        "credit.objection_answer": (date(2026, 6, 23), True),
    }
    assert session.scalar(select(WorkItem.due_on).where(WorkItem.subject_id == row.id,
        WorkItem.subject == "rating_objection")) == date(2026, 6, 16)  # fmt: skip
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    running = [name for name, (_, runs) in days_of(row).items() if runs]
    assert running == ["credit.objection_answer"]
    open_item = select(WorkItem.due_on).where(
        WorkItem.subject == "rating_objection", WorkItem.subject_id == row.id, ~WorkItem.done
    )
    assert session.scalar(open_item) == date(2026, 6, 23)
    rating_objections.uphold(row, opinion="不属实。", actor=staff[Role.CHIEF], on=ON)
    assert not any(running for _, running in days_of(row).values())


def test_others_may_be_asked_once_and_the_answer_has_seven_days_then(db, staff, place):
    row = raised(rating_of(factories_cycle.published(staff), place), place)
    given = {"whom": "示例县卫生健康局", "matter": "核实登记日期。", "actor": staff[Role.CHIEF]}
    with pytest.raises(Refused, match="没有受理"):
        rating_objection_clocks.ask_others(row, **given, on=ON)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    with pytest.raises(Refused, match="写明协助核查的单位"):
        rating_objection_clocks.ask_others(row, **given | {"matter": " "}, on=ON)
    with pytest.raises(Denied):
        rating_objection_clocks.ask_others(row, **given | {"actor": staff[Role.LEADER]}, on=ON)
    letter = rating_objection_clocks.ask_others(row, **given, on=ON)
    # 24 and 25 June are the sixth and the seventh working day after 15 June
    told = ("before_due_on", "answer_due_on")
    assert [letter.facts[name] for name in told] == ["2026-06-23", "2026-06-25"]
    assert days_of(row)["credit.objection_answer_assisted"] == (date(2026, 6, 25), True)
    assert "credit.objection_answer" not in days_of(row)
    assert letters.render(letter).startswith(b"%PDF")
    assert portal_ratings.answered_by("rating_objection", row.id) == date(2026, 6, 25)
    with pytest.raises(Refused, match="不能再次延长"):
        rating_objection_clocks.ask_others(row, **given, on=ON)
    rating_objections.uphold(row, opinion="不属实。", actor=staff[Role.CHIEF], on=ON)
    assert not any(running for _, running in days_of(row).values())


@pytest.mark.pure
@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 6, 22), ""), (date(2026, 6, 23), ""), (date(2026, 6, 24), "已过")]
)
def test_the_answer_is_put_off_only_before_it_is_due(day, why):
    asked = ("accepted", "", "示例县卫生健康局", "核实登记日期。")
    if not why:
        rule.check_help(*asked, due=date(2026, 6, 23), on=day)
        return
    with pytest.raises(Refused, match=why) as refused:
        rule.check_help(*asked, due=date(2026, 6, 23), on=day)
    assert refused.value.basis


# --- the waiting time of a restoration after a correction ----------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(("place", "before", "first"), [(1, 2, True), (2, 2, True), (3, 2, False)])
def test_a_correction_in_favour_keeps_the_day_the_grade_was_first_given(place, before, first):
    assert change_rule.start_of_wait(place, before, ON) is first


def test_a_corrected_record_does_not_begin_the_waiting_time_of_a_restoration_anew(
    db, staff, place, kind
):
    cycle = factories_cycle.published(staff)
    corrected(rating_of(cycle, place), place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    later = date(2026, 7, 20)
    factories_cycle.decided(factories_cycle.reviewed(run, staff, on=later), staff, on=later)
    cycles.publish(run, actor=staff[Role.LEADER], on=later)
    facts = ask_changes.facts(rating_of(run, place), later)
    assert (facts.since, facts.waits_from) == (later, ON)
    assert facts.wait_until == date(2026, 9, 16)  # three months after 15 June, not after 20 July


@pytest.mark.once
def test_the_page_of_a_restoration_says_from_which_day_it_waits(app, db, staff):
    place = factories_cycle.troubled("pharmacy", staff)
    cycle = factories_cycle.published(staff)
    corrected(rating_of(cycle, place), place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    later = date(2026, 7, 20)
    factories_cycle.decided(factories_cycle.reviewed(run, staff, on=later), staff, on=later)
    cycles.publish(run, actor=staff[Role.LEADER], on=later)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    db.commit()
    key, said = rating_of(run, place).id, "期间自首次公布的 2026-06-15 起算，"
    with clock.at(date(2026, 9, 16)):
        page = client_for(app, staff[Role.CLERK]).get(f"/ratings/{key}/restoration").text
        own = client_for(app, owner).get(f"/portal/ratings/{key}/restoration").text
    assert said in page
    assert said in own


@pytest.mark.once
def test_the_portal_says_who_checks_and_until_when_the_answer_comes(app, db, staff):
    place = factories_cycle.quiet("hospital")
    row = raised(rating_of(factories_cycle.published(staff), place), place)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    db.commit()
    chief, mine = client_for(app, staff[Role.CHIEF]), client_for(app, owner)
    page, asked = f"/rating-objections/{row.id}", "示例县卫生健康局"
    assert "7 个工作日" in chief.get(page).text
    assert post(chief, f"{page}/help", whom=asked, matter="核实登记日期。").status_code == 303
    told = mine.get(f"/portal/rating-objections/{row.id}").text
    assert "最迟 2026-06-25 答复" in told
    assert f"已请{asked}协助核查（核实登记日期）" in told
    assert "延期答复告知书" in told
    assert f"{page}/help" not in forms(chief.get(page).text)  # once
    assert post(chief, f"{page}/help", whom=asked, matter="再查。").status_code == 409
