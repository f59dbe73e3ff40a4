"""违规案件: every state and verb, views before the decision, three different persons — for both kinds."""

from datetime import date

import pytest
from sqlalchemy import select

from actions import clues, letters, suspensions, violations
from database import session
from models import Suspension, Termination, WorkItem
from models.violation import Measure
from queries import violations as ask
from rules.ladder import CaseSource
from rules.lifecycle import AGREEMENT, VIOLATION, AgreementState
from rules.permissions import Actor, Denied, Permission, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made

DAY = date(
    2026, 6, 15
)  # a Monday; five working days later is Tuesday 23 June, for 19 June is Duanwu
VIEWS_DUE = date(2026, 6, 23)
CHECK = {"pharmacy": 4, "hospital": 3}


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.fixture
def case(agreement, staff):
    return made.case(agreement, staff, on=DAY)


def propose(case, staff, on):
    violations.propose(case, opinion="建议处理。", actor=staff[Role.INSPECTOR], on=on)


def serve(document, staff, on=DAY):
    letters.serve(document, actor=staff[Role.INSPECTOR], on=on, method="直接送达", proof="示例回证")


def clue(agreement, staff):
    return clues.note(
        agreement,
        source=CaseSource.LEAD,
        clue_text="来电反映串换药品。",
        found_on=DAY,
        actor=staff[Role.INSPECTOR],
        on=DAY,
    )


VERBS = {
    "take_up": lambda case, staff: clues.take_up(
        case, facts_text="查实。", actor=staff[Role.INSPECTOR], on=DAY
    ),
    "set_aside": lambda case, staff: clues.set_aside(
        case, reason="不实。", actor=staff[Role.REVIEWER], on=DAY
    ),
    "revise": lambda case, staff: violations.revise(
        case, reason="须加重。", actor=staff[Role.INSPECTOR], on=DAY
    ),
    "give_notice": lambda case, staff: violations.give_notice(
        case, actor=staff[Role.INSPECTOR], on=DAY
    ),
    "propose": lambda case, staff: propose(case, staff, DAY),
    "review": lambda case, staff: violations.review(
        case, opinion="同意。", actor=staff[Role.REVIEWER], on=DAY
    ),
    "approve": lambda case, staff: violations.approve(
        case, opinion="同意。", actor=staff[Role.LEADER], on=DAY
    ),
    "close": lambda case, staff: violations.close(case, actor=staff[Role.INSPECTOR], on=DAY),
    "dismiss": lambda case, staff: violations.dismiss(
        case, reason="不成立。", actor=staff[Role.REVIEWER], on=DAY
    ),
}


def brought_to(state, case, staff):
    """Lead a case to a state by its real actions, so that every verb meets it as it comes about."""
    if state in ("clue", "registered"):
        return
    if state == "set_aside":
        VERBS["set_aside"](case, staff)
        return
    made.heard(case, staff, on=DAY)
    if state == "dismissed":
        VERBS["dismiss"](case, staff)
    for word, verb in (("proposed", "propose"), ("reviewed", "review"), ("decided", "approve")):
        if case.state == state:
            return
        assert case.state in VIOLATION.moves[verb].sources, word
        VERBS[verb](case, staff)
    if state == "closed":
        made.serve_all(ask.unserved(case), staff, on=DAY)
        VERBS["close"](case, staff)


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("state", list(VIOLATION.states))
def test_every_verb_works_from_its_states_and_from_no_other(
    db, staff, agreement, case, state, verb
):
    if state in ("clue", "set_aside"):
        case = clue(agreement, staff)
    brought_to(state, case, staff)
    assert case.state == state
    if verb == "close" and state == "decided":
        made.serve_all(ask.unserved(case), staff, on=DAY)
    if state in VIOLATION.moves[verb].sources:
        VERBS[verb](case, staff)
        assert case.state == VIOLATION.moves[verb].target
    else:
        with pytest.raises(Refused):
            VERBS[verb](case, staff)
        assert case.state == state


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("state", list(AGREEMENT.states))
def test_a_case_is_registered_only_on_a_running_agreement(
    db, staff, agreement, kind, measure, state
):
    agreement.state = AgreementState(state)
    agreement.lapsed_on = DAY if state == "lapsed" else None
    agreement.failure_reason = "样例理由" if state == "failed" else ""
    db.flush()
    possible = state == "concluded" or (state == "suspended" and measure is Measure.TERMINATE)
    number = 1 if measure is Measure.SUSPEND else CHECK[kind]
    if possible:
        assert (
            made.case(agreement, staff, on=DAY, measure=measure, number=number).state
            == "registered"
        )
        return
    with pytest.raises(Refused):
        made.case(agreement, staff, on=DAY, measure=measure, number=number)


