"""整改: ordered with a letter, proved by the institution, verified by another person, closed out only with proof."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from actions import letters, rectification_items, rectifications, work_items
from database import session
from jobs import nightly
from models import Document, Event, RectificationItem, WorkItem
from queries import rectifications as ask
from rules import rectifications as rule
from rules.permissions import Denied, Role
from rules.rectifications import Item, ItemState, ProofStage
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests import factories_rectification as world
from tests.conftest import TODAY

ONE = timedelta(days=1)
DUE = TODAY + timedelta(days=30)


@pytest.fixture
def place(db, kind):
    return factories.institution(kind)


@pytest.fixture
def who(place):
    return world.owner(place)


def test_an_order_goes_out_with_its_letter_that_names_every_item_and_its_day(staff, place):
    row = world.ordered(place, staff)
    assert (row.number, row.state, row.due_on) == ("ZG2026000001", "ordered", DUE)
    (letter,) = letters.of(row)
    assert (letter.kind, letter.facts["family"]) == ("rectification", place.kind.family)
    assert [one["due_on"] for one in letter.facts["items"]] == ["2026-07-15", "2026-07-15"]
    assert "检查意见书〔2026〕1号" in letter.facts["source"]
    assert work_items.of(row) is None  # the institution acts next


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": ()}, "没有整改事项"),
        ({"items": (Item("问题", " "),)}, "问题和整改要求"),
        ({"due_on": TODAY - ONE}, "早于今天"),
        ({"items": (Item("问题", "措施", due_on=DUE + ONE),)}, "晚于整改通知的总期限"),
        ({"source": ("weather", 1)}, "不在可以选择的范围"),
        ({"source": ("violation", 999)}, "不是该机构的事项"),
    ],
)
def test_an_order_nobody_could_carry_out_is_refused(staff, changes, words):
    place = factories.institution()
    with pytest.raises(Refused, match=words):
        world.ordered(place, staff, **changes)


def test_an_order_may_be_due_on_its_own_day_and_an_item_before_the_others(staff):
    row = world.ordered(
        factories.institution(),
        staff,
        due_on=TODAY,
        items=(Item("问题", "措施", due_on=TODAY), *world.TWO),
    )
    assert [item.due_on for item in row.items] == [TODAY] * 3


def test_without_a_basis_or_by_whoever_has_no_part_nothing_is_ordered(staff):
    place = factories.institution()
    given = {
        "source": ("audit", 0),
        "source_text": "稽核通知1号",
        "items": world.TWO,
        "due_on": DUE,
    }
    with pytest.raises(Refused, match="须写明依据"):
        rectifications.order(place, basis=" ", actor=staff[Role.CLERK], on=TODAY, **given)
    with pytest.raises(Denied):
        rectifications.order(place, basis="协议", actor=staff[Role.FINANCE], on=TODAY, **given)
    with pytest.raises(Denied):
        rectifications.order(place, basis="协议", actor=staff[Role.BUREAU], on=TODAY, **given)


def test_from_a_case_an_order_is_found_by_its_source_until_it_is_closed(staff, place, who):
    case = made.case(made.concluded(place), staff, on=TODAY)
    session.flush()
    source = ("violation", case.id)
    row = world.ordered(place, staff, source=source)
    assert ask.open_of(source) == [row]
    assert row.source_text == f"违规案件 {case.number}"
    world.closed(row, who, staff[Role.INSPECTOR])
    assert (ask.open_of(source), ask.of(source)) == ([], [row])


def test_a_case_of_another_institution_is_no_source(staff, place):
    case = made.case(made.concluded(factories.institution()), staff, on=TODAY)
    session.flush()
    with pytest.raises(Refused, match="不是该机构的事项"):
        world.ordered(place, staff, source=("violation", case.id))


def test_handing_in_names_what_each_item_lacks(staff, place, who):
    row = world.ordered(place, staff)
    with pytest.raises(Refused) as refused:
        rectifications.submit(row, actor=who, on=TODAY)
    first = "第 1 项缺少整改情况、责任单位、责任人、整改后的证明材料"
    second = "第 2 项缺少整改情况、整改后的证明材料"
    assert f"{first}；{second}" in refused.value.why
    for item in row.items:
        rectification_items.answer(
            item, text="已改。", unit="医保办", person="样某某", actor=who, on=TODAY
        )
        rectification_items.prove(
            item, world.proof("前.png"), stage=ProofStage.BEFORE, actor=who, on=TODAY
        )
    with pytest.raises(Refused, match="第 1 项缺少整改后的证明材料；第 2 项缺少整改后的证明材料"):
        rectifications.submit(row, actor=who, on=TODAY)


@pytest.mark.law("I-08", "Z-08")
def test_verified_by_another_person_and_closed_out_with_the_letter(staff, place, who):
    row = world.submitted(world.ordered(place, staff), who)
    item = work_items.of(row)
    assert (item.desk, item.step) == ("inspector", "验收整改")
    assert item.due_on == date(2026, 6, 30)  # ten working days after 15 June; 19 June is a holiday
    for one in row.items:
        rectification_items.close_out(one, remark="", actor=staff[Role.INSPECTOR], on=TODAY)
    rectifications.conclude(row, opinion="整改到位。", actor=staff[Role.INSPECTOR], on=TODAY)
    assert (row.state, row.closed_on) == ("closed", TODAY)
    assert {one.state for one in row.items} == {ItemState.CLOSED}
    letter = letters.of(row, "rectification_result")[0]
    assert (letter.facts["passed"], letter.facts["due_on"]) == (True, None)
    assert work_items.of(row) is None


def test_whoever_ordered_it_does_not_verify_it(staff, place, who):
    row = rectifications.order(
        place, source=("inspection", 0), source_text="检查意见书1号", items=world.TWO, due_on=DUE,
        basis="协议", actor=staff[Role.INSPECTOR], on=TODAY,
    )  # fmt: skip
    world.submitted(row, who)
    for act in (rectification_items.close_out, rectification_items.send_back):
        word = "remark" if act is rectification_items.close_out else "reason"
        with pytest.raises(Denied):
            act(row.items[0], **{word: "属实"}, actor=staff[Role.INSPECTOR], on=TODAY)
    with pytest.raises(Denied):
        rectifications.conclude(row, opinion="通过", actor=staff[Role.INSPECTOR], on=TODAY)
    other = factories.actor(Role.INSPECTOR)
    rectification_items.close_out(row.items[0], remark="", actor=other, on=TODAY)


def test_no_item_is_closed_out_without_a_proof_of_the_state_afterwards(staff, place, who):
    row = world.submitted(world.ordered(place, staff), who)
    row.items[0].proof_sha256 = None
    with pytest.raises(Refused, match="没有整改后的证明材料，不能销号"):
        rectification_items.close_out(
            row.items[0], remark="", actor=staff[Role.INSPECTOR], on=TODAY
        )
    rectification_items.prove(
        row.items[0], world.proof("现场核验.png"), stage=ProofStage.AFTER, actor=staff[Role.INSPECTOR], on=TODAY
    )  # fmt: skip
    rectification_items.close_out(row.items[0], remark="", actor=staff[Role.INSPECTOR], on=TODAY)


def test_the_table_itself_takes_no_close_out_without_proof(staff):
    row = world.ordered(factories.institution(), staff)
    session.flush()
    bare = update(RectificationItem).where(RectificationItem.id == row.items[0].id)
    with pytest.raises(IntegrityError):
        session.execute(
            bare.values(state=ItemState.CLOSED, closed_on=TODAY, closed_by_id=staff[Role.CHIEF].id)
        )


def test_what_is_sent_back_needs_a_reason_a_new_day_and_a_new_proof(staff, place, who):
    inspector = staff[Role.INSPECTOR]
    row = world.submitted(world.ordered(place, staff), who)
    with pytest.raises(Refused, match="须写明理由"):
        rectification_items.send_back(row.items[1], reason=" ", actor=inspector, on=TODAY)
    rectification_items.send_back(row.items[1], reason="照片看不清", actor=inspector, on=TODAY)
    with pytest.raises(Refused, match="第 1 项没有验收"):
        rectifications.conclude(row, opinion="部分到位", actor=inspector, on=TODAY)
    rectification_items.close_out(row.items[0], remark="", actor=inspector, on=TODAY)
    for day in (None, TODAY - ONE):
        with pytest.raises(Refused, match="重新确定整改期限"):
            rectifications.conclude(row, opinion="部分到位", due_on=day, actor=inspector, on=TODAY)
    rectifications.conclude(row, opinion="部分到位", due_on=TODAY + ONE, actor=inspector, on=TODAY)
    assert (row.state, row.due_on, row.items[1].due_on) == ("returned", TODAY + ONE, TODAY + ONE)
    assert letters.of(row, "rectification_result")[0].facts["due_on"] == "2026-06-16"
    with pytest.raises(Refused, match="第 2 项缺少整改后的证明材料"):
        rectifications.submit(row, actor=who, on=TODAY)
    world.answered(row, who)
    rectifications.submit(row, actor=who, on=TODAY)
    assert [one.state for one in row.items] == [ItemState.CLOSED, ItemState.SUBMITTED]
    assert [file.round for file in row.items[1].files] == [1, 2]


def test_after_handing_in_and_after_closing_the_institution_changes_nothing(staff, place, who):
    row = world.submitted(world.ordered(place, staff), who)
    with pytest.raises(Refused, match="已经提交验收"):
        rectification_items.answer(
            row.items[0], text="再改。", unit="", person="", actor=who, on=TODAY
        )
    with pytest.raises(Denied):
        rectification_items.prove(
            row.items[0], world.proof(), stage=ProofStage.AFTER, actor=who, on=TODAY
        )


def test_a_neighbour_reports_nothing(staff, place):
    row = world.ordered(place, staff)
    neighbour = world.owner(factories.institution())
    with pytest.raises(Denied):
        rectification_items.answer(
            row.items[0], text="已改。", unit="", person="", actor=neighbour, on=TODAY
        )
    with pytest.raises(Denied):
        rectifications.submit(row, actor=neighbour, on=TODAY)


def test_more_time_is_given_as_often_as_the_parameter_says(staff, place):
    row, chief = world.ordered(place, staff), staff[Role.CHIEF]
    with pytest.raises(Refused, match="晚于原期限"):
        rectifications.extend(row, due_on=DUE, reason="采购设备", actor=chief, on=TODAY)
    rectifications.extend(row, due_on=DUE + ONE, reason="采购设备", actor=chief, on=TODAY)
    assert (row.due_on, [one.due_on for one in row.items]) == (DUE + ONE, [DUE + ONE] * 2)
    with pytest.raises(Refused, match="已经延长 1 次"):
        rectifications.extend(row, due_on=DUE + 2 * ONE, reason="再延", actor=chief, on=TODAY)
    with pytest.raises(Denied):
        rectifications.extend(row, due_on=DUE, reason="延", actor=staff[Role.CLERK], on=TODAY)


def test_an_order_is_cancelled_by_a_second_person_with_the_reason(staff, place):
    row = world.ordered(place, staff)
    with pytest.raises(Refused, match="须写明理由"):
        rectifications.cancel(row, reason="", actor=staff[Role.REVIEWER], on=TODAY)
    rectifications.cancel(row, reason="问题不成立", actor=staff[Role.REVIEWER], on=TODAY)
    assert (row.state, row.opinion, ask.open_of_institution(place.id)) == (
        "cancelled",
        "问题不成立",
        [],
    )


@pytest.mark.parametrize(("later", "called"), [(-1, False), (0, False), (1, True)])
def test_the_night_calls_from_the_day_after_the_last_day(staff, place, later, called):
    row = world.ordered(place, staff)
    session.commit()
    day = DUE + later * ONE
    report = nightly.run("call-overdue-rectifications", day)
    assert (report.done, report.failed) == ([row.id] if called else [], [])
    item = work_items.of(row)
    assert (item.step, item.due_on) == ("督促整改", DUE) if called else item is None
    assert ask.is_overdue(row, day) is called
    assert nightly.run("call-overdue-rectifications", day + ONE).done == (
        [] if called or later < 0 else [row.id]
    )


def test_what_is_handed_in_late_settles_the_call_and_says_it_was_late(staff, place, who):
    row = world.ordered(place, staff)
    session.commit()
    nightly.run("call-overdue-rectifications", DUE + ONE)
    world.submitted(row, who, on=DUE + 2 * ONE)
    steps = session.scalars(select(WorkItem.step).where(WorkItem.done.is_(False))).all()
    assert steps == ["验收整改"]
    session.commit()
    said = session.scalars(select(Event).where(Event.verb == "submit")).all()[-1]
    assert "逾期提交" in said.facts["note"]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("state", "later", "over"),
    [("open", 0, False), ("open", 1, True), ("returned", 1, True), ("submitted", 9, False), ("closed", 9, False)],
)  # fmt: skip
def test_an_item_is_overdue_while_the_institution_has_it(state, later, over):
    assert rule.is_overdue(ItemState(state), DUE, DUE + later * ONE) is over


def test_both_letters_of_an_order_belong_to_it(staff, place, who):
    row = world.closed(world.ordered(place, staff), who, staff[Role.INSPECTOR])
    session.commit()
    kinds = session.scalars(select(Document.kind).where(Document.subject_id == row.id)).all()
    assert sorted(kinds) == ["rectification", "rectification_result"]
    assert session.execute(text("SELECT count(*) FROM rectification_file")).scalar() == 2
