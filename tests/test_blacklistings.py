"""严重失信主体名单 and 信用承诺: heard first, decided by a group, for a term; off by correction or by the night."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import blacklistings as act
from actions import credit_pledges, cycles, letters
from database import session
from models import Proposal, Rating, StatutoryClock
from queries import blacklistings as ask
from queries import credit_honesty, indications, proposals, refusals
from queries import credit_pledges as ask_pledges
from queries.credit_period import Period
from rules import blacklistings as rule
from rules.blacklistings import BlacklistSubject as Who
from rules.blacklistings import RemovalCause
from rules.collective import Ballot
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_cycle
from tests import factories_agreement as agreements
from tests import factories_blacklist as made
from tests.conftest import TODAY
from tests.web import client_for, post

DAY, ONE = made.DAY, timedelta(days=1)
VIEWS_DUE = date(2026, 6, 8)  # five working days after Monday 1 June
UNTIL = date(2029, 6, 1)  # thirty-six months after 1 June 2026
FIRST_REQUEST = date(2026, 12, 1)  # six months after it


def served(row, day=DAY):
    (letter,) = letters.of(row, "blacklist_notice")
    letter.served_on, letter.service_method = day, "当面"
    session.flush()


def test_an_institution_is_listed_after_it_was_told_heard_and_discussed(db, staff, kind):
    row = made.reached(kind, staff, "noticed")
    assert row.views_due_on == VIEWS_DUE
    act.hear(row, text="系统操作失误。", actor=staff[Role.CLERK], on=DAY)
    assert act.decide(row, made.seats(staff), minutes="清楚。", actor=staff[Role.CHIEF], on=DAY)
    assert row.result.startswith("到会表决 3 人，同意 3")
    act.enlist(row, actor=staff[Role.LEADER], on=DAY)
    assert (row.until, row.public_until) == (UNTIL, UNTIL)
    (letter,) = letters.of(row, "blacklist_listing")
    assert letter.facts["removal_from"] == FIRST_REQUEST.isoformat()
    assert ask.of_institution(row.place_id, DAY) is row
    assert ask.of_institution(row.place_id, DAY - ONE) is None


@pytest.mark.parametrize("who", Who)
def test_every_kind_of_subject_can_be_listed_and_is_known_by_an_index(db, staff, who):
    row = made.reached("hospital", staff, "listed", who)
    assert (row.institution_id is None) == (who is Who.INSURED)
    letter = letters.of(row, "blacklist_listing")[0]
    assert letter.facts["personal"] == (who is not Who.INSTITUTION)
    assert (letter.facts["public_until"] is None) == (who is Who.INSURED)
    number = row.subject_index if who is not Who.INSTITUTION else "x"
    assert [one.id for one in ask.of_people([number], DAY)] == ([row.id] if number != "x" else [])


@pytest.mark.parametrize(("day", "heard"), [(VIEWS_DUE, False), (VIEWS_DUE + ONE, True)])
def test_nobody_is_discussed_unheard_before_the_served_days_are_over(db, staff, day, heard):
    row = made.reached("pharmacy", staff, "noticed")
    served(row)
    given = {"minutes": "清楚。", "actor": staff[Role.CHIEF], "on": day}
    if heard:
        assert act.decide(row, made.seats(staff), **given)
        return
    with pytest.raises(Refused, match="尚未届满"):
        act.decide(row, made.seats(staff), **given)


def test_a_group_that_does_not_agree_drops_it_and_the_proposer_never_votes(db, staff, kind):
    row = made.reached(kind, staff, "noticed")
    act.hear(row, text="无。", actor=staff[Role.CLERK], on=DAY)
    given = {"minutes": "证据不足。", "actor": staff[Role.CHIEF], "on": DAY}
    proposer = act.Sat(staff[Role.INSPECTOR].id, "甲", Ballot.FOR)
    with pytest.raises(Refused, match="不参加表决"):
        act.decide(row, [*made.seats(staff), proposer], **given)
    with pytest.raises(Refused, match="不足法定人数"):
        act.decide(row, made.seats(staff)[:2], **given)
    assert not act.decide(row, made.seats(staff, Ballot.AGAINST), **given)
    assert (row.state, row.reason.startswith("集体讨论不通过")) == ("dropped", True)


def test_three_persons_propose_review_and_approve(db, staff, kind):
    row = made.proposed(kind, staff)
    inspector = staff[Role.INSPECTOR]
    with pytest.raises(Denied):
        act.notify(row, actor=inspector, on=DAY)
    row = made.reached(kind, staff, "decided")
    with pytest.raises(Denied):
        act.enlist(row, actor=staff[Role.REVIEWER], on=DAY)


def test_a_subject_stands_on_the_list_once(db, staff, kind):
    row = made.reached(kind, staff, "listed")
    with pytest.raises(Refused, match="已在名单内"):
        made.proposed(kind, staff, place=row.place)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"facts_text": " "}, "事实"),
        ({"act_ended_on": DAY + ONE}, "晚于今天"),
        ({"act_ended_on": date(2021, 5, 31)}, "超过 60 个月"),
        ({"ground": "person"}, "不适用"),
        ({"ground": "forged_medical"}, "不适用"),
    ],
)
def test_a_proposal_without_ground_facts_or_a_recent_act_is_refused(db, staff, changes, why):
    with pytest.raises(Refused, match=why):
        made.proposed("pharmacy", staff, **changes)
    assert made.proposed("pharmacy", staff, act_ended_on=date(2021, 6, 1)).state == "proposed"


def test_an_insured_person_needs_a_valid_number_and_a_person_belongs_to_the_place(db, staff):
    place = factories.institution("hospital")
    for who, changes in ((Who.INSURED, {"id_number": "1"}), (Who.PRACTITIONER, {"person": 0})):
        with pytest.raises(Refused):
            made.proposed("hospital", staff, who, place=place, **changes)


@pytest.mark.parametrize(
    ("ended", "public"),
    [(date(2026, 3, 31), date(2029, 6, 1)), (date(2022, 3, 31), date(2027, 3, 31))],
)
def test_an_entry_is_public_for_at_most_five_years_from_the_end_of_the_act(ended, public):
    assert rule.term(DAY, ended).public_until == public


@pytest.mark.parametrize("day", [FIRST_REQUEST - ONE, FIRST_REQUEST])
def test_removal_is_asked_for_after_the_shortest_time_and_answered_in_three_days(db, staff, day):
    row = made.reached("hospital", staff, "listed")
    said = {"correction": "已退款。", "corrected_on": DAY, "actor": staff[Role.CLERK], "on": day}
    if day < FIRST_REQUEST:
        with pytest.raises(Refused, match="未满 6 个月"):
            act.request(row, **said)
        return
    act.request(row, **said)
    clock = session.query(StatutoryClock).filter_by(rule="blacklist.removal").one()
    assert clock.due_on == date(2026, 12, 4)  # three working days after Tuesday 1 December
    act.keep(row, reason="退款没有到账。", actor=staff[Role.REVIEWER], on=day)
    assert (row.state, clock.finished_on) == ("listed", day)
    assert letters.of(row, "blacklist_removal")[0].facts["granted"] is False
    act.request(row, **said)
    act.remove(row, actor=staff[Role.REVIEWER], on=day)
    assert (row.cause, row.removed_on) == (RemovalCause.CORRECTED, day)
    assert ask.of_institution(row.place_id, day) is None
    assert ask.of_institution(row.place_id, day - ONE) is row


@pytest.mark.parametrize("day", [UNTIL, UNTIL + ONE])
def test_the_night_takes_off_whoever_has_served_the_term(db, staff, kind, day):
    row = made.reached(kind, staff, "listed")
    done = day > UNTIL
    assert (ask.ending(day), act.expire(row.id, day).done) == ([row.id] if done else [], done)
    assert (row.state == "removed", row.cause) == (done, RemovalCause.TERM if done else None)
    assert act.expire(row.id, day).done is False
    assert ask.of_institution(row.place_id, UNTIL) is row
    assert ask.of_institution(row.place_id, UNTIL + ONE) is None


def test_a_wrong_entry_is_revoked_by_the_leader_with_the_reason(db, staff, kind):
    row = made.reached(kind, staff, "listed")
    with pytest.raises(Refused, match="理由"):
        act.revoke(row, reason=" ", actor=staff[Role.LEADER], on=DAY)
    act.revoke(row, reason="认定有误。", actor=staff[Role.LEADER], on=DAY)
    assert (
        ask.of_institution(row.place_id, row.listed_on) is None
    )  # wrong from the beginning: it counts on no day
    assert letters.of(row, "blacklist_removal")[0].facts["cause"] == "撤销列入"


def test_a_pledge_is_signed_once_and_a_breach_is_confirmed_by_another(db, staff, kind):
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    row = made.signed(place, actor=owner)
    with pytest.raises(Refused, match="不需要重复签署"):
        made.signed(place, actor=owner)
    said = {"facts_text": "逾期整改。", "evidence": "", "actor": staff[Role.CLERK], "on": DAY}
    with pytest.raises(Refused, match="签署之后"):
        credit_pledges.allege(row, found_on=DAY - ONE, **said)
    credit_pledges.allege(row, found_on=DAY, **said)
    with pytest.raises(Denied):
        credit_pledges.confirm(row, actor=staff[Role.CLERK], on=DAY)
    credit_pledges.dismiss(row, reason="已经整改。", actor=staff[Role.REVIEWER], on=DAY)
    assert row.state == "signed"
    credit_pledges.allege(row, found_on=DAY, **said)
    credit_pledges.confirm(row, actor=staff[Role.REVIEWER], on=DAY)
    assert (row.state, ask_pledges.standing(place.id)) == ("breached", None)
    assert made.signed(place, actor=owner).state == "signed"


@pytest.mark.parametrize(
    ("day", "listed"), [(DAY - ONE, False), (DAY, True), (UNTIL, True), (UNTIL + ONE, False)]
)
def test_the_list_is_a_fact_of_the_rating_and_refuses_an_application(db, staff, kind, day, listed):
    row = made.reached(kind, staff, "listed")
    broken = made.breached(row.place, staff)
    period = Period(row.pooling_region, date(2026, 1, 1), day, scheme=None)
    (blacklisted, pledges) = (one.read(period, []) for one in credit_honesty.SOURCES)
    entry = {row.place_id: {"blacklisted": True, "blacklist_evidence": row.number}}
    assert blacklisted == (entry if listed else {})
    told = {"pledges_signed": 0, "pledges_breached": 1, "breach_evidence": broken.number}
    assert pledges == ({row.place_id: told} if day >= DAY else {})
    hits = [hit for hit in refusals.hits(row.place, day) if hit.fact == "blacklisted"]
    assert len(hits) == listed
    assert all(row.number in hit.text for hit in hits)


def test_a_person_in_office_on_the_list_refuses_the_application_and_points_to_a_ground(
    db, staff, kind
):
    place = factories.institution(kind)
    agreement = agreements.concluded(place)
    row = made.reached(kind, staff, "listed", Who.LEGAL_REPRESENTATIVE, place=place)
    (hit,) = (one for one in refusals.hits(place, DAY) if one.fact == "untrustworthy")
    assert (row.number in hit.text, hit.person) == (True, row.person_name)
    assert indications.due(DAY) == [agreement.id]
    (fact,) = indications.fresh(agreement, DAY)
    assert fact.reference == f"blacklisting:{row.id}"
    assert refusals.hits(place, UNTIL + ONE) == ()


@pytest.mark.parametrize("who", Who)
def test_the_public_sees_of_each_subject_what_the_table_lets_out(app, staff, who):
    row = made.reached("hospital", staff, "listed", who, on=TODAY)
    session.commit()
    page = app.test_client().get("/public/blacklist").text
    number, name = row.number in page, row.person_name in page if row.person_name else None
    code = row.place.uscc in page
    assert (number, name, code) == {
        Who.INSTITUTION: (True, None, True),
        Who.LEGAL_REPRESENTATIVE: (True, True, False),
        Who.PRACTITIONER: (True, False, False),
        Who.INSURED: (False, False, False),
    }[who]


@pytest.mark.once
def test_the_institution_answers_and_sees_neither_persons_nor_what_it_was_not_told(app, staff):
    place = factories.institution("pharmacy")
    told = made.reached("pharmacy", staff, "noticed", place=place, on=TODAY)
    person = made.reached("pharmacy", staff, "listed", Who.LEGAL_REPRESENTATIVE, place=place)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    session.commit()
    window = client_for(app, owner)
    assert person.person_name not in window.get("/portal/documents").text
    letter = letters.of(person, "blacklist_listing")[0]
    assert window.get(f"/portal/documents/{letter.id}").status_code == 404
    base, version = "/portal/credit/entries", {"version": told.version}
    assert post(window, f"{base}/{person.id}/views", text="不服").status_code == 404
    assert post(window, f"{base}/{told.id}/views", text="系统故障", **version).status_code == 303
    page = window.get("/portal/credit").text
    assert ("系统故障" in page, told.number in page, person.number in page) == (True, True, False)
    assert post(window, "/portal/credit/pledge", signer="样例代表人").status_code == 409
    assert post(window, "/portal/credit/pledge", signer="样例代表人", read="y").status_code == 303
    public = app.test_client().get("/public/pledges").text
    assert (place.name in public, "履行中" in public) == (True, True)


@pytest.mark.once
def test_an_adopted_proposal_is_in_force_from_its_day_and_a_newer_one_only_when_adopted(db, staff):
    place = factories_cycle.quiet("pharmacy")
    first = factories_cycle.published(staff)
    row = proposal(first, place)
    day = row.state_since
    assert proposals.in_force(place.id, "prepayment", on=day) is None
    cycles.decide(row, "adopt", actor=staff[Role.LEADER], on=day)
    found = proposals.in_force(place.id, "prepayment", on=day)
    assert (found.value, found.since, found.proposal_id) == (row.value, day, row.id)
    assert proposals.in_force(place.id, "prepayment", on=day - ONE) is None
    assert [label for label, _ in proposals.all_in_force(place.id, on=day)] == ["基金预付建议"]


def proposal(cycle, place):
    query = select(Proposal).join(Rating).where(Rating.cycle_id == cycle.id)
    query = query.where(Rating.institution_id == place.id, Proposal.use == "prepayment")
    return session.scalars(query).one()