@pytest.mark.law("R-13", passes=True)
def test_the_notice_names_facts_measure_and_the_day_for_views(db, staff, case):
    letter = violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    assert letter.kind == "views"
    assert letter.facts["views_due_on"] == VIEWS_DUE.isoformat()
    assert letter.facts["facts_text"] == case.facts_text
    assert "拟" in letter.facts["planned"]


@pytest.mark.law("R-13", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("day", "possible"), [(date(2026, 6, 22), False), (VIEWS_DUE, False), (date(2026, 6, 24), True)]
)
@pytest.mark.law("R-31", refuses=True, passes=True)
def test_silence_counts_only_after_the_day_for_views(db, staff, case, day, possible):
    serve(violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY), staff)
    if possible:
        propose(case, staff, day)
        return
    with pytest.raises(Refused) as refused:
        propose(case, staff, day)
    assert "第十三条" in refused.value.basis


@pytest.mark.law("R-13", refuses=True, passes=True)
def test_silence_does_not_count_when_the_notice_was_never_served_or_later(db, staff, case):
    notice = violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    with pytest.raises(Refused, match="送达凭证"):
        propose(case, staff, date(2026, 8, 3))
    serve(notice, staff, date(2026, 6, 24))  # five working days later: 1 July
    with pytest.raises(Refused, match="2026-07-01"):
        propose(case, staff, date(2026, 7, 1))
    propose(case, staff, date(2026, 7, 2))


@pytest.mark.law("R-13", passes=True)
def test_heard_views_open_the_way_at_once(db, staff, case):
    violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    own = factories.actor(Role.INSTITUTION, institution=case.institution)
    violations.record_views(case, text="有异议。", actor=own, on=DAY)
    violations.record_views(case, text="补充材料。", actor=own, on=DAY)
    assert case.views_text == "有异议。\n补充材料。"
    propose(case, staff, DAY)
    with pytest.raises(Refused):
        violations.record_views(case, text="再补充。", actor=own, on=DAY)


def test_another_institution_states_nothing(db, staff, case):
    violations.give_notice(case, actor=staff[Role.INSPECTOR], on=DAY)
    stranger = factories.actor(Role.INSTITUTION, institution=factories.institution("pharmacy"))
    with pytest.raises(Denied):
        violations.record_views(case, text="有异议。", actor=stranger, on=DAY)


@pytest.mark.parametrize(
    "same", ["recorder reviews", "recorder approves", "reviewer approves", "recorder dismisses"]
)
def test_three_different_persons_decide(db, staff, agreement, same):
    """The same account under another role is still the same person."""
    case = made.case(agreement, staff, on=DAY)
    made.heard(case, staff, on=DAY)
    propose(case, staff, DAY)
    who, verb = same.split()
    person = staff[Role.INSPECTOR] if who == "recorder" else staff[Role.REVIEWER]
    role = Role.LEADER if verb == "approves" else Role.REVIEWER
    actor = Actor(person.id, person.name, role, person.pooling_region)
    if verb == "approves":
        violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=DAY)
    act = {
        "reviews": lambda: violations.review(case, opinion="同意。", actor=actor, on=DAY),
        "approves": lambda: violations.approve(case, opinion="同意。", actor=actor, on=DAY),
        "dismisses": lambda: violations.dismiss(case, reason="不成立。", actor=actor, on=DAY),
    }[verb]
    with pytest.raises(Denied):
        act()


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.CHIEF, Role.BUREAU, Role.FINANCE])
def test_only_the_leader_decides(db, staff, case, role):
    made.reviewed(case, staff, on=DAY)
    with pytest.raises(Denied):
        violations.approve(case, opinion="同意。", actor=staff[role], on=DAY)
    assert case.state == "reviewed"


