"""主动退出: three months ahead, never by a public institution, no ban, carried out on its day — for both kinds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import letters, suspensions, withdrawals
from database import session
from jobs import nightly
from models import Ban, Filing, Hold, Suspension, Termination, Withdrawal
from queries import agreement_terms
from queries import withdrawals as ask
from rules import withdrawals as rule
from rules.lifecycle import WITHDRAWAL, AgreementState, WithdrawalState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.withdrawals import ExitAct, ExitFacts
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, post

FAMILY = {"hospital": "medical", "pharmacy": "pharmacy"}
EARLIEST = date(2026, 9, 15)  # three months after TODAY, 15 June
JOB = "carry-out-withdrawals"
ARTICLES = {"hospital": "第四十四条", "pharmacy": "第四十一条"}


def facts(kind, **more):
    given = {
        "act": ExitAct.TERMINATE,
        "nature": "民营",
        "requested_on": TODAY,
        "term_to": date(2026, 12, 31),
        "from_on": EARLIEST,
        **more,
    }
    return ExitFacts(family=FAMILY[kind], **given)


# the rule alone


@pytest.mark.law("P3-41a", "M2-44a", refuses=True, passes=True)
@pytest.mark.parametrize(("offset", "fits"), [(-1, False), (0, True), (1, True)])
def test_the_planned_day_lies_three_months_ahead(kind, offset, fits):
    asked = facts(kind, from_on=EARLIEST + timedelta(days=offset))
    if fits:
        rule.check(asked)
        return
    with pytest.raises(Refused, match=r"最早 2026-09-15 起") as refused:
        rule.check(asked)
    assert ARTICLES[kind] in refused.value.basis


@pytest.mark.law("P3-41a", "M2-44a", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("requested", "first"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),  # no 30 February
        (date(2023, 11, 30), date(2024, 2, 29)),  # a leap year
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 10, 31), date(2027, 1, 31)),  # over New Year
        (date(2026, 2, 28), date(2026, 5, 28)),
    ],
)
def test_three_months_are_calendar_months_and_end_with_the_month_where_the_day_is_missing(
    kind, requested, first
):
    assert rule.earliest(requested, FAMILY[kind]) == first
    rule.check(facts(kind, requested_on=requested, from_on=first, term_to=date(2027, 12, 31)))
    with pytest.raises(Refused, match="提前 3 个月"):
        rule.check(
            facts(
                kind,
                requested_on=requested,
                from_on=first - timedelta(days=1),
                term_to=date(2027, 12, 31),
            )
        )


@pytest.mark.law("P3-41a", "M2-44a", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("requested", "fits"),
    [
        (date(2026, 9, 30), True),  # three months later is 30 December
        (date(2026, 10, 1), True),  # 1 January, the day after the term
        (date(2026, 10, 2), False),  # 2 January
    ],
)
def test_not_to_renew_is_said_three_months_before_the_term_is_over(kind, requested, fits):
    asked = facts(kind, act=ExitAct.NOT_RENEW, requested_on=requested, from_on=date(2027, 1, 1))
    if fits:
        rule.check(asked)
        return
    with pytest.raises(Refused, match="协议期满次日为 2027-01-01"):
        rule.check(asked)


@pytest.mark.law("P3-39c", "M2-42a", refuses=True, passes=True)
@pytest.mark.parametrize(("days", "fits"), [(179, True), (180, True), (181, False)])
def test_a_suspension_one_asks_for_lasts_180_days_at_most(kind, days, fits):
    asked = facts(
        kind,
        act=ExitAct.SUSPEND,
        from_on=EARLIEST,
        to_on=EARLIEST + timedelta(days=days),
        term_to=date(2027, 12, 31),
    )
    if fits:
        rule.check(asked)
        return
    with pytest.raises(Refused, match="最长 180 日"):
        rule.check(asked)


@pytest.mark.law("M2-44a", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("act", "nature", "fits"),
    [
        (ExitAct.SUSPEND, "公立", False),
        (ExitAct.TERMINATE, "公立", False),
        (ExitAct.NOT_RENEW, "公立", True),
        (ExitAct.SUSPEND, "民营", True),
        (ExitAct.TERMINATE, "", True),
        (ExitAct.TERMINATE, "军队", True),
    ],
)
def test_a_public_medical_institution_asks_neither_to_suspend_nor_to_end(act, nature, fits):
    asked = facts(
        "hospital",
        act=act,
        nature=nature,
        from_on=date(2027, 1, 1) if act is ExitAct.NOT_RENEW else EARLIEST,
        to_on=EARLIEST + timedelta(days=30) if act is ExitAct.SUSPEND else None,
    )
    if fits:
        rule.check(asked)
        return
    with pytest.raises(Refused, match="公立医疗机构不得主动提出") as refused:
        rule.check(asked)
    assert "第四十四条" in refused.value.basis
    assert "不再续签" in refused.value.cure


def test_the_bar_for_public_institutions_is_of_the_order_for_medical_ones():
    assert rule.barred(ExitAct.TERMINATE, TODAY, "pharmacy", "公立") is None


def test_outside_the_term_and_without_an_end_is_refused(kind):
    with pytest.raises(Refused, match="协议期限"):
        rule.check(facts(kind, from_on=date(2027, 1, 1)))
    with pytest.raises(Refused, match="截止日期"):
        rule.check(facts(kind, act=ExitAct.SUSPEND))
    with pytest.raises(Refused, match="不需要另定日期"):
        rule.check(facts(kind, act=ExitAct.NOT_RENEW, from_on=date(2026, 12, 1)))


# on record


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.fixture
def owner(agreement):
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


def asked(agreement, actor, act="terminate", *, on=TODAY, from_on=EARLIEST, to_on=None):
    return withdrawals.request(
        agreement, act=act, reason="经营调整。", from_on=from_on, to_on=to_on, actor=actor, on=on
    )


def agreed(agreement, owner, staff, act="terminate", **more):
    row = asked(agreement, owner, act, **more)
    withdrawals.agree(row, opinion="同意。", actor=staff[Role.REVIEWER], on=TODAY)
    session.commit()
    return row


def night(day):
    with clock.at(day):
        return nightly.run(JOB, day)


@pytest.mark.law("P3-40.15", "M2-43.12", passes=True)
def test_an_agreed_termination_ends_on_its_day_without_ban_and_without_other_branches(
    db, staff, agreement, owner, kind
):
    person = factories.id_number(991)
    other = made.concluded(factories.institution(kind))
    from rules.persons import OfficeRole

    for row in (agreement, other):
        factories.office(row.institution, OfficeRole.CONTROLLER, person)
    row = agreed(agreement, owner, staff)
    assert [len(night(EARLIEST + timedelta(days=n)).done) for n in (-1, 0)] == [0, 1]
    ended = db.scalars(select(Termination)).one()
    number = {"pharmacy": "第四十条第十五项", "hospital": "第四十三条第十二项"}[kind]
    assert (ended.effective_on, ended.ban_class) == (EARLIEST, "none")
    assert number in ended.basis
    assert ended.document_id == row.document_id
    assert db.scalars(select(Ban)).all() == []
    assert [(h.from_on, h.to_on) for h in db.scalars(select(Hold))] == [(EARLIEST, None)]
    assert [f.kind for f in db.scalars(select(Filing))] == ["termination"]
    session.expire_all()
    assert (agreement.state, other.state, row.state) == ("terminated", "concluded", "done")


@pytest.mark.law("P3-41a", "M2-44a", "P3-39c", "M2-42a", passes=True)
def test_an_agreed_suspension_begins_and_ends_on_its_days_and_does_not_count(
    db, staff, agreement, owner
):
    last = EARLIEST + timedelta(days=30)
    row = agreed(agreement, owner, staff, "suspend", to_on=last)
    night(EARLIEST)
    paused = db.scalars(select(Suspension)).one()
    assert (paused.from_on, paused.to_on, paused.voluntary) == (EARLIEST, last, True)
    assert agreement_terms.suspensions_in_term(agreement.id) == 0
    assert paused.document_id == row.document_id
    for day, state in ((last, "suspended"), (last + timedelta(days=1), "concluded")):
        with clock.at(day):
            nightly.run("end-due-suspensions", day)
        session.expire_all()
        assert agreement.state == state
    assert [(h.from_on, h.to_on) for h in db.scalars(select(Hold))] == [(EARLIEST, last)]


@pytest.mark.law("P3-41a", "M2-44a", passes=True)
def test_not_to_renew_changes_nothing_until_the_term_is_over(db, staff, agreement, owner):
    row = asked(agreement, owner, "not_renew", from_on=None)
    assert row.from_on == date(2027, 1, 1)
    withdrawals.agree(row, opinion="", actor=staff[Role.REVIEWER], on=TODAY)
    session.commit()
    assert ask.will_not_renew(agreement.id) == row
    assert night(date(2026, 12, 31)).done == []
    assert night(date(2027, 1, 1)).done == [row.id]
    assert db.scalars(select(Termination)).all() == []


@pytest.mark.law("M2-44a", refuses=True, passes=True)
def test_a_public_hospital_is_blocked_by_page_and_by_action_but_may_decline_renewal(app, db, staff):
    agreement = made.concluded(factories.institution("hospital", nature="公立"))
    owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    session.commit()
    for act in ("suspend", "terminate"):
        with pytest.raises(Refused, match="公立"):
            asked(agreement, owner, act)
        with pytest.raises(Refused, match="公立"):
            asked(agreement, staff[Role.CLERK], act)
    browser = client_for(app, owner)
    page = browser.get("/portal/withdrawals").text
    assert "公立医疗机构不得主动提出中止或解除" in page
    assert browser.get("/portal/withdrawals/new/terminate").status_code == 404
    assert browser.get("/portal/withdrawals/new/not_renew").status_code == 200
    given = {"reason": "机构撤并。"}
    assert post(browser, "/portal/withdrawals/new/not_renew", **given).status_code == 303


def test_one_request_at_a_time_and_a_recalled_one_makes_room(staff, agreement, owner):
    row = asked(agreement, owner)
    with pytest.raises(Refused, match="已有一件退出申请"):
        asked(agreement, owner, "suspend", to_on=EARLIEST)
    withdrawals.recall(row, actor=owner, on=TODAY)
    assert asked(agreement, owner).state == WithdrawalState.REQUESTED


@pytest.mark.law("P3-40.15", "M2-43.12", refuses=True)
def test_the_answer_is_a_letter_either_way(staff, agreement, owner):
    row = asked(agreement, owner)
    with pytest.raises(Refused, match="理由"):
        withdrawals.decline(row, opinion=" ", actor=staff[Role.REVIEWER], on=TODAY)
    withdrawals.decline(row, opinion="辖区无其他药店。", actor=staff[Role.REVIEWER], on=TODAY)
    [letter] = letters.of(row)
    assert (letter.kind, letter.facts["agreed"]) == ("withdrawal_answer", False)
    assert agreement.state == AgreementState.CONCLUDED
    again = asked(agreement, owner)
    withdrawals.agree(again, opinion="", actor=staff[Role.REVIEWER], on=TODAY)
    assert letters.of(again)[0].facts["agreed"] is True


def test_whoever_typed_it_in_does_not_answer_it_and_strangers_do_neither(db, staff, agreement):
    both = factories.user(Role.CLERK)
    clerk = factories.sessions.actor_of(both)
    row = asked(agreement, clerk)
    session.commit()
    both.role = Role.REVIEWER
    promoted = factories.sessions.actor_of(both)
    for actor in (promoted, staff[Role.LEADER], staff[Role.CLERK]):
        with pytest.raises(Denied):
            withdrawals.agree(row, opinion="", actor=actor, on=TODAY)
    for role in (Role.REVIEWER, Role.LEADER, Role.BUREAU, Role.INSPECTOR):
        with pytest.raises(Denied):
            asked(agreement, staff[role])


def test_a_planned_day_that_passed_before_the_answer_cannot_be_agreed_to(staff, agreement, owner):
    row = asked(agreement, owner)
    late = EARLIEST + timedelta(days=1)
    with pytest.raises(Refused, match="已过"):
        withdrawals.agree(row, opinion="", actor=staff[Role.REVIEWER], on=late)
    withdrawals.agree(row, opinion="", actor=staff[Role.REVIEWER], on=EARLIEST)


def test_an_agreement_that_ended_meanwhile_voids_the_request(db, staff, agreement, owner):
    row = agreed(agreement, owner, staff)
    agreement.state, agreement.lapsed_on = AgreementState.LAPSED, date(2026, 8, 1)
    session.commit()
    night(EARLIEST)
    session.expire_all()
    assert row.state == WithdrawalState.VOID


def test_an_agreement_that_is_suspended_meanwhile_waits_for_a_person(db, staff, agreement, owner):
    row = agreed(agreement, owner, staff, "suspend", to_on=EARLIEST + timedelta(days=9))
    made.suspended(agreement, staff, on=date(2026, 7, 1))
    session.commit()
    report = night(EARLIEST)
    assert (report.done, [line["id"] for line in report.waiting]) == ([], [row.id])
    withdrawals.give_up(row, reason="已因违规中止。", actor=staff[Role.REVIEWER], on=EARLIEST)
    assert row.state == WithdrawalState.VOID


def test_terminating_a_suspended_agreement_on_request_ends_the_suspension(
    db, staff, agreement, owner
):
    agreed(agreement, owner, staff)
    paused = made.suspended(agreement, staff, on=date(2026, 9, 1))
    session.commit()
    night(EARLIEST)
    session.expire_all()
    assert (agreement.state, paused.ended_on) == ("terminated", EARLIEST)


def test_the_night_is_made_up_dated_by_the_day_and_a_dry_run_changes_nothing(
    db, staff, agreement, owner
):
    row = agreed(agreement, owner, staff)
    with clock.at(EARLIEST):
        dry = nightly.run(JOB, EARLIEST, dry_run=True)
    session.expire_all()
    assert (dry.done, row.state) == ([row.id], "agreed")
    first, second = night(EARLIEST), night(EARLIEST)
    assert (first.done, second.done) == ([row.id], [])
    assert db.scalars(select(Termination)).one().effective_on == EARLIEST


def test_a_suspension_one_asked_for_may_be_resumed_earlier(db, staff, agreement, owner):
    agreed(agreement, owner, staff, "suspend", to_on=EARLIEST + timedelta(days=60))
    night(EARLIEST)
    paused = db.scalars(select(Suspension)).one()
    early = EARLIEST + timedelta(days=10)
    suspensions.request_resumption(paused, text="装修完成。", actor=owner, on=early)
    suspensions.resume(paused, opinion="条件具备。", actor=staff[Role.REVIEWER], on=early)
    assert agreement.state == AgreementState.CONCLUDED


VERBS = {
    "agree": lambda row, staff, owner: withdrawals.agree(
        row, opinion="", actor=staff[Role.REVIEWER], on=TODAY
    ),
    "decline": lambda row, staff, owner: withdrawals.decline(
        row, opinion="理由。", actor=staff[Role.REVIEWER], on=TODAY
    ),
    "recall": lambda row, staff, owner: withdrawals.recall(row, actor=owner, on=TODAY),
    "void": lambda row, staff, owner: withdrawals.give_up(
        row, reason="理由。", actor=staff[Role.REVIEWER], on=TODAY
    ),
}


@pytest.mark.parametrize("state", [state for state in WITHDRAWAL.states if state != "requested"])
@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_in_every_later_state(db, staff, agreement, owner, state, verb):
    row = asked(agreement, owner)
    row.decided_on, row.state = TODAY, WithdrawalState(state)
    db.flush()
    allowed = state in WITHDRAWAL.moves[verb].sources
    if allowed:
        VERBS[verb](row, staff, owner)
        assert row.state == WITHDRAWAL.moves[verb].target
        return
    with pytest.raises(Refused, match=WITHDRAWAL.states[state].label):
        VERBS[verb](row, staff, owner)


# through the doors


def test_from_the_portal_to_the_answer(app, db, staff, agreement, owner):
    session.commit()
    browser = client_for(app, owner)
    assert "最早 2026-09-15 起" in browser.get("/portal/withdrawals").text
    form = "/portal/withdrawals/new/terminate"
    shown = browser.get(form).text
    assert "不产生限制期" in shown
    assert "选填" not in shown  # the day is needed
    early = post(browser, form, reason="停业。", from_on="2026-09-14")
    assert early.status_code == 409
    assert "提前 3 个月" in early.text
    assert post(browser, form, reason="停业。", from_on="2026-09-15").status_code == 303
    row = db.scalars(select(Withdrawal)).one()
    session.rollback()
    assert "审核中" in browser.get("/portal/").text
    reviewer = client_for(app, staff[Role.REVIEWER])
    assert row.number in reviewer.get("/worklist").text
    page = f"/withdrawals/{row.id}"
    assert "停业。" in reviewer.get(page).text
    assert post(reviewer, f"{page}/agree", opinion="同意。").status_code == 303
    shown = browser.get(f"/portal/withdrawals/{row.id}").text
    assert "已同意" in shown
    assert "撤回申请" in shown
    for query in ("", "?act=terminate&kind=pharmacy&state=agreed&q=x", "?format=xlsx", "?print=1"):
        assert reviewer.get(f"/withdrawals{query}").status_code == 200


def test_a_neighbour_sees_and_recalls_nothing(app, db, agreement, owner, kind):
    row = asked(agreement, owner)
    neighbour = factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    session.commit()
    browser = client_for(app, neighbour)
    assert browser.get(f"/portal/withdrawals/{row.id}").status_code == 404
    assert post(browser, f"/portal/withdrawals/{row.id}/recall").status_code == 404
    assert "没有正在履行" in browser.get("/portal/withdrawals").text


def test_a_clerk_types_in_what_came_on_paper(app, db, staff, agreement):
    session.commit()
    browser = client_for(app, staff[Role.CLERK])
    path = f"/withdrawals/new?agreement={agreement.id}"
    assert "代机构登记退出申请" in browser.get(f"/agreements/{agreement.id}").text
    assert browser.get(path).status_code == 200
    given = {"act": "suspend", "from_on": "2026-09-15", "to_on": "2026-10-15", "reason": "装修。"}
    assert post(browser, path, **given).status_code == 303
    assert db.scalars(select(Withdrawal)).one().proxy_by_id == staff[Role.CLERK].id
