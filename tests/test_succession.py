"""The next agreement of an institution: when it begins, when it ends, and when it is refused."""

from __future__ import annotations

from datetime import date

import pytest

from actions import agreements as act
from actions import (
    dependent_agreements,
    lapses,
    negotiations,
    signatures,
    terminations,
    voluntary_exits,
    withdrawals,
)
from models import Withdrawal
from queries import agreement_terms, eligibility
from rules import standing, terms
from rules.lifecycle import AgreementState
from rules.permissions import SYSTEM, Denied, Role
from rules.refusal import Refused
from tests import factories, factories_agreement

TO = date(2026, 12, 31)
ON = date(2026, 10, 12)  # a Monday within the last three months of the term


@pytest.mark.pure
@pytest.mark.law("P3-09b", "M2-10")
@pytest.mark.parametrize(
    ("term_from", "term_to"),
    [
        (date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 1, 31), date(2027, 1, 30)),
        (date(2027, 3, 1), date(2028, 2, 29)),  # the term ends on the leap day
        (date(2028, 2, 28), date(2029, 2, 27)),
        (date(2028, 2, 29), date(2029, 2, 28)),  # no 29 February: the month's last day
        (date(2028, 3, 1), date(2029, 2, 28)),
    ],
)
def test_a_term_of_a_year_ends_the_day_before_the_same_day(term_from, term_to):
    assert terms.last_day(term_from, 12) == term_to


@pytest.mark.pure
def test_two_terms_that_follow_one_another_leave_no_day_out():
    first = terms.last_day(date(2028, 2, 29), 12)
    assert terms.next_from(first) == date(2029, 3, 1)
    assert terms.last_day(date(2029, 3, 1), 12) == date(2030, 2, 28)


@pytest.fixture
def previous(db, kind):
    return factories_agreement.concluded(factories.institution(kind))