def test_approval_suspends_in_the_same_transaction(db, staff, agreement):
    case = made.case(agreement, staff, on=DAY, from_on=DAY, to_on=date(2026, 9, 15))
    made.reviewed(case, staff, on=DAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
    row = db.scalars(select(Suspension)).one()
    assert (row.violation_id, row.from_on, row.to_on) == (case.id, DAY, date(2026, 9, 15))
    assert (agreement.state, case.state) == ("suspended", "decided")
    db.rollback()
    assert session.scalars(select(Suspension)).all() == []


def test_a_planned_day_that_passed_moves_and_keeps_its_length(db, staff, agreement):
    case = made.case(agreement, staff, on=DAY, from_on=DAY, to_on=date(2026, 9, 15))
    made.reviewed(case, staff, on=DAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=date(2026, 6, 25))
    row = db.scalars(select(Suspension)).one()
    assert (row.from_on, row.to_on) == (date(2026, 6, 25), date(2026, 9, 25))


def test_approval_terminates_with_bans(db, staff, agreement, kind):
    case = made.case(agreement, staff, on=DAY, measure="terminate", number=CHECK[kind])
    made.reviewed(case, staff, on=DAY)
    violations.approve(
        case, opinion="同意。", obligation="罚款未缴", actor=staff[Role.LEADER], on=DAY
    )
    row = db.scalars(select(Termination)).one()
    assert (row.violation_id, row.ban_class, row.effective_on) == (case.id, "illegal", DAY)
    assert agreement.state == "terminated"


def test_the_agreement_ended_meanwhile_is_not_suspended(db, staff, agreement):
    first, second = made.case(agreement, staff, on=DAY), made.case(agreement, staff, on=DAY)
    for case in (first, second):
        made.reviewed(case, staff, on=DAY)
    violations.approve(first, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
    with pytest.raises(Refused):
        violations.approve(second, opinion="同意。", actor=staff[Role.LEADER], on=DAY)


def test_a_case_closes_only_with_every_letter_served(db, staff, case):
    made.reviewed(case, staff, on=DAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=DAY)
    with pytest.raises(Refused, match="送达凭证"):
        violations.close(case, actor=staff[Role.INSPECTOR], on=DAY)
    serve(ask.unserved(case)[0], staff)
    violations.close(case, actor=staff[Role.INSPECTOR], on=DAY)
    assert case.state == "closed"


def test_only_enumerated_grounds_of_the_own_order(db, staff, agreement, kind):
    other = factories.institution("hospital" if kind == "pharmacy" else "pharmacy")
    with pytest.raises(Refused, match="列明"):
        violations.register(
            agreement, measure=Measure.TERMINATE, ground=made.ground(other, "terminate", 1), facts_text="事实。",
            found_on=DAY, actor=staff[Role.INSPECTOR], on=DAY,
        )  # fmt: skip


def test_facts_to_come_and_empty_facts_are_refused(db, staff, agreement):
    with pytest.raises(Refused, match="晚于今天"):
        made.case(agreement, staff, on=DAY, found_on=date(2026, 6, 16))
    with pytest.raises(Refused, match="最长 180 日"):
        made.case(agreement, staff, on=DAY, from_on=DAY, to_on=date(2026, 12, 31))


def test_the_desk_follows_the_state(db, staff, case):
    made.reviewed(case, staff, on=DAY)
    item = db.scalars(
        select(WorkItem).where(WorkItem.subject == "violation", WorkItem.done.is_(False))
    ).one()
    assert (item.desk, item.number) == ("leader", case.number)


def test_the_clockwork_may_end_but_never_punish():
    from rules.permissions import SYSTEM, may

    assert may(SYSTEM, Permission.RESUME_AGREEMENT)
    assert not may(SYSTEM, Permission.EXECUTE_MEASURE)
    assert not may(SYSTEM, Permission.APPROVE_MEASURE)


def test_a_dismissed_case_touches_nothing(db, staff, case, agreement):
    made.heard(case, staff, on=DAY)
    violations.dismiss(case, reason="事实不成立。", actor=staff[Role.REVIEWER], on=DAY)
    assert agreement.state == "concluded"
    assert suspensions.ask.waiting(staff[Role.CLERK], DAY) == []
