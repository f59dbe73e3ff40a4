"""集体讨论: a quorum of N is N, the proposer does not vote, who steps aside is out — and no termination without it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import collective_decisions as act
from actions import indications, region_receipts, violations
from database import session
from models import CollectiveDecision, Document, Event, User, WorkItem
from queries import collective_decisions as ask
from queries import worklist
from queries.worklist import Filters
from rules import collective as rule
from rules.collective import Ballot, Seat
from rules.lifecycle import AgreementState, CollectiveState
from rules.permissions import Denied, Permission, Role, may
from rules.refusal import Refused
from tests import factories, local_law
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.factories_amendment import noted
from tests.test_region_notices import LETTER
from tests.test_terminations import ILLEGAL
from tests.web import client_for, post

FAMILY = {"hospital": "medical", "pharmacy": "pharmacy"}
FOR, AGAINST, ABSTAIN = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN


def seats(*ballots, recused=0, absent=0):
    given = [Seat(f"员{n}", ballot=ballot) for n, ballot in enumerate(ballots)]
    return given + [Seat("回避", recused=True, ballot=None)] * recused + [Seat("未到")] * absent


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (seats(FOR, FOR, FOR), True),
        (seats(FOR, FOR, AGAINST), True),  # 2 of 3 is more than half
        (seats(FOR, AGAINST, ABSTAIN), False),  # 1 of 3
        (seats(FOR, FOR, AGAINST, AGAINST), False),  # exactly half is not more than half
        (seats(FOR, FOR, FOR, AGAINST, ABSTAIN, absent=3), True),  # 3 of 5 present
        (seats(ABSTAIN, ABSTAIN, ABSTAIN), False),
    ],
)
def test_more_than_half_of_those_present_carry(kind, given, passed):
    assert rule.outcome(given, TODAY, FAMILY[kind]).passed is passed


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        (seats(), False),  # an empty group is not everybody
        (seats(FOR, FOR, recused=1), False),
        (seats(FOR, FOR, absent=5), False),  # a quorum of 3 is 3
        (seats(FOR, FOR, FOR), True),
    ],
)
def test_below_the_quorum_nothing_is_decided(given, enough):
    if enough:
        assert rule.outcome(given, TODAY, "pharmacy").present == 3
        return
    with pytest.raises(Refused, match="不足法定人数 3 人"):
        rule.outcome(given, TODAY, "pharmacy")


def test_the_count_is_said_in_figures():
    found = rule.outcome(seats(FOR, FOR, AGAINST, ABSTAIN), TODAY, "medical")
    said = "到会表决 4 人，同意 2，不同意 1，弃权 1"
    assert found.why == f"{said}；须到会不少于 3 人、同意超过到会人数的 50%，不通过"
    assert "请按本地文件核对" in found.basis


def test_which_measures_are_major_is_data(kind):
    family = FAMILY[kind]
    assert rule.major("suspend", TODAY, family) is None
    assert rule.major("terminate", TODAY, family).confidence == "local"


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.fixture
def case(agreement, staff, kind):
    """Reviewed, not discussed."""
    row = made.case(agreement, staff, on=TODAY, measure="terminate", number=ILLEGAL[kind])
    made.heard(row, staff, on=TODAY)
    violations.propose(row, opinion="建议解除。", actor=staff[Role.INSPECTOR], on=TODAY)
    violations.review(row, opinion="同意。", actor=staff[Role.REVIEWER], on=TODAY)
    session.flush()
    return row


TEAM = (Role.LEADER, Role.CHIEF, Role.FINANCE)


def convened(case, staff, roles=TEAM, actor=Role.CHIEF):
    ids = [staff[role].id for role in roles]
    return act.convene(case, ids, actor=staff[actor], on=TODAY)


def vote_of(row, actor):
    return next(vote for vote in row.votes if vote.user_id == actor.id)


def cast(row, staff, ballot="for", roles=TEAM, remark="理由。"):
    for role in roles:
        act.cast(
            vote_of(row, staff[role]), ballot=ballot, remark=remark, actor=staff[role], on=TODAY
        )


def conclude(row, staff):
    return act.conclude(row, minutes="讨论记录。", actor=staff[Role.CHIEF], on=TODAY)


def approve(case, staff):
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)


def test_a_termination_is_approved_only_after_a_group_agreed(case, staff, agreement):
    with pytest.raises(Refused, match="须经集体讨论通过"):
        approve(case, staff)
    row = convened(case, staff)
    with pytest.raises(Refused, match="须经集体讨论通过"):
        approve(case, staff)
    cast(row, staff)
    assert conclude(row, staff) is True
    session.commit()
    told = session.scalars(select(Event).where(Event.subject_id == row.id, Event.verb == "carry"))
    assert "请按本地文件核对" in told.one().basis
    approve(case, staff)
    assert agreement.state == AgreementState.TERMINATED


def test_the_page_names_the_quorum_of_the_day_of_the_vote_not_of_the_day_it_was_called(
    app, case, staff, tmp_path
):
    row = convened(case, staff)
    cast(row, staff)
    session.commit()
    after = TODAY + timedelta(days=1)
    two = f"quorum: {{values: {{{after}: {{value: 2, source: house}}}}}}"
    with local_law.in_force(tmp_path, {"meeting.yaml": two}), clock.at(after):
        browser = client_for(app, staff[Role.LEADER])
        assert "<dd>2 人（" in browser.get(f"/collective-decisions/{row.id}").text
        conclude(row, staff)
        session.commit()
        assert "<dd>3 人（" in browser.get(f"/collective-decisions/{row.id}").text


def test_a_suspension_needs_no_group(db, staff, agreement):
    row = made.case(agreement, staff, on=TODAY)
    made.reviewed(row, staff, on=TODAY)
    approve(row, staff)
    assert agreement.state == AgreementState.SUSPENDED


def test_a_group_that_did_not_agree_stops_the_case_until_another_does(case, staff, agreement):
    row = convened(case, staff)
    cast(row, staff, "against")
    assert conclude(row, staff) is False
    with pytest.raises(Refused, match="不通过"):
        approve(case, staff)
    second = convened(case, staff)
    cast(second, staff)
    conclude(second, staff)
    approve(case, staff)
    assert [one.state for one in case.discussions] == ["rejected", "passed"]


def test_the_proposer_does_not_sit_in_it_and_too_few_cannot_begin(case, staff):
    with pytest.raises(Refused, match="不参加表决"):
        convened(case, staff, (*TEAM, Role.INSPECTOR))
    with pytest.raises(Refused, match="参会人员 2 人，不足法定人数 3 人"):
        convened(case, staff, TEAM[:2])
    with pytest.raises(Refused, match="参会人员 0 人"):
        convened(case, staff, ())
    assert ask.candidates(case)
    assert staff[Role.INSPECTOR].id not in {user.id for user in ask.candidates(case)}


def test_others_than_the_section_and_the_leader_convene_nothing(case, staff):
    for role in (Role.INSPECTOR, Role.REVIEWER, Role.BUREAU, Role.FINANCE):
        with pytest.raises(Denied):
            convened(case, staff, actor=role)


def test_neither_the_bureau_nor_other_regions_nor_a_closed_account_may_sit_in_it(db, case, staff):
    stranger = factories.user(Role.CHIEF, region="990999")
    gone = factories.user(Role.CHIEF)
    gone.disabled_on = TODAY
    db.flush()
    ids = {user.id for user in ask.candidates(case)}
    assert not ids & {stranger.id, gone.id, staff[Role.BUREAU].id}


def test_each_votes_once_and_only_for_oneself(case, staff):
    row = convened(case, staff)
    with pytest.raises(Denied):
        act.cast(
            vote_of(row, staff[Role.CHIEF]),
            ballot="for",
            remark="",
            actor=staff[Role.CLERK],
            on=TODAY,
        )
    with pytest.raises(Refused, match="本人"):
        act.cast(
            vote_of(row, staff[Role.CHIEF]),
            ballot="for",
            remark="",
            actor=staff[Role.LEADER],
            on=TODAY,
        )
    with pytest.raises(Refused, match="写明理由"):
        cast(row, staff, "against", (Role.CHIEF,), remark=" ")
    cast(row, staff, "for", (Role.CHIEF,))
    with pytest.raises(Refused, match="不能更改"):
        cast(row, staff, "against", (Role.CHIEF,))


def test_without_minutes_or_with_absent_members_below_the_quorum_there_is_no_result(case, staff):
    row = convened(case, staff)
    cast(row, staff, roles=TEAM[:2])
    with pytest.raises(Refused, match="不足法定人数"):
        conclude(row, staff)
    cast(row, staff, roles=TEAM[2:])
    with pytest.raises(Refused, match="讨论记录"):
        act.conclude(row, minutes=" ", actor=staff[Role.CHIEF], on=TODAY)
    assert row.state == CollectiveState.CONVENED


def test_who_steps_aside_loses_the_vote_and_the_case(app, case, staff):
    row = convened(case, staff, (*TEAM, Role.REVIEWER))
    finance, seat = staff[Role.FINANCE], vote_of(row, staff[Role.FINANCE])
    cast(row, staff, "for", (Role.FINANCE,))
    act.recuse(seat, reason="近亲属在该机构任职", actor=finance, on=TODAY)
    session.commit()
    assert (seat.ballot, may(finance, Permission.VOTE, row)) == (None, False)
    browser = client_for(app, finance)
    for path in (f"/cases/{case.id}", f"/collective-decisions/{row.id}"):
        assert browser.get(path).status_code == 403
    assert browser.get(f"/collective-decisions/votes/{seat.id}").status_code == 404
    assert post(browser, f"/collective-decisions/votes/{seat.id}", ballot="for").status_code == 404
    assert case.number not in browser.get("/cases").text
    assert row.number not in browser.get("/collective-decisions").text
    assert browser.get("/cases?format=csv").text.count("\n") == 1
    with pytest.raises(Refused, match="不足法定人数"):
        conclude(row, staff)


@pytest.fixture
def aside(app, case, staff):
    """The browser of a clerk who stepped aside, and of one who did not."""
    row = convened(case, staff, (*TEAM, Role.CLERK))
    clerk, other = staff[Role.CLERK], factories.user(Role.CLERK)
    act.recuse(vote_of(row, clerk), reason="利害关系", actor=clerk, on=TODAY)
    session.commit()
    return client_for(app, clerk), client_for(app, other)


def letter_of(case):
    return session.scalars(
        select(Document).where(Document.subject == "violation", Document.subject_id == case.id)
    ).one()


def test_who_steps_aside_reads_no_letter_and_no_line_about_the_case(app, aside, case, staff):
    own, others = aside
    letter, place, discussed = letter_of(case), case.institution_id, case.discussions[0].number
    words = (letter.number, case.number, discussed, "参会人员回避")
    texts = {
        f"/documents?q={letter.number}": letter.number,
        "/documents?format=csv": letter.number,
        f"/institutions/{place}?tab=letters": letter.number,
        f"/institutions/{place}?tab=cases": case.number,
        f"/institutions/{place}": "参会人员回避",
        f"/institutions/{place}?tab=log": "参会人员回避",
    }
    session.rollback()
    for path, word in texts.items():
        assert word in others.get(path).text, path
        shown = own.get(path)
        own_words = (
            f'value="{letter.number}"',
            f"关键字={letter.number}",
        )  # what was typed, said again
        text = shown.text
        for typed in own_words:
            text = text.replace(typed, "")
        said = [w for w in words if w in text]
        assert (shown.status_code, said) == (200, []), path
    for path in (f"/documents/{letter.id}", f"/documents/{letter.id}/file.pdf"):
        assert own.get(path).status_code == 404, path
    assert others.get(f"/documents/{letter.id}").status_code == 200


def test_who_steps_aside_serves_no_letter_of_the_case_and_does_not_close_it(aside, case, staff):
    path = f"/documents/{letter_of(case).id}/service"
    closing = [
        may(staff[role], Permission.RECORD_SERVICE, case) for role in (Role.CLERK, Role.INSPECTOR)
    ]
    assert closing == [False, True]
    session.rollback()
    given = {"served_on": TODAY.isoformat(), "method": "直接送达", "proof": "示例回证"}
    own, others = aside
    assert post(own, path, **given).status_code == 404
    assert post(others, path, **given).status_code == 303


def test_who_steps_aside_has_no_work_item_of_the_case_any_more(db, case, staff):
    row = convened(case, staff, (*TEAM, Role.REVIEWER))
    leader, filters = staff[Role.LEADER], [Filters(tab=tab) for tab in ("mine", "done")]

    def seen(actor):
        rows = [one for given in filters for one in worklist.rows(actor, given, on=TODAY)]
        figures = worklist.tab_counts(actor, on=TODAY)
        assert len(rows) == figures["mine"] + figures["done"]
        assert figures["mine"] == worklist.waiting_count(actor)
        return {(one.subject, one.number) for one in rows}

    assert {subject for subject, _ in seen(leader)} == {"violation", "vote"}
    act.recuse(vote_of(row, leader), reason="利害关系", actor=leader, on=TODAY)
    db.flush()
    assert seen(leader) == set()
    assert ("violation", case.number) in seen(staff[Role.REVIEWER])


def origins(agreement, case, staff):
    """Pages of others that lead to the case."""
    place = agreement.institution
    noticed = indications.note(
        agreement,
        ground=made.ground(place, "terminate", 7),
        facts_text="示例。",
        found_on=TODAY,
        actor=staff[Role.INSPECTOR],
        on=TODAY,
    )
    received = region_receipts.receive(agreement, LETTER, actor=staff[Role.CLERK], on=TODAY)
    stopped = made.suspended(agreement, staff, on=TODAY)
    unfiled = noted(place, staff, on=TODAY)
    for row in (noticed, received, stopped, unfiled):
        row.violation_id = case.id
    return [
        f"/indications/{noticed.id}",
        f"/region-notices/{received.id}",
        f"/suspensions/{stopped.id}",
        f"/amendments/unfiled/{unfiled.id}",
    ]


def test_no_page_leads_whoever_stepped_aside_to_the_case(aside, agreement, case, staff):
    paths, door = origins(agreement, case, staff), f'href="/cases/{case.id}"'
    session.commit()
    own, others = aside
    for path in paths:
        assert door in others.get(path).text, path
        shown = own.get(path)
        assert (shown.status_code, door in shown.text) == (200, False), path


def test_a_leader_who_stepped_aside_does_not_approve(case, staff):
    row = convened(case, staff, (*TEAM, Role.REVIEWER))
    act.recuse(
        vote_of(row, staff[Role.LEADER]), reason="利害关系", actor=staff[Role.LEADER], on=TODAY
    )
    cast(row, staff, roles=(Role.CHIEF, Role.FINANCE, Role.REVIEWER))
    conclude(row, staff)
    with pytest.raises(Denied):
        approve(case, staff)


def test_two_open_ones_at_once_are_refused_and_a_cancelled_one_makes_room(db, case, staff):
    row = convened(case, staff)
    with pytest.raises(Refused, match="正在进行"):
        convened(case, staff)
    act.cancel(row, reason="人员不齐", actor=staff[Role.CHIEF], on=TODAY)
    assert convened(case, staff).state == CollectiveState.CONVENED
    open_ones = db.scalars(
        select(WorkItem).where(WorkItem.subject == "vote", WorkItem.done.is_(False))
    )
    assert len(open_ones.all()) == 3


@pytest.mark.parametrize("verb", ["convene", "cast", "conclude", "cancel"])
def test_after_the_end_no_verb_goes_on(case, staff, verb):
    row = convened(case, staff)
    cast(row, staff)
    conclude(row, staff)
    approve(case, staff)
    verbs = {
        "convene": lambda: convened(case, staff),
        "cast": lambda: cast(row, staff, roles=TEAM[:1]),
        "conclude": lambda: conclude(row, staff),
        "cancel": lambda: act.cancel(row, reason="理由", actor=staff[Role.CHIEF], on=TODAY),
    }
    with pytest.raises(Refused):
        verbs[verb]()


def test_before_the_review_nothing_is_discussed(db, staff, agreement, kind):
    row = made.case(agreement, staff, on=TODAY, measure="terminate", number=ILLEGAL[kind])
    made.heard(row, staff, on=TODAY)
    with pytest.raises(Refused, match="复核通过"):
        convened(row, staff)


def test_through_the_doors_from_convening_to_the_approval(app, case, staff, agreement):
    session.commit()
    chief, leader = client_for(app, staff[Role.CHIEF]), client_for(app, staff[Role.LEADER])
    finance = client_for(app, staff[Role.FINANCE])
    assert "须经集体讨论通过" in leader.get(f"/cases/{case.id}").text
    refused = post(leader, f"/cases/{case.id}/approve", opinion="同意。")
    assert refused.status_code == 409
    members = [staff[role].id for role in TEAM]
    assert post(chief, f"/cases/{case.id}/discussions", members=members).status_code == 303
    row = session.scalars(select(CollectiveDecision)).one()
    page = f"/collective-decisions/{row.id}"
    seat = {vote.user_id: vote.id for vote in row.votes}
    session.rollback()
    for browser, role in ((chief, Role.CHIEF), (leader, Role.LEADER), (finance, Role.FINANCE)):
        path = f"/collective-decisions/votes/{seat[staff[role].id]}"
        assert path in browser.get("/worklist").text
        assert browser.get(path).status_code == 200
        given = {"ballot": "for", "remark": f"同意，{role}"}
        assert post(browser, path, **given).status_code == 303
    assert f"同意，{Role.FINANCE}" not in leader.get(page).text
    assert post(leader, f"{page}/conclusion", minutes="一致同意。").status_code == 303
    shown = finance.get(page).text
    assert "到会表决 3 人，同意 3" in shown
    assert f"同意，{Role.LEADER}" in shown
    assert post(leader, f"/cases/{case.id}/approve", opinion="同意。").status_code == 303
    session.expire_all()
    assert session.get(type(agreement), agreement.id).state == AgreementState.TERMINATED


def test_a_member_whose_account_is_closed_meanwhile_is_out(app, case, staff):
    row = convened(case, staff)
    session.commit()
    browser = client_for(app, staff[Role.FINANCE])
    session.get(User, staff[Role.FINANCE].id).disabled_on = date(2026, 6, 15)
    session.commit()
    path = f"/collective-decisions/votes/{row.votes[2].id}"
    assert browser.get(path).status_code == 302
