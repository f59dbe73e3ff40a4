"""中止: the hold by service days, the longest time, the proof of service, and how it ends — for both kinds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import letters, suspensions
from actions.suspensions import end_due, lapse_overdue
from models import Document, Hold
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made

START = date(2026, 1, 12)


def holds(db, suspension):
    rows = db.scalars(
        select(Hold).where(Hold.source == "suspension", Hold.source_id == suspension.id)
    )
    return [(row.from_on, row.to_on) for row in rows]


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.mark.law("P3-39a", "P3-46", passes=True)
def test_a_suspension_writes_state_hold_letter_and_report_at_once(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    kinds = {letter.kind for letter in letters.of(row)}
    assert agreement.state == AgreementState.SUSPENDED
    assert holds(db, row) == [(START, None)]
    assert kinds == {"suspension", "report"}
    assert row.document.facts["institution"] == agreement.institution.name


@pytest.mark.law("P3-46", passes=True)
def test_the_report_goes_to_the_administrative_side(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    report = letters.of(row, "report")[0]
    assert report.facts["addressee"] == letters.bureau()
    assert report.facts["agreement_number"] == agreement.number


@pytest.mark.parametrize(("days", "fits"), [(179, True), (180, True), (181, False)])
@pytest.mark.law("P3-39c", "M2-42a", refuses=True, passes=True)
def test_a_period_longer_than_the_law_allows_is_refused(db, staff, agreement, days, fits):
    to_on = START + timedelta(days=days)
    if fits:
        assert made.suspended(agreement, staff, on=START, to_on=to_on).to_on == to_on
        return
    with pytest.raises(Refused, match="最长 180 日") as refused:
        made.suspended(agreement, staff, on=START, to_on=to_on)
    assert "第三十九条" in refused.value.basis or "第四十二条" in refused.value.basis


def test_a_second_suspension_of_a_suspended_agreement_is_refused(db, staff, agreement):
    made.suspended(agreement, staff, on=START)
    with pytest.raises(Refused):
        made.suspended(agreement, staff, on=START)


def test_a_suspension_before_its_decision_or_outside_the_term_is_refused(db, staff, agreement):
    ground = made.ground(agreement.institution, "suspend", 1)
    common = {"ground": ground, "facts_text": "事实。", "actor": staff[Role.LEADER], "on": START}
    with pytest.raises(Refused, match="追溯"):
        suspensions.suspend(agreement, from_on=START - timedelta(days=1), **common)
    with pytest.raises(Refused, match="协议期限"):
        suspensions.suspend(agreement, from_on=date(2027, 1, 1), **common)


def test_a_ground_of_the_other_order_is_refused(db, staff, agreement, kind):
    other = factories.institution("pharmacy" if kind == "hospital" else "hospital")
    with pytest.raises(Refused, match="列明"):
        suspensions.suspend(
            agreement, ground=made.ground(other, "suspend", 1), facts_text="事实。", from_on=START,
            actor=staff[Role.LEADER], on=START,
        )  # fmt: skip


def test_only_the_leader_suspends(db, staff, agreement):
    ground = made.ground(agreement.institution, "suspend", 1)
    with pytest.raises(Denied):
        suspensions.suspend(
            agreement,
            ground=ground,
            facts_text="事实。",
            from_on=START,
            actor=staff[Role.CLERK],
            on=START,
        )


@pytest.mark.parametrize(("days", "ends"), [(179, False), (180, False), (181, True)])
@pytest.mark.law("P3-39c", "M2-42a", refuses=True, passes=True)
def test_the_agreement_ends_when_the_longest_time_is_over(db, staff, agreement, days, ends):
    row = made.suspended(agreement, staff, on=START, served=START)
    outcome = lapse_overdue(row.id, START + timedelta(days=days))
    first_day_without = START + timedelta(days=181)
    assert outcome.done is ends
    assert (agreement.state == AgreementState.LAPSED) is ends
    assert agreement.lapsed_on == (first_day_without if ends else None)
    if ends:
        assert holds(db, row) == [(START, first_day_without - timedelta(days=1))]
        assert [letter.kind for letter in letters.of(agreement)] == ["lapse"]


def test_without_proof_of_service_nothing_ends_and_a_person_is_asked(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    outcome = lapse_overdue(row.id, START + timedelta(days=200))
    assert (outcome.done, agreement.state) == (False, AgreementState.SUSPENDED)
    assert "送达凭证" in outcome.waiting


@pytest.mark.parametrize(("served_after", "ends"), [(179, True), (180, True), (181, False)])
def test_a_notice_served_too_late_asks_a_person(db, staff, agreement, served_after, ends):
    row = made.suspended(agreement, staff, on=START, served=START + timedelta(days=served_after))
    outcome = lapse_overdue(row.id, START + timedelta(days=200))
    assert (outcome.done, bool(outcome.waiting)) == (ends, not ends)


def test_a_person_ends_what_was_served_late_and_only_that(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    day = START + timedelta(days=200)
    with pytest.raises(Refused, match="送达凭证"):
        suspensions.lapse_late(row, reason="机构已经关门。", actor=staff[Role.REVIEWER], on=day)
    made.serve_all([row.document], staff, on=day)
    with pytest.raises(Denied):
        suspensions.lapse_late(row, reason="机构已经关门。", actor=staff[Role.CLERK], on=day)
    suspensions.lapse_late(row, reason="机构已经关门。", actor=staff[Role.REVIEWER], on=day)
    assert (agreement.state, agreement.lapsed_on) == (AgreementState.LAPSED, day)


def test_a_request_in_time_keeps_the_agreement_alive(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START, served=START)
    suspensions.request_resumption(
        row, text="已逐条整改。", actor=staff[Role.CLERK], on=START + timedelta(days=180)
    )
    assert lapse_overdue(row.id, START + timedelta(days=300)).done is False
    assert agreement.state == AgreementState.SUSPENDED


def test_a_request_after_the_longest_time_is_refused(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START, served=START)
    with pytest.raises(Refused, match="不能再申请恢复"):
        suspensions.request_resumption(
            row, text="整改。", actor=staff[Role.CLERK], on=START + timedelta(days=181)
        )


def test_only_its_own_institution_asks_to_resume(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    own = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    stranger = factories.actor(Role.INSTITUTION, institution=factories.institution("pharmacy"))
    with pytest.raises(Denied):
        suspensions.request_resumption(row, text="整改。", actor=stranger, on=START)
    suspensions.request_resumption(row, text="整改。", actor=own, on=START)
    with pytest.raises(Refused, match="已于"):
        suspensions.request_resumption(row, text="整改。", actor=own, on=START)


def test_resumption_ends_the_hold_the_day_before(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START, served=START)
    day = START + timedelta(days=30)
    suspensions.request_resumption(row, text="整改。", actor=staff[Role.CLERK], on=day)
    suspensions.resume(row, opinion="核查合格。", actor=staff[Role.REVIEWER], on=day)
    assert agreement.state == AgreementState.CONCLUDED
    assert holds(db, row) == [(START, day - timedelta(days=1))]
    assert letters.of(row, "resumption")[0].facts["from_on"] == day.isoformat()


def test_resuming_on_the_first_day_leaves_no_hold(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    suspensions.request_resumption(row, text="整改。", actor=staff[Role.CLERK], on=START)
    suspensions.resume(row, opinion="核查合格。", actor=staff[Role.REVIEWER], on=START)
    assert holds(db, row) == []


def test_resumption_needs_a_request_an_opinion_and_a_reviewer(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    with pytest.raises(Refused, match="尚未提出"):
        suspensions.resume(row, opinion="合格。", actor=staff[Role.REVIEWER], on=START)
    suspensions.request_resumption(row, text="整改。", actor=staff[Role.CLERK], on=START)
    with pytest.raises(Refused, match="核查意见"):
        suspensions.resume(row, opinion=" ", actor=staff[Role.REVIEWER], on=START)
    with pytest.raises(Denied):
        suspensions.resume(row, opinion="合格。", actor=staff[Role.CLERK], on=START)


@pytest.mark.parametrize(("offset", "ends"), [(-1, False), (0, False), (1, True)])
def test_a_decided_period_that_is_over_lets_the_agreement_go_on(db, staff, agreement, offset, ends):
    to_on = START + timedelta(days=60)
    row = made.suspended(agreement, staff, on=START, to_on=to_on)
    outcome = end_due(row.id, to_on + timedelta(days=offset))
    assert outcome.done is ends
    assert (agreement.state == AgreementState.CONCLUDED) is ends
    assert holds(db, row) == [(START, to_on)]
    if ends:
        assert row.ended_on == to_on + timedelta(days=1)


@pytest.mark.parametrize(
    ("offset", "state"),
    [(-1, AgreementState.LAPSED), (0, AgreementState.LAPSED), (1, AgreementState.CONCLUDED)],
)
@pytest.mark.law("P3-39b", "M2-42a", refuses=True, passes=True)
def test_past_the_term_the_agreement_ends_with_its_suspension(db, staff, kind, offset, state):
    to_on = START + timedelta(days=60)
    agreement = made.concluded(factories.institution(kind), term_to=to_on + timedelta(days=offset))
    row = made.suspended(agreement, staff, on=START, to_on=to_on)
    assert end_due(row.id, to_on + timedelta(days=1)).done
    assert agreement.state == state


def test_an_agreement_may_be_suspended_again_after_it_was_resumed(db, staff, agreement):
    first = made.suspended(agreement, staff, on=START)
    day = START + timedelta(days=10)
    suspensions.request_resumption(first, text="整改。", actor=staff[Role.CLERK], on=day)
    suspensions.resume(first, opinion="合格。", actor=staff[Role.REVIEWER], on=day)
    second = made.suspended(agreement, staff, on=day)
    assert holds(db, first) + holds(db, second) == [(START, day - timedelta(days=1)), (day, None)]


def test_the_letter_names_the_last_day_to_ask(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    assert (
        "2026年7月11日" in db.get(Document, row.document_id).facts["resume_route"]
    )  # 12 January + 180 days


def test_another_region_neither_resumes_nor_asks(db, staff, agreement):
    row = made.suspended(agreement, staff, on=START)
    elsewhere = Actor(999, "外区", Role.CLERK, "990999")
    with pytest.raises(Denied):
        suspensions.request_resumption(row, text="整改。", actor=elsewhere, on=START)
