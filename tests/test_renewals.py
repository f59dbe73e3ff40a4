"""续签: asked for in its window, assessed with exceptions first, decided by three people, ended by the kind's own word."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import renewals, signatures, terminations, withdrawals
from database import session
from jobs import nightly
from models import Ban, Document, Event, Hold, Reminder, Renewal, Termination, WorkItem
from queries import agreements as agreed
from queries import bans, portal_renewals, public_standing, renewal_facts
from queries import renewals as ask
from queries.paging import asked
from rules import expiry
from rules import renewals as rule
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.renewals import Advice, Clearing, Fact, ReminderKind
from tests import factories
from tests import factories_agreement as made
from tests import factories_renewal as world
from tests.factories_renewal import ON, TO
from tests.web import client_for

FAMILIES = pytest.mark.parametrize("family", ["medical", "pharmacy"])
DUE = date(2026, 6, 30)
OPENS = date(2026, 3, 30)


def owner(agreement):
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


def ask_for(agreement, on):
    return renewals.apply(agreement, statement="按约定提供服务。", actor=owner(agreement), on=on)


# the window


@FAMILIES
@pytest.mark.law("P3-38", "M2-41a", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("day", "opens", "late"),
    [
        (date(2026, 3, 29), False, False),
        (date(2026, 3, 30), True, False),
        (date(2026, 3, 31), True, False),
        (date(2026, 6, 29), True, False),
        (date(2026, 6, 30), True, False),
        (date(2026, 7, 1), True, True),
        (date(2026, 9, 30), True, True),
        (date(2026, 10, 1), False, True),
    ],
)
def test_renewal_is_asked_for_three_months_ahead_and_later_is_taken_up_as_late(
    family, day, opens, late
):
    if not opens:
        with pytest.raises(Refused) as refused:
            rule.check_application(TO, day, family)
        article = "第三十八条" if family == "pharmacy" else "第四十一条"
        assert (
            refused.value.basis.endswith(article) is late
        )  # before the window, local practice is cited
        assert refused.value.basis
        assert refused.value.cure
        return
    assert rule.check_application(TO, day, family).is_late(day) is late


@FAMILIES
@pytest.mark.parametrize(
    ("term_to", "due_on"),
    [
        (date(2026, 5, 31), date(2026, 2, 28)),  # no 31 February
        (date(2024, 5, 31), date(2024, 2, 29)),  # a leap year has one day more
        (date(2027, 1, 31), date(2026, 10, 31)),
        (date(2027, 1, 1), date(2026, 10, 1)),  # a holiday, and not put off: it counts backwards
        (date(2026, 12, 31), date(2026, 9, 30)),
    ],
)
def test_the_last_day_in_time_is_clamped_to_its_month_and_not_moved_by_holidays(
    family, term_to, due_on
):
    assert rule.window(term_to, ON, family).due_on == due_on


@FAMILIES
@pytest.mark.parametrize(
    "day", [date(2026, 1, 1) + timedelta(days=step) for step in range(0, 800, 7)]
    + [date(2026, 2, 28), date(2028, 2, 29), date(2026, 8, 30), date(2026, 8, 31)],
)  # fmt: skip
def test_the_list_knows_the_same_window_as_the_rule(family, day):
    last = rule.last_end_in_window(day, family)
    assert rule.window(last, day, family).opens_on <= day
    assert rule.window(last + timedelta(days=1), day, family).opens_on > day


@pytest.mark.pure
def test_the_window_asks_to_check_the_local_paper_until_the_source_is_official():
    found = rule.window(TO, ON, "medical")
    assert "2026-03-30 起可以申请（受理窗口按本地做法，请按本地文件核对）。" in found.explain
    found = replace(found, window_confidence="official")
    assert "2026-03-30 起可以申请。" in found.explain


def test_an_application_is_on_record_with_its_day_and_a_late_one_stays_marked(db, kind):
    first, second = ask_for(world.ending(kind), DUE), ask_for(world.ending(kind), date(2026, 7, 1))
    assert (first.is_late, second.is_late) == (False, True)
    assert (first.due_on, first.applied_on) == (DUE, DUE)
    db.commit()
    lines = [e.facts for e in db.scalars(select(Event).where(Event.verb == "apply"))]
    assert [line.get("remark") for line in lines] == [None, "迟于规定时间"]


def test_nobody_asks_twice_nor_for_another(db, kind):
    agreement = world.ending(kind)
    ask_for(agreement, ON)
    with pytest.raises(Refused, match="不能重复"):
        ask_for(agreement, ON)
    with pytest.raises(Denied):
        renewals.apply(
            world.ending(kind), statement="代为申请。", actor=owner(world.ending(kind)), on=ON
        )


def test_what_was_taken_back_may_be_asked_for_again(db, kind, staff):
    agreement = world.ending(kind)
    row = ask_for(agreement, ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    renewals.withdraw(row, actor=owner(agreement), on=ON)
    again = ask_for(agreement, ON)
    assert (row.state, again.state) == ("withdrawn", "applied")


def test_an_institution_may_still_ask_when_the_agency_has_organised_it(db, kind, staff):
    agreement = world.ending(kind)
    row = renewals.collect(agreement, actor=staff[Role.CLERK], on=ON)
    assert ask_for(agreement, ON) is row
    assert (row.state, row.origin, row.applied_on) == ("applied", "collected", ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="不能重复"):
        ask_for(agreement, ON)


@pytest.mark.parametrize("state", [AgreementState.TERMINATED, AgreementState.LAPSED])
def test_an_ended_agreement_cannot_be_renewed(db, kind, state):
    agreement = world.ending(kind)
    agreement.state, agreement.lapsed_on = state, ON
    with pytest.raises(Refused, match="已经结束"):
        ask_for(agreement, ON)


# the sheet


def facts(**hits):
    return [Fact(name, f"样例{name}", "样例", "样例台账", hit=hit) for name, hit in hits.items()]


@FAMILIES
@pytest.mark.law("P3-34", "M2-37", "P3-38", "M2-41a", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("hits", "advice"),
    [
        ({"open_case": False, "campaign_open": False}, Advice.RENEW),
        ({"not_assessed": True}, Advice.ATTENTION),
        ({"low_grade": True}, Advice.ATTENTION),
        ({"people": True}, Advice.ATTENTION),
        ({"open_case": True, "low_grade": False}, Advice.ATTENTION),
        ({"open_rectification": True}, Advice.ATTENTION),
        ({"open_obligation": True}, Advice.ATTENTION),
        ({"suspended_now": True}, Advice.ATTENTION),
        ({"suspended_in_term": True}, Advice.ATTENTION),
        ({"overdue_change": True}, Advice.ATTENTION),
        ({"exit_requested": True, "open_case": True}, Advice.NOT_RENEW),
    ],
)
def test_one_exception_is_enough_and_the_gravest_counts(family, hits, advice):
    lines, found = rule.sheet(facts(**hits), ON, family)
    assert found is advice
    assert len(lines) == len(hits)
    for line in lines:
        assert bool(line["advice"]) == bool(line["basis"]) == bool(line["reason"])


@pytest.mark.law("Z-01", refuses=True, passes=True)
def test_what_a_pharmacy_did_not_clear_speaks_against_renewal_and_a_hospital_is_looked_at():
    hit = facts(campaign_not_cleared=True)
    assert rule.sheet(hit, ON, "pharmacy")[1] is Advice.NOT_RENEW
    assert rule.sheet(hit, ON, "medical")[1] is Advice.ATTENTION
    assert rule.sheet(facts(campaign_not_cleared=False), ON, "pharmacy")[1] is Advice.RENEW


@pytest.mark.law("Z-01", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("cleared_on", "day", "word"),
    [
        (None, date(2026, 5, 30), Clearing.OPEN),
        (None, date(2026, 5, 31), Clearing.OPEN),
        (None, date(2026, 6, 1), Clearing.NOT_CLEARED),
        (date(2026, 5, 30), ON, Clearing.PASSED),
        (date(2026, 5, 31), ON, Clearing.PASSED),
        (date(2026, 6, 1), ON, Clearing.NOT_CLEARED),
    ],
)
def test_cleared_on_the_due_day_is_in_time_and_a_day_later_is_not(cleared_on, day, word):
    assert rule.clearing(date(2026, 5, 31), cleared_on, day) is word


def test_nothing_found_has_passed():
    assert rule.clearing(None, None, ON) is Clearing.PASSED


def test_exceptions_stand_first_on_the_sheet():
    hits = {"open_case": False, "low_grade": True, "people": False, "exit_requested": True}
    lines, _ = rule.sheet(facts(**hits), ON, "pharmacy")
    assert [line["advice"] for line in lines] == ["not_renew", "attention", "", ""]


def by_trigger(agreement, on=ON):
    found = {}
    for fact in renewal_facts.of(agreement, on):
        found[fact.trigger] = found.get(fact.trigger, False) or fact.hit
    return found


def test_a_quiet_institution_with_a_good_grade_has_no_exception(db, kind):
    assert set(by_trigger(world.ending(kind)).values()) == {False}


@pytest.mark.law("S-18", passes=True)
def test_every_fact_is_found_where_it_is_written_down(db, kind, staff):
    agreement = world.ending(kind, rated="failing")
    place = agreement.institution
    db.add(
        Ban(
            institution_id=place.id,
            ground="PH40_01",
            basis="示例",
            from_on=date(2026, 1, 1),
            until=date(2026, 2, 1),
            obligation="追回款项未退回",
        )
    )
    made.case(agreement, staff, on=ON)
    world.finding(world.campaign(kind), place, due_on=date(2026, 5, 31))
    made.suspended(agreement, staff, on=ON)
    assert {name for name, hit in by_trigger(agreement).items() if hit} == {
        "low_grade",
        "open_case",
        "open_obligation",
        "suspended_now",
        "suspended_in_term",
        "campaign_not_cleared",
    }


def test_without_a_published_rating_the_sheet_says_so(db, kind):
    assert by_trigger(world.ending(kind, rated=""))["not_assessed"] is True


@pytest.mark.parametrize(("due", "hit"), [(ON, False), (ON - timedelta(days=1), True)])
def test_a_penalty_counts_from_the_day_after_its_last_day(db, kind, due, hit):
    from models import Penalty

    agreement = world.ending(kind)
    db.add(
        Penalty(
            institution_id=agreement.institution_id,
            pooling_region=agreement.pooling_region,
            number="示例罚〔2026〕1号",
            authority="示例局",
            article="示例条",
            amount=100000,
            decided_on=date(2026, 5, 1),
            due_on=due,
        )
    )
    db.flush()
    assert by_trigger(agreement)["open_obligation"] is hit


# assessed, proposed, decided


def test_three_different_people_and_only_on_their_desks(db, kind, staff):
    row = world.collected(kind, staff)
    with pytest.raises(Denied):
        renewals.propose(row, Advice.RENEW, opinion="", actor=staff[Role.CLERK], on=ON)
    renewals.propose(row, Advice.RENEW, opinion="", actor=staff[Role.REVIEWER], on=ON)
    with pytest.raises(Denied):
        renewals.decide(row, Advice.RENEW, reason="", actor=staff[Role.REVIEWER], on=ON)
    renewals.decide(row, Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON)
    assert row.state == "agreed"
    assert len({row.recorded_by_id, row.reviewed_by_id, row.decided_by_id}) == 3


def test_whoever_made_the_sheet_does_not_decide_after_a_change_of_desk(db, kind, staff):
    row = world.proposed(kind, staff)
    row.recorded_by_id = staff[Role.LEADER].id
    with pytest.raises(Denied):
        renewals.decide(row, Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON)


def test_an_exception_needs_a_written_opinion(db, kind, staff):
    row = world.collected(kind, staff, rated="passing")
    assert row.advice is Advice.ATTENTION
    with pytest.raises(Refused, match="须写明意见"):
        renewals.propose(row, Advice.RENEW, opinion=" ", actor=staff[Role.REVIEWER], on=ON)
    renewals.propose(row, Advice.RENEW, opinion="整改已完成。", actor=staff[Role.REVIEWER], on=ON)
    assert row.proposed is Advice.RENEW


def test_against_the_proposal_or_against_renewal_needs_reasons(db, kind, staff):
    row = world.proposed(kind, staff)
    with pytest.raises(Refused, match="须写明理由"):
        renewals.decide(row, Advice.NOT_RENEW, reason="", actor=staff[Role.LEADER], on=ON)
    other = world.proposed(kind, staff, Advice.NOT_RENEW)
    with pytest.raises(Refused, match="须写明理由"):
        renewals.decide(other, Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON)


def test_what_changed_since_the_sheet_stops_every_step(db, kind, staff):
    rows = [made_(kind, staff) for made_ in (world.collected, world.proposed, world.agreed)]
    for row in rows:
        made.case(row.agreement, staff, on=ON)
    steps = [
        lambda: renewals.propose(
            rows[0], Advice.RENEW, opinion="同意。", actor=staff[Role.REVIEWER], on=ON
        ),
        lambda: renewals.decide(rows[1], Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON),
        lambda: renewals.offer(rows[2], actor=staff[Role.CLERK], on=ON),
    ]
    for step in steps:
        with pytest.raises(Refused, match="情况有变化：有违规案件尚未办结"):
            step()


def test_sent_back_it_is_assessed_anew(db, kind, staff):
    row = world.proposed(kind, staff)
    with pytest.raises(Refused, match="理由"):
        renewals.send_back(row, reason="", actor=staff[Role.LEADER], on=ON)
    renewals.send_back(row, reason="请核对案件。", actor=staff[Role.LEADER], on=ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    assert (row.state, row.reviewed_by_id, row.proposed) == ("assessed", None, None)


# offered and signed


@pytest.mark.law("P3-38", "M2-41a")
def test_the_next_agreement_follows_the_term_and_the_notice_says_so(db, kind, staff):
    row = world.offered(kind, staff)
    following = row.next_agreement
    assert (following.term_from, following.term_to) == (date(2026, 10, 1), date(2027, 9, 30))
    assert following.institution_signed_on is None
    letter = db.scalars(select(Document).where(Document.kind == "renewal_notice")).one()
    assert letter.facts["next_number"] == following.number
    user = owner(row.agreement)
    signatures.sign_for_institution(following, read=True, mandate="示例授权书", actor=user, on=ON)
    signatures.countersign(following, actor=staff[Role.LEADER], on=ON)
    assert row.state == "renewed"


def test_a_suspended_agreement_cannot_be_renewed(db, kind, staff):
    agreement = world.ending(kind)
    made.suspended(agreement, staff, on=ON)
    row = renewals.collect(agreement, actor=staff[Role.CLERK], on=ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    renewals.propose(row, Advice.RENEW, opinion="将恢复。", actor=staff[Role.REVIEWER], on=ON)
    renewals.decide(row, Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON)
    with pytest.raises(Refused):
        renewals.offer(row, actor=staff[Role.CLERK], on=ON)


# the end


def expire(day):
    with clock.at(day):
        nightly.run("expire-agreements", day)
        nightly.run("end-renewals", day)


@pytest.mark.law("P3-38", "M2-41a")
def test_not_renewed_ends_by_the_word_of_the_kind_and_bars_nobody(db, kind, staff):
    row = world.refused(kind, staff)
    db.commit()
    agreement, first = row.agreement, TO + timedelta(days=1)
    expire(TO)
    assert agreement.state == AgreementState.CONCLUDED  # the last day counts
    expire(first)
    pharmacy = kind == "pharmacy"
    assert agreement.state == ("terminated" if pharmacy else "lapsed")
    assert row.state == "ended"
    assert db.scalars(select(Ban)).all() == []
    kinds = {letter.kind for letter in db.scalars(select(Document))}
    assert ("term_end" in kinds, "lapse" in kinds, "report" in kinds) == (
        pharmacy, not pharmacy, pharmacy,
    )  # fmt: skip
    standing = agreed.standing_of(agreement, on=first)
    assert standing.label == ("已解除" if pharmacy else "已到期")
    public = public_standing.standings([agreement.institution_id], first)
    assert public[agreement.institution_id].label == standing.label


@pytest.mark.law("P3-38")
def test_a_pharmacy_whose_renewal_failed_is_on_the_list_of_terminations_without_ban(db, staff):
    row = world.refused("pharmacy", staff)
    db.commit()
    expire(TO + timedelta(days=1))
    [ending] = db.scalars(select(Termination)).all()
    assert (ending.ground, ending.ban_class) == ("PH38_not_renewed", "none")
    assert (ending.decided_on, ending.effective_on) == (date(2026, 10, 1), date(2026, 10, 1))
    assert ending.basis.endswith("第三十八条")
    [hold] = db.scalars(select(Hold)).all()
    assert (hold.from_on, hold.to_on) == (date(2026, 10, 1), None)
    assert bans.against(row.institution, date(2026, 10, 9)) == ()


@pytest.mark.law("P3-38", "M2-41a")
@pytest.mark.parametrize(("sought", "dissolved"), [(True, True), (False, False)])
def test_only_a_pharmacy_that_sought_renewal_in_vain_ends_by_termination(sought, dissolved):
    end = expiry.of_term("pharmacy", TO, followed=False, sought=sought)
    assert (end.dissolved, end.on) == (dissolved, date(2026, 10, 1))
    medical = expiry.of_term("medical", TO, followed=False, sought=sought)
    assert medical.dissolved is False
    assert expiry.of_term("pharmacy", TO, followed=True, sought=sought).dissolved is False


@pytest.mark.parametrize(
    "term_to", [date(2026, 10, 1), date(2026, 6, 14), date(2026, 12, 31), date(2027, 1, 2)]
)
@FAMILIES
def test_the_end_of_a_term_is_not_moved_by_a_holiday_or_a_weekend(family, term_to):
    end = expiry.of_term(family, term_to, followed=False, sought=True)
    assert end.on == term_to + timedelta(days=1)


def test_offered_and_not_signed_in_time_ends_like_not_agreed(db, kind, staff):
    row = world.offered(kind, staff)
    db.commit()
    expire(date(2026, 10, 1))
    assert row.agreement.state == ("terminated" if kind == "pharmacy" else "lapsed")
    assert row.state == "ended"


def test_a_renewal_ends_with_an_agreement_that_is_terminated_in_between(db, kind, staff):
    row = world.collected(kind, staff)
    ground = made.ground(row.institution, "terminate", 1)
    decision = terminations.Decision(ground, "示例事实。", ON, ON)
    terminations.terminate(row.agreement, decision, actor=staff[Role.LEADER], on=ON)
    db.commit()
    report = nightly.run("end-renewals", ON)
    assert (report.failed, row.state) == ([], "ended")
    open_items = select(WorkItem).where(WorkItem.subject == "renewal", WorkItem.done.is_(False))
    assert db.scalars(open_items).all() == []


# reminders


def test_a_reminder_is_given_once_of_each_kind_on_its_day(db, kind):
    agreement = world.ending(kind)
    db.commit()
    given, listed = [], []
    for day in (OPENS - timedelta(days=1), OPENS, ON, DUE, DUE + timedelta(days=1)):
        with clock.at(day):
            given.append(len(nightly.run("remind-renewals", day).done))
            listed.append(len(db.scalars(select(WorkItem)).all()))
    assert given == [0, 1, 0, 1, 0]
    assert listed == [0, 0, 0, 1, 1]  # the clerks hear of those who have not asked in time
    rows = db.scalars(select(Reminder).order_by(Reminder.due_on)).all()
    assert [(row.kind, row.due_on) for row in rows] == [
        (ReminderKind.WINDOW, OPENS),
        (ReminderKind.DUE, DUE),
    ]
    [item] = db.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all()
    assert (item.subject_id, item.desk, item.due_on) == (agreement.id, "clerk", DUE)


def test_made_up_after_ten_days_the_reminder_bears_the_day_it_belongs_to(db, kind):
    world.ending(kind)
    db.commit()
    day = OPENS + timedelta(days=10)
    dry = nightly.run("remind-renewals", day, dry_run=True)
    assert db.scalars(select(Reminder)).all() == []
    with clock.at(day):
        assert nightly.run("remind-renewals", day).done == dry.done
    assert [row.due_on for row in db.scalars(select(Reminder))] == [OPENS]


def test_nobody_is_reminded_of_what_is_asked_for_or_signed_or_over(db, kind, staff):
    world.collected(kind, staff)
    followed = world.ending(kind)
    made.concluded(followed.institution, term_from=date(2026, 10, 1), term_to=date(2027, 9, 30))
    world.ending(kind, term_to=date(2026, 6, 14))
    db.commit()
    assert nightly.run("remind-renewals", ON).done == []


def test_asking_settles_the_reminder(db, kind):
    agreement = world.ending(kind)
    db.commit()
    nightly.run("remind-renewals", DUE)
    assert len(db.scalars(select(WorkItem)).all()) == 1
    ask_for(agreement, DUE)
    db.flush()
    waiting = db.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all()
    assert [item.subject for item in waiting] == ["renewal"]


# the worklist


def names(rows):
    return [row.institution.name for row in rows]


def test_exceptions_stand_first_in_the_worklist(db, kind, staff):
    clean = world.collected(kind, staff)
    wrong = world.collected(kind, staff, rated="failing")
    actor = staff[Role.REVIEWER]
    rows, page = ask.page(actor, "propose", asked({}))
    assert names(rows) == [wrong.institution.name, clean.institution.name]
    assert page.total == 2
    assert ask.clean(actor, "propose", asked({})) == [clean.id]
    narrowed, _ = ask.page(actor, "propose", asked({"advice": "attention"}))
    assert names(narrowed) == [wrong.institution.name]


def test_candidates_are_in_their_window_and_of_the_own_region(db, kind, staff):
    inside = world.ending(kind)
    world.ending(kind, term_to=date(2026, 12, 31))  # its window opens on 30 June
    world.collected(kind, staff)
    made.concluded(factories.institution(kind, region="990124"), term_to=TO)
    rows, page = ask.candidates(staff[Role.CLERK], asked({}), on=ON)
    assert names(rows) == [inside.institution.name]
    assert (page.total, rows[0].due_on) == (1, DUE)
    assert ask.counts(staff[Role.CLERK], on=ON)["candidates"] == 1


def test_the_database_refuses_what_the_rules_refuse(db, kind, staff):
    from sqlalchemy.exc import IntegrityError

    row = world.collected(kind, staff)
    session.flush()
    for values in (
        {"state": "refused", "decided_on": ON},
        {"reviewed_by_id": staff[Role.CLERK].id},
        {"state": "offered", "decided_on": ON},
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(Renewal.__table__.update().where(Renewal.id == row.id).values(**values))


# an institution that said it will not go on


def leaving(agreement, staff, *, agreed=True):
    """Asked for on 1 June, four months before the end; agreed to on the same day."""
    row = withdrawals.request(
        agreement, act="not_renew", reason="经营调整。", from_on=None, actor=owner(agreement), on=date(2026, 6, 1)
    )  # fmt: skip
    if agreed:
        withdrawals.agree(row, opinion="同意。", actor=staff[Role.REVIEWER], on=date(2026, 6, 1))
    session.flush()
    return row


@pytest.mark.law("P3-41a", "M2-44a", refuses=True, passes=True)
def test_who_said_it_will_not_renew_is_offered_no_renewal_until_it_takes_that_back(
    app, db, kind, staff
):
    agreement = world.ending(kind)
    row = leaving(agreement, staff)
    article = {"hospital": "第四十四条", "pharmacy": "第四十一条"}[kind]
    for begin in (
        lambda: ask_for(agreement, ON),
        lambda: renewals.collect(agreement, actor=staff[Role.CLERK], on=ON),
    ):
        with pytest.raises(Refused, match=f"不再续签（{row.number}）") as refused:
            begin()
        assert refused.value.basis.endswith(article)
        assert "撤回" in refused.value.cure
    assert ask.candidates(staff[Role.CLERK], asked({}), on=ON)[0] == []
    assert ask.to_remind(ON) == []
    assert portal_renewals.openings(agreement.institution_id, on=ON) == []
    shown = ask.of_agreement(agreement, on=ON)
    assert (shown.may_begin, shown.leaving) == (False, row)
    session.commit()
    page = client_for(app, staff[Role.CLERK]).get(f"/agreements/{agreement.id}").text
    assert "机构申请到期不再续签" in page
    assert article in page
    withdrawals.recall(row, actor=owner(agreement), on=ON)
    session.flush()
    assert ask.to_remind(ON) == [agreement.id]
    assert ask_for(agreement, ON).state == "applied"


@pytest.mark.law("P3-41a", "M2-44a", refuses=True)
def test_the_sheet_of_a_renewal_under_way_advises_against_it_with_the_article(db, kind, staff):
    agreement = world.ending(kind)
    row = renewals.collect(agreement, actor=staff[Role.CLERK], on=ON)
    said = leaving(agreement, staff)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    assert row.advice is Advice.NOT_RENEW
    first = row.sheet[0]
    assert said.number in first["value"]
    assert first["reason"] == "机构已申请到期不再续签"
    assert first["basis"].endswith({"hospital": "第四十四条", "pharmacy": "第四十一条"}[kind])


@pytest.mark.law("P3-41a", "M2-44a", passes=True)
def test_a_wish_that_nobody_agreed_to_yet_stops_no_renewal(db, kind, staff):
    agreement = world.ending(kind)
    leaving(agreement, staff, agreed=False)
    assert ask.to_remind(ON) == [agreement.id]
    assert by_trigger(agreement)["exit_requested"] is False
    assert ask_for(agreement, ON).state == "applied"


@pytest.mark.law("P3-41a", "M2-44a", passes=True)
def test_agreeing_not_to_renew_takes_the_reminder_from_the_desk(db, kind, staff):
    agreement = world.ending(kind)
    row = leaving(agreement, staff, agreed=False)
    nightly.run("remind-renewals", DUE)
    waiting = select(WorkItem).where(WorkItem.subject == "reminder", WorkItem.done.is_(False))
    assert len(db.scalars(waiting).all()) == 1
    withdrawals.agree(row, opinion="同意。", actor=staff[Role.REVIEWER], on=DUE)
    session.flush()
    assert db.scalars(waiting).all() == []


def test_whoever_asks_for_renewal_stands_under_renewal_in_the_menu(app, db, kind):
    """Its address lies below the agreements."""
    agreement = world.ending(kind)
    who = owner(agreement)
    session.commit()
    with clock.at(ON):
        page = client_for(app, who).get(f"/portal/agreements/{agreement.id}/renewal").text
    assert re.findall(r'href="([^"]*)" aria-current="page"', page) == ["/portal/renewals"]