def test_the_next_agreement_begins_the_day_after_and_is_not_signed(previous, staff):
    following = act.offer_next(previous, actor=staff[Role.CLERK], on=ON)
    assert (following.term_from, following.term_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert following.state == "offered"
    assert following.previous is previous
    assert following.application is None
    assert (following.institution_signer, following.institution_signed_on) == ("", None)
    assert (following.agency_signer, following.agency_signed_on) == ("", None)


def test_the_next_agreement_is_signed_like_the_first(previous, staff):
    owner = factories.actor(Role.INSTITUTION, institution=previous.institution)
    following = act.offer_next(previous, actor=staff[Role.CLERK], on=ON)
    signatures.sign_for_institution(
        following, read=True, mandate="示例授权书1号", actor=owner, on=ON
    )
    signatures.countersign(following, actor=staff[Role.LEADER], on=ON)
    assert following.state == "concluded"


def test_a_second_next_agreement_is_refused(previous, staff):
    first = act.offer_next(previous, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match=first.number):
        act.offer_next(previous, actor=staff[Role.CLERK], on=ON)


@pytest.mark.parametrize("term_from", [date(2026, 12, 31), date(2027, 1, 2)])
def test_a_next_agreement_neither_overlaps_nor_leaves_a_gap(previous, staff, term_from):
    with pytest.raises(Refused, match="2027-01-01"):
        act.offer_next(previous, term_from=term_from, actor=staff[Role.CLERK], on=ON)


def test_a_suspended_agreement_is_not_followed(previous, staff):
    factories_agreement.suspended(previous, staff, on=ON, served=ON)
    with pytest.raises(Refused, match="中止状态"):
        act.offer_next(previous, actor=staff[Role.CLERK], on=ON)


@pytest.mark.parametrize(
    ("state", "words"),
    [("terminated", "已经解除"), ("lapsed", "已经终止"), ("offered", "还没有签订")],
)
def test_an_agreement_that_does_not_hold_is_not_followed(previous, staff, state, words):
    if state == "lapsed":
        lapses.lapse(previous, ended_on=ON, reason="示例", basis="示例", actor=SYSTEM, on=ON)
    else:
        previous.state = AgreementState(state)
    with pytest.raises(Refused, match=words):
        act.offer_next(previous, actor=staff[Role.CLERK], on=ON)


def test_the_last_day_of_the_term_is_still_in_time_and_the_next_is_not(previous, staff):
    late = date(2027, 1, 1)
    with pytest.raises(Refused, match="已经到期"):
        act.offer_next(previous, actor=staff[Role.CLERK], on=late)
    assert act.offer_next(previous, actor=staff[Role.CLERK], on=TO).term_from == late


def test_only_a_clerk_of_the_region_offers_the_next_agreement(previous, staff):
    with pytest.raises(Denied):
        act.offer_next(previous, actor=staff[Role.REVIEWER], on=ON)
    with pytest.raises(Denied):
        act.offer_next(previous, actor=factories.actor(Role.CLERK, region="990999"), on=ON)


# 解除 takes along what would follow: nobody is designated by a paper that was signed beforehand


def _following(previous, staff, state):
    found = act.offer_next(previous, actor=staff[Role.CLERK], on=ON)
    if state != "offered":
        owner = factories.actor(Role.INSTITUTION, institution=previous.institution)
        signatures.sign_for_institution(
            found, read=True, mandate="示例授权书1号", actor=owner, on=ON
        )
    if state == "concluded":
        signatures.countersign(found, actor=staff[Role.LEADER], on=ON)
    assert found.state == state
    return found


def _terminated(previous, staff):
    number = 9 if previous.institution.kind.family == "pharmacy" else 6
    ground = factories_agreement.ground(previous.institution, "terminate", number)
    decision = terminations.Decision(ground, "经查属实。", ON, ON)
    terminations.terminate(previous, decision, actor=staff[Role.LEADER], on=ON)


def _left(previous, _staff):
    row = Withdrawal(
        number="TC-T1", institution=previous.institution, agreement=previous, state="agreed",
        state_since=ON, act="terminate", reason="歇业。", basis="示例", requested_on=ON, from_on=ON,
    )  # fmt: skip
    voluntary_exits.terminate(row, actor=SYSTEM, on=ON)


@pytest.mark.parametrize("way", [_terminated, _left])
@pytest.mark.parametrize(
    ("state", "then"),
    [("offered", "failed"), ("countersigning", "failed"), ("concluded", "lapsed")],
)
def test_with_an_agreement_that_is_terminated_the_following_one_is_over(
    previous, staff, way, state, then
):
    following = _following(previous, staff, state)
    way(previous, staff)
    assert (previous.state, following.state) == ("terminated", then)
    first = following.term_from
    word = standing.standing(agreement_terms.facts_of(following), first).word
    assert word in (standing.Word.LAPSED, standing.Word.NONE)
    verdict = eligibility.of_service(previous.institution, None, first)
    assert verdict.payable is False


@pytest.mark.parametrize("way", [_terminated, _left])
@pytest.mark.parametrize("state", ["countersigning", "concluded"])
def test_what_stands_on_an_agreement_ends_with_it_signed_or_half_signed(
    previous, staff, way, state
):
    beside = dependent_agreements.supplement(
        previous, covers="示例互联网医院", term_from=ON, actor=staff[Role.CLERK], on=ON
    )
    negotiations.send(beside, actor=staff[Role.CLERK], on=ON)
    owner = factories.actor(Role.INSTITUTION, institution=previous.institution)
    signatures.sign_for_institution(beside, read=True, mandate="示例授权书1号", actor=owner, on=ON)
    if state == "concluded":
        signatures.countersign(beside, actor=staff[Role.LEADER], on=ON)
    way(previous, staff)
    assert beside.state == {"countersigning": "failed", "concluded": "lapsed"}[state]


def test_an_institution_that_signed_the_next_agreement_cannot_say_it_will_not_renew(
    previous, staff
):
    following = act.offer_next(previous, actor=staff[Role.CLERK], on=date(2026, 9, 30))
    owner = factories.actor(Role.INSTITUTION, institution=previous.institution)
    with pytest.raises(Refused, match=following.number):
        withdrawals.request(
            previous,
            act="not_renew",
            reason="歇业。",
            from_on=None,
            actor=owner,
            on=date(2026, 9, 30),
        )
