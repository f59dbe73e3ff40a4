"""Objections to a grade: who until when, the mark, wrong facts corrected, the run worked out anew, who is told."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

import clock
from actions import (
    cycle_notices,
    cycles,
    grade_changes,
    rating_corrections,
    rating_objections,
    scheme_drafts,
    violations,
)
from actions.materials import Upload
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from database import session
from models import Cycle, Document, FactCorrection, Proposal, Rating
from queries import cycles as ask_cycles
from queries import published_ratings, ratings
from queries import rating_corrections as found
from rules import fact_corrections
from rules import grade_changes as change_rule
from rules import rating_objections as rule
from rules.grade_changes import Cause, GradeFacts
from rules.permissions import Actor, Denied, Permission, Role, may
from rules.rating_objections import Window
from rules.refusal import Refused
from tests import factories, factories_agreement, factories_cycle
from tests.factories_cycle import ON

DAY = timedelta(days=1)
PAPER = Upload("示例证明.pdf", b"%PDF-1.4 x", "application/pdf")
FIX = Correction("violations_confirmed", "0", "该案件已经撤销。", "示例案卷一")


# --- the rules alone --------------------------------------------------------------------------------

# 3 June to 10 June on notice; told on 15 June, 5 working days: 16, 17, 18, 22, 23 June (19 June is a holiday)
WINDOW = Window("published", date(2026, 6, 3), date(2026, 6, 10), ON, date(2026, 6, 23), "依据")


@pytest.mark.pure
@pytest.mark.parametrize(
    ("day", "own", "ground"),
    [
        (date(2026, 6, 2), True, "late"),
        (date(2026, 6, 3), True, ""),
        (date(2026, 6, 10), False, ""),
        (date(2026, 6, 11), False, "no_standing"),
        (date(2026, 6, 14), True, "late"),
        (date(2026, 6, 15), True, ""),
        (date(2026, 6, 23), True, ""),
        (date(2026, 6, 24), True, "late"),
        (date(2026, 6, 23), False, "no_standing"),
    ],
)
def test_anybody_objects_on_notice_and_the_institution_afterwards_until_its_last_day(
    day, own, ground
):
    assert rule.ground(WINDOW, day, own=own) == ground


NOT_SERVED = replace(WINDOW, due_on=None, days=5)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("day", "ground"),
    [(date(2026, 6, 14), "late"), (date(2026, 6, 15), ""), (date(2026, 12, 31), "")],
)
def test_the_period_does_not_run_out_before_the_letter_is_served(day, ground):
    assert rule.ground(NOT_SERVED, day, own=True) == ground
    assert NOT_SERVED.until == "自告知书送达之日起 5 个工作日内"
    assert WINDOW.until == "最迟 2026-06-23"


@pytest.mark.pure
def test_the_judges_named_on_the_page_sit_at_the_desks_that_may_judge():
    found = {
        role for role in Role if may(Actor(1, "示例", role), Permission.HANDLE_RATING_OBJECTION)
    }
    assert found == set(rule.JUDGES)


class Shape:
    def __init__(self, shape: str, unit: str = "") -> None:
        self.column, self.label, self.type, self.unit = "x", "某事实", shape, unit


@pytest.mark.pure
@pytest.mark.parametrize(
    ("shape", "typed", "value"),
    [
        ("number", "3", 3),
        ("number", " 2.5 ", 2.5),
        ("number", "", None),
        ("flag", "是", True),
        ("flag", "否", False),
        ("date", "2026-01-31", "2026-01-31"),
        ("text", "甲", "甲"),
    ],
)
def test_a_corrected_fact_is_typed_as_the_scheme_reads_it(shape, typed, value):
    assert fact_corrections.value(Shape(shape), typed) == value


@pytest.mark.pure
@pytest.mark.parametrize(
    ("unit", "typed"),
    [("件", "-1"), ("件", "0.5"), ("元", "-0.01"), ("元", "1e300"), ("件", "1000000001")],
)
def test_a_count_is_whole_and_nothing_is_less_than_nothing(unit, typed):
    assert fact_corrections.value(Shape("number", unit), "0") == 0
    with pytest.raises(Refused, match="某事实"):
        fact_corrections.value(Shape("number", unit), typed)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("shape", "typed"),
    [("number", "三"), ("number", "nan"), ("number", "inf"), ("flag", "1"), ("date", "31/1")],
)
def test_a_value_of_another_type_is_refused_with_the_name_of_the_fact(shape, typed):
    with pytest.raises(Refused, match="某事实"):
        fact_corrections.value(Shape(shape), typed)


@pytest.mark.pure
def test_only_the_named_fact_of_the_named_subject_changes_and_the_order_stays():
    rows = [{"institution": 7, "a": 1, "b": 2}, {"institution": 3, "a": 1, "b": None}]
    assert fact_corrections.corrected(rows, "institution", {("3", "b"): 5}) == [
        {"institution": 7, "a": 1, "b": 2},
        {"institution": 3, "a": 1, "b": 5},
    ]


def facts(**values) -> GradeFacts:
    given = {
        "grade": "c", "place": 2, "grades": ("a", "b", "c", "d"), "since": date(2026, 6, 15),
        "in_force": True, "objected": False, "open": False, "waits_from": date(2026, 6, 15),
        "wait_until": date(2026, 9, 16), "basis": "依据",
    }  # fmt: skip
    return GradeFacts(**given | values)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("values", "day", "why"),
    [
        ({}, date(2026, 9, 15), "才能申请"),
        ({}, date(2026, 9, 16), ""),
        ({"place": 0, "grade": "a"}, date(2026, 9, 16), "最高等级"),
        ({"objected": True}, date(2026, 9, 16), "异议正在核查"),
        ({"open": True}, date(2026, 9, 16), "正在办理"),
        ({"in_force": False}, date(2026, 9, 16), "没有公布"),
    ],
)
def test_a_restoration_is_asked_for_after_its_time_and_never_beside_another(values, day, why):
    if why:
        with pytest.raises(Refused, match=why):
            change_rule.check_request(facts(**values), "已经整改", 1, day)
    else:
        change_rule.check_request(facts(**values), "已经整改", 1, day)


@pytest.mark.pure
def test_a_restoration_never_lowers_and_an_adjustment_may():
    with pytest.raises(Refused, match="不得降低"):
        change_rule.check_to(facts(), "d", Cause.RESTORATION)
    change_rule.check_to(facts(), "d", Cause.ADJUSTMENT)
    for same_or_none in ("c", "x"):
        with pytest.raises(Refused):
            change_rule.check_to(facts(), same_or_none, Cause.ADJUSTMENT)


# --- with the database ---------------------------------------------------------------------------------


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


def rating_of(cycle: Cycle, place) -> Rating:
    return next(row for row in cycle.ratings if row.institution_id == place.id)


def raised(rating, place, *, on=ON, **values):
    owner = factories.actor(Role.INSTITUTION, institution=place)
    said = Said(**{"raised_by": place.name, "text": "案件已经撤销。"} | values)
    return rating_objections.raise_objection(rating, said, actor=owner, on=on)


def corrected(rating, place, staff, *, on=ON):
    row = raised(rating, place, on=on)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=on)
    rating_objections.correct(row, [FIX], opinion="属实。", actor=staff[Role.CHIEF], on=on)
    return row


def kinds(db, noun, key) -> list[str]:
    query = select(Document.kind).where(Document.subject == noun, Document.subject_id == key)
    return list(db.scalars(query.order_by(Document.id)))


def test_an_accepted_objection_marks_the_grade_wherever_it_is_shown_until_it_is_answered(
    db, staff, place
):
    cycle = factories_cycle.published(staff)
    rating = rating_of(cycle, place)
    plain = published_ratings.latest([place.id], on=ON)[place.id]
    row = raised(rating, place)
    assert published_ratings.latest([place.id], on=ON)[place.id] == plain
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    assert published_ratings.latest([place.id], on=ON)[place.id] == f"{plain}（异议标注）"
    assert published_ratings.of_institution(place.id, on=ON)[0].objected
    assert ratings.standing(place.id, on=ON).objected
    rating_objections.uphold(row, opinion="与案卷一致。", actor=staff[Role.CHIEF], on=ON)
    assert published_ratings.latest([place.id], on=ON)[place.id] == plain
    letters = kinds(db, "rating_objection", row.id)
    assert letters == ["rating_objection_receipt", "rating_objection_result"]


def test_nobody_who_rated_looks_into_it_and_one_at_a_time(db, staff, place):
    cycle = factories_cycle.published(staff)
    row = raised(rating_of(cycle, place), place)
    with pytest.raises(Refused, match="正在办理"):
        raised(rating_of(cycle, place), place)
    with pytest.raises(Denied):
        rating_objections.accept(row, actor=staff[Role.REVIEWER], on=ON)  # reviewed the cycle
    with pytest.raises(Denied):
        rating_objections.accept(row, actor=staff[Role.CLERK], on=ON)
    stranger = factories.actor(Role.CHIEF, region="990999")
    with pytest.raises(Denied):
        rating_objections.accept(row, actor=stranger, on=ON)


def test_nobody_takes_back_what_the_public_said(db, staff, place):
    cycle = factories_cycle.announced(staff, on=ON + factories_cycle.NOTICE)
    row = raised(
        rating_of(cycle, place), place, raised_by="示例公众", contact="示例电话", source=rule.ONLINE
    )
    for actor in (staff[Role.CLERK], factories.actor(Role.INSTITUTION, institution=place)):
        with pytest.raises(Refused, match="不能由他人撤回"):
            rating_objections.withdraw(row, actor=actor, on=ON)
    assert row.state == "raised"


def test_between_the_notice_and_the_letter_the_meeting_is_not_held_up(db, staff, place):
    cycle = factories_cycle.announced(staff)
    assert cycle.notice_to < ON
    with pytest.raises(Refused, match="正在集体审定"):
        raised(rating_of(cycle, place), place)
    on_notice = raised(rating_of(cycle, place), place, on=cycle.notice_to)
    assert on_notice.state == "raised"


def test_a_run_with_an_open_objection_or_a_correction_in_no_result_is_not_thrown_away(
    db, staff, place
):
    cycle = factories_cycle.announced(staff)
    row = raised(rating_of(cycle, place), place, on=cycle.notice_to)
    for _ in range(2):
        with pytest.raises(Refused, match="不能作废"):
            cycles.supersede(cycle, actor=staff[Role.CLERK], on=ON, reason="重做")
        with pytest.raises(Refused, match="不能作废"):
            factories_cycle.started(staff, cycle.name)
        if row.state == "raised":
            rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
            rating_objections.correct(row, [FIX], opinion="属实。", actor=staff[Role.CHIEF], on=ON)


def test_a_corrected_run_is_not_put_on_notice_and_not_reviewed_by_who_recorded_the_correction(
    db, staff, place
):
    cycle = factories_cycle.published(staff)
    corrected(rating_of(cycle, place), place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    db.flush()
    recorder = db.scalars(select(FactCorrection)).one().recorded_by_id
    reviewer = staff[Role.REVIEWER]
    db.execute(update(FactCorrection).values(recorded_by_id=reviewer.id))
    with pytest.raises(Refused, match="由您登记"):
        cycles.review(run, actor=reviewer, on=ON)
    db.execute(update(FactCorrection).values(recorded_by_id=recorder))
    factories_cycle.reviewed(run, staff)
    with pytest.raises(Refused, match="不再公示"):
        cycle_notices.announce(run, channel="网站", actor=staff[Role.CLERK], on=ON)


def test_what_comes_too_late_is_not_taken_in_and_told_why(db, staff, place):
    cycle = factories_cycle.served(factories_cycle.published(staff), staff)
    late = date(2026, 6, 24)  # the fifth working day after 15 June is 23 June
    row = raised(rating_of(cycle, place), place, on=late)
    with pytest.raises(Refused, match="超过提出异议的期限"):
        rating_objections.accept(row, actor=staff[Role.CHIEF], on=late)
    with pytest.raises(Refused, match="不属于"):
        rating_objections.decline(
            row, ground="no_standing", opinion="无", actor=staff[Role.CHIEF], on=late
        )
    letter = rating_objections.decline(
        row, ground="late", opinion="期限到6月23日。", actor=staff[Role.CHIEF], on=late
    )
    assert (row.state, letter.facts["outcome"]) == ("declined", "不予受理：超过提出异议的期限")


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2026, 6, 30), ""), (date(2026, 7, 1), ""), (date(2026, 7, 2), "late")],
)
def test_the_days_run_from_the_service_of_the_letter(db, staff, place, day, found):
    cycle = factories_cycle.published(staff)
    factories_cycle.served(cycle, staff, on=date(2026, 6, 24))  # nine days after its issue
    row = raised(rating_of(cycle, place), place, on=day)
    # 25, 26, 29, 30 June and 1 July
    assert rating_objections.judged(row) == found


def test_a_cycle_is_filed_away_after_the_last_letter_was_served_and_its_days_are_over(
    db, staff, place
):
    cycle = factories_cycle.published(staff)
    clerk = staff[Role.CLERK]
    with pytest.raises(Refused, match="1 份信用等级告知书没有登记送达"):
        cycles.archive(cycle, actor=clerk, on=date(2026, 12, 1))
    factories_cycle.served(cycle, staff, on=date(2026, 6, 24))
    for day in (date(2026, 6, 30), date(2026, 7, 1)):
        with pytest.raises(Refused, match="异议期到 2026-07-01 才结束"):
            cycles.archive(cycle, actor=clerk, on=day)
    cycles.archive(cycle, actor=clerk, on=date(2026, 7, 2))
    assert cycle.state == "archived"


def test_the_public_objects_while_the_grades_are_on_notice_and_is_answered_alone(db, staff, place):
    cycle = factories_cycle.announced(staff)
    rating, day = rating_of(cycle, place), ON - factories_cycle.NOTICE
    public = {"raised_by": "示例公众", "contact": "示例电话", "source": rule.ONLINE}
    row = raised(rating, place, on=day, **public)
    with pytest.raises(Refused, match="还有 1 件异议没有答复"):
        factories_cycle.decided(cycle, staff)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=day)
    letter = rating_objections.uphold(row, opinion="不属实。", actor=staff[Role.CHIEF], on=day)
    assert (letter.kind, letter.facts["addressee"]) == ("rating_objection_answer", "示例公众")
    with pytest.raises(Refused, match="公示期已经结束"):
        raised(rating, place, on=date(2026, 6, 11), **public)
    assert factories_cycle.decided(cycle, staff).state == "decided"


def test_a_founded_objection_is_replayed_and_only_those_who_changed_get_a_new_letter(
    db, staff, place, kind
):
    quiet = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    before, text = rating_of(cycle, place), cycle.scheme_text
    kept = json.dumps(cycle.facts, sort_keys=True)
    corrected(before, place, staff)
    assert json.dumps(cycle.facts, sort_keys=True) == kept  # the frozen facts are never touched
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    assert (run.state, run.replaces_id, run.scheme_text) == ("computed", cycle.id, text)
    assert (
        published_ratings.of_institution(place.id, on=ON)[0].rating_id == before.id
    )  # still in force
    now = rating_of(run, place)
    # one confirmed case less: 20 points of the item instead of 15
    lines = {line["indicator"]: line for line in now.lines}
    assert (lines["confirmed_cases"]["raw"], lines["confirmed_cases"]["points"]) == ("0件", "20")
    (only,) = [one for one in found.differences(run) if one.is_told]
    assert (only.rating.id, "由1更正为0" in only.why) == (now.id, True)
    factories_cycle.decided(factories_cycle.reviewed(run, staff), staff)
    cycles.publish(run, actor=staff[Role.LEADER], on=ON)
    assert (cycle.state, run.state) == ("superseded", "published")
    assert kinds(db, "rating", now.id) == ["grade_correction"]
    assert kinds(db, "rating", rating_of(run, quiet).id) == []
    assert published_ratings.of_institution(place.id, on=ON)[0].rating_id == now.id
    assert cycles.differences(run) == [] == cycles.differences(cycle)


def test_what_was_decided_for_an_unchanged_grade_stays_decided(db, staff, place, kind):
    quiet = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    query = select(Proposal).where(Proposal.rating_id == rating_of(cycle, quiet).id)
    adopted = db.scalars(query.where(Proposal.use == "renewal")).one()
    cycles.decide(adopted, "adopt", actor=staff[Role.LEADER], on=ON)
    corrected(rating_of(cycle, place), place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    cycles.publish(
        factories_cycle.decided(factories_cycle.reviewed(run, staff), staff),
        actor=staff[Role.LEADER],
        on=ON,
    )
    db.flush()
    assert (adopted.rating_id, adopted.state) == (rating_of(run, quiet).id, "adopted")
    uses = len(ask_cycles.scheme_of(run).uses)
    query = select(Proposal).join(Rating).where(Rating.cycle_id == run.id)
    assert len(db.scalars(query).all()) == 2 * uses


def test_before_publication_the_corrected_run_takes_the_place_at_once(db, staff, place):
    cycle = factories_cycle.announced(staff)
    day = ON - factories_cycle.NOTICE
    corrected(rating_of(cycle, place), place, staff, on=day)
    with pytest.raises(Refused, match="没有计入结果"):
        factories_cycle.decided(cycle, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=day)
    assert (cycle.state, run.state) == ("superseded", "computed")
    factories_cycle.reviewed(run, staff, on=day)
    with pytest.raises(Refused, match="还没有公示"):
        factories_cycle.decided(run, staff)
    (row,) = db.scalars(select(FactCorrection)).all()
    assert (row.before, row.after, row.run_id) == (1, 0, run.id)


def test_a_replay_without_corrections_or_twice_is_refused(db, staff, place):
    cycle = factories_cycle.published(staff)
    with pytest.raises(Refused, match="没有登记事实更正"):
        rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    corrected(rating_of(cycle, place), place, staff)
    rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="已经全部计入"):
        rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)


def test_a_correction_is_of_the_scheme_founded_and_changes_something(db, staff, place):
    cycle = factories_cycle.published(staff)
    row = raised(rating_of(cycle, place), place)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    wrong = [
        (Correction("institution", "9", "理由", "证据"), "选择有误的事实"),
        (Correction("violations_confirmed", "1", "理由", "证据"), "更正前后相同"),
        (Correction("violations_confirmed", "0", "理由", " "), "理由和证据"),
    ]
    for given, why in wrong:
        with pytest.raises(Refused, match=why):
            rating_corrections.record(row, given, actor=staff[Role.CHIEF], on=ON)
    assert db.scalars(select(FactCorrection)).all() == []


@pytest.mark.parametrize(
    "family",
    [
        pytest.param("hospital", marks=pytest.mark.elsewhere),
        pytest.param("pharmacy", marks=pytest.mark.once),
    ],
)
def test_a_cycle_of_two_years_ago_is_replayed_to_the_same_bytes(db, staff, family):
    """Published in June 2024; by June 2026 facts, institutions and the scheme itself have moved on."""
    long = {"term_from": date(2023, 1, 1), "term_to": date(2026, 12, 31)}
    agreement = factories_agreement.concluded(
        factories.institution(family), on=date(2022, 12, 20), **long
    )
    factories_agreement.concluded(factories.institution(family), on=date(2022, 12, 20), **long)
    _suspended(agreement, staff, date(2024, 3, 4), date(2024, 3, 31))
    then = date(2024, 6, 17)
    with clock.at(then):
        old = factories_cycle.published(
            staff, "2024年度", on=then, from_on=date(2023, 6, 1), to_on=date(2024, 5, 31)
        )
        db.commit()
        key, text = old.id, old.scheme_text
        golden = hashlib.sha256(
            _bytes(old)
        ).hexdigest()  # of that day; what is written down for good: test_replay_golden
        draft = scheme_drafts.draft(
            old,
            "提高分数线",
            {"grades.good.at_least": "89"},
            "从严。",
            actor=staff[Role.CLERK],
            on=then,
        )
        scheme_drafts.submit(draft, actor=staff[Role.CLERK], on=then)
    with clock.at(date(2026, 6, 15)):
        words = {"edition": "2026修订", "in_force_on": ON, "minutes": "局务会通过。"}
        scheme_drafts.adopt(draft, actor=staff[Role.BUREAU], on=ON, **words)
        agreement.institution.level, agreement.institution.name = "三级", "改名以后的样例机构"
        _suspended(agreement, staff, date(2025, 11, 3), date(2025, 11, 30))
        new = factories_cycle.started(
            staff, "2026年度", scheme=f"{old.scheme}@2026修订", from_on=date(2025, 6, 1), to_on=date(2026, 5, 31)
        )  # fmt: skip
        assert (new.scheme_text == text, new.facts == old.facts) == (False, False)
        assert hashlib.sha256(_bytes(new)).hexdigest() != golden
        db.commit()
        db.expire_all()
        old = db.get(Cycle, key)
        again = [
            (row["subject"], row["score_milli"], row["grade"], row["rank"], row["lines"])
            for row in cycles.rerate(old)
        ]
        replayed = json.dumps(sorted(again), ensure_ascii=False).encode()
        assert hashlib.sha256(replayed).hexdigest() == golden
        assert hashlib.sha256(_bytes(old)).hexdigest() == golden
        assert cycles.differences(old) == []


def _suspended(agreement, staff, first: date, last: date) -> None:
    """A case decided on the first day that suspended the agreement; resumed afterwards."""
    case = factories_agreement.case(agreement, staff, on=first, from_on=first, to_on=last)
    factories_agreement.reviewed(case, staff, on=first)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=first)
    row = agreement.suspensions[-1]
    row.ended_on, row.end_reason = last + DAY, "期满恢复"
    agreement.state = "concluded"
    session.flush()


def _bytes(cycle: Cycle) -> bytes:
    rows = [(r.institution_id, r.score_milli, r.grade, r.rank, r.lines) for r in cycle.ratings]
    return json.dumps(sorted(rows), ensure_ascii=False).encode()


# --- changes of a published grade -----------------------------------------------------------------------


def test_an_adjustment_counts_when_another_agrees_and_tells_why(db, staff, place):
    cycle = factories_cycle.published(staff)
    rating, scheme = rating_of(cycle, place), ask_cycles.scheme_of(cycle)
    other = next(one for one in scheme.grades if one.key != rating.grade)
    plan = grade_changes.Plan(other.key, "评价后查实骗保。", "方案一票否决第一项")
    change = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=ON)
    assert ratings.standing(place.id, on=ON).grade == rating.grade
    same = replace(staff[Role.CLERK], role=Role.REVIEWER)
    with pytest.raises(Denied):
        grade_changes.confirm(change, actor=same, on=ON)
    letter = grade_changes.confirm(change, actor=staff[Role.REVIEWER], on=ON + DAY)
    assert letter.kind == "grade_change"
    assert ratings.standing(place.id, on=ON).grade == rating.grade  # the day before
    standing = ratings.standing(place.id, on=ON + DAY)
    assert (standing.grade, standing.since, standing.change.id) == (other.key, ON + DAY, change.id)
    assert published_ratings.latest_grade(place.id, on=ON + DAY) == other.key
    assert published_ratings.of_institution(place.id, on=ON + DAY)[0].grade == other.label


def test_a_restoration_is_asked_for_examined_and_granted_by_three(db, staff, place):
    cycle = factories_cycle.published(staff)
    rating, scheme = rating_of(cycle, place), ask_cycles.scheme_of(cycle)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    with pytest.raises(Refused, match="自 2026-06-15 起算，2026-09-16 以后才能申请"):
        grade_changes.request(
            rating, text="已整改", uploads=[PAPER], actor=owner, on=date(2026, 9, 15)
        )
    day = date(2026, 9, 16)  # three months from 15 June end on 15 September
    with pytest.raises(Refused, match="证明材料"):
        grade_changes.request(rating, text="已整改", uploads=[], actor=owner, on=day)
    change = grade_changes.request(rating, text="已整改", uploads=[PAPER], actor=owner, on=day)
    better = scheme.grades[0].key
    plan = grade_changes.Plan(better, "整改已验收。", "方案第九条")
    grade_changes.examine(change, plan, actor=staff[Role.CLERK], on=day)
    letter = grade_changes.confirm(change, actor=staff[Role.REVIEWER], on=day)
    assert (letter.kind, letter.facts["granted"]) == ("credit_restoration", True)
    assert ratings.standing(place.id, on=day).grade == better


def test_a_change_goes_along_with_a_correction_that_leaves_the_grade_as_it_was(
    db, staff, place, kind
):
    quiet = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    rating, scheme = rating_of(cycle, quiet), ask_cycles.scheme_of(cycle)
    worst = scheme.grades[-1].key
    plan = grade_changes.Plan(worst, "评价后查实骗保。", "方案一票否决第一项")
    change = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=ON)
    grade_changes.confirm(change, actor=staff[Role.REVIEWER], on=ON)
    corrected(rating_of(cycle, place), place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    factories_cycle.decided(factories_cycle.reviewed(run, staff), staff)
    cycles.publish(run, actor=staff[Role.LEADER], on=ON)
    db.flush()
    assert change.rating_id == rating_of(run, quiet).id
    assert ratings.standing(quiet.id, on=ON).grade == worst
