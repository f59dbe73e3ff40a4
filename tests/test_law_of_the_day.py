"""Each question is judged by the law of its own day: a second edition changes nothing that lies before it."""

from datetime import date
from types import SimpleNamespace

import pytest

import regulations
from actions import evaluations
from rules import collective, indications, lookalikes, measures, renewals, suspensions, withdrawals
from rules.checks import Result
from rules.collective import Ballot, Seat
from rules.conditions import lines
from rules.kinds import InstitutionKind
from rules.refusal import Refused
from rules.suspensions import End, SuspensionFacts
from rules.withdrawals import ExitAct, ExitFacts
from tests import local_law
from tests import test_conditions as made

pytestmark = pytest.mark.pure
BEFORE, FROM = date(2026, 5, 31), date(2026, 6, 1)  # the second edition is in force from 1 June
FAMILY = {"hospital": "medical", "pharmacy": "pharmacy"}
KIND = {"hospital": InstitutionKind.GENERAL_HOSPITAL, "pharmacy": InstitutionKind.RETAIL_PHARMACY}

VALUES = {
    "apply.yaml": {"mi.min_physician": 2, "reskin_within": 3},
    "agreement.yaml": {"suspend_max": 90, "suspend_count_terminate": 1, "renew_window": 4},
    "meeting.yaml": {"quorum": 2, "majority": 66},
}
ROWS = """rows:
  PH08_01: {kind: pharmacy, since: 2026-06-01, source: house, number: 1, specialty: insurance, label: 新的第一项}
  MI09_01: {kind: medical, since: 2026-06-01, source: house, number: 1, specialty: insurance, label: 新的第一项}
"""
ENDS = """rows:
  PH39_suspended_too_long: {kind: pharmacy, since: 2026-06-01, source: house, article: 新条, outcome: lapse, ban: none, label: 新}
  MI42_suspended_too_long: {kind: medical, since: 2026-06-01, source: house, article: 新条, outcome: lapse, ban: none, label: 新}
  PH39_expired_suspended: {kind: pharmacy, since: 2026-06-01, source: house, article: 新条, outcome: lapse, ban: none, label: 新}
  MI42_expired_suspended: {kind: medical, since: 2026-06-01, source: house, article: 新条, outcome: lapse, ban: none, label: 新}
"""


@pytest.fixture(scope="module", autouse=True)
def edition(tmp_path_factory):
    """A county whose own rules begin on 1 June."""
    files = {
        name: "".join(
            f"{key}: {{values: {{{FROM}: {{value: {value}, source: house}}}}}}\n"
            for key, value in values.items()
        )
        for name, values in VALUES.items()
    }
    files |= {"tables/evaluation_items.yaml": ROWS, "tables/end_reasons.yaml": ENDS}
    with local_law.in_force(tmp_path_factory.mktemp("county"), files):
        yield


@pytest.mark.parametrize(
    ("day", "result"), [(BEFORE, Result.FINE), (FROM, Result.AGAINST)], ids=["before", "from"]
)
def test_how_many_physicians_is_data(day, result):
    found = {one.key: one for one in lines(made.hospital(), {}, on=day)}
    assert found["MI06_02"].result is result


@pytest.mark.parametrize(("day", "passed"), [(BEFORE, True), (FROM, False)])
def test_a_vote_is_counted_by_the_law_of_the_day_it_is_counted(kind, day, passed):
    """5 of 8 is 62.5 %: more than half, not more than 66 %."""
    ballots = [Ballot.FOR] * 5 + [Ballot.AGAINST] * 3
    found = collective.outcome([Seat("员", ballot=one) for one in ballots], day, FAMILY[kind])
    assert found.passed is passed
    assert ("50%" if passed else "66%") in found.why


@pytest.mark.parametrize(("day", "enough"), [(BEFORE, False), (FROM, True)])
def test_a_quorum_too(kind, day, enough):
    two = [Seat("员", ballot=Ballot.FOR)] * 2
    if enough:
        assert collective.outcome(two, day, FAMILY[kind]).passed
        return
    with pytest.raises(Refused, match="不足法定人数 3 人"):
        collective.outcome(two, day, FAMILY[kind])


@pytest.mark.parametrize(
    ("from_on", "last"), [(BEFORE, date(2026, 11, 27)), (FROM, date(2026, 8, 30))]
)
def test_a_suspension_keeps_the_longest_time_of_the_day_it_began(kind, from_on, last):
    """31 May + 180 days is 27 November; 1 June + 90 days is 30 August."""
    assert suspensions.last_day(from_on, FAMILY[kind]) == last


def paused(family, from_on, to_on=None, term_to=date(2026, 12, 31)):
    return SuspensionFacts(family, from_on, to_on, term_to, served_on=from_on)


@pytest.mark.parametrize(
    ("from_on", "new"), [(date(2025, 12, 2), False), (date(2025, 12, 3), True)]
)
def test_an_end_by_itself_cites_the_law_of_its_own_day_not_of_the_night_that_was_late(
    kind, from_on, new
):
    """2 December + 180 days is 31 May, over on 1 June; a day earlier it is over on 31 May."""
    began = from_on if new else from_on.replace(day=1)
    verdict = suspensions.overdue(paused(FAMILY[kind], began), date(2026, 6, 20))
    assert (verdict.end, "新条" in verdict.basis) == (End.LAPSE, new)


@pytest.mark.parametrize(("to_on", "new"), [(date(2026, 5, 30), False), (date(2026, 5, 31), True)])
def test_so_does_a_period_that_outlived_the_term(kind, to_on, new):
    facts = paused(FAMILY[kind], date(2026, 5, 1), to_on, term_to=to_on)
    verdict = suspensions.ended(facts, date(2026, 6, 20))
    assert (verdict.end, "新条" in verdict.basis) == (End.LAPSE, new)


@pytest.mark.parametrize(("day", "noticed", "fewest"), [(BEFORE, False, 2), (FROM, True, 1)])
def test_how_often_is_too_often_is_asked_of_the_day(kind, day, noticed, fewest):
    found = indications.suspended_often([date(2026, 3, 1)], day, FAMILY[kind])
    assert (found is not None) is noticed
    assert indications.fewest_suspensions(day) == fewest


@pytest.mark.parametrize(("began", "name"), [(BEFORE, ""), (FROM, "新的第一项")])
def test_an_evaluation_keeps_the_items_of_the_day_it_began(kind, began, name):
    """Confirmed long after the second edition: what was asked is what is answered."""
    keys = [row.key for row in regulations.at(began, FAMILY[kind]).table("evaluation_items")]
    opinion = [{"key": key, "passed": True, "remark": ""} for key in keys]
    row = SimpleNamespace(
        started_on=began,
        institution=SimpleNamespace(kind=KIND[kind]),
        opinions=[SimpleNamespace(items=opinion)],
    )
    found = evaluations.results(row)[0].name
    assert (found == "新的第一项") is bool(name)


@pytest.mark.parametrize(("day", "opens"), [(BEFORE, date(2026, 6, 30)), (FROM, date(2026, 8, 31))])
def test_a_window_that_is_local_is_not_cited_as_the_order(kind, day, opens):
    """Six months, from June four months, before 31 December."""
    with pytest.raises(Refused, match=f"续签窗口 {opens} 开放") as caught:
        renewals.check_application(date(2026, 12, 31), day, FAMILY[kind])
    assert "令第" not in caught.value.basis
    assert "请按本地文件核对" in caught.value.cure


def test_looking_back_for_a_re_opened_shop_is_data_too():
    assert [lookalikes.looked_back_to(day) for day in (BEFORE, FROM)] == [
        date(2021, 5, 31),
        date(2023, 6, 1),
    ]


@pytest.mark.parametrize(
    ("from_on", "last"), [(date(2026, 5, 31), "2026-11-27"), (date(2026, 6, 1), "2026-08-30")]
)
def test_a_pause_without_end_is_told_the_last_day_and_the_article(kind, from_on, last):
    facts = ExitFacts(
        ExitAct.SUSPEND, FAMILY[kind], "民营", date(2026, 1, 5), date(2026, 12, 31), from_on
    )
    with pytest.raises(Refused, match="写明截止日期") as caught:
        withdrawals.check(facts)
    assert last in caught.value.cure
    assert bool(caught.value.basis)


@pytest.mark.parametrize(
    ("measure", "articles"),
    [("suspend", ("第四十二条", "第三十九条")), ("terminate", ("第四十三条", "第四十条"))],
)
def test_a_ground_that_is_not_listed_is_refused_with_the_whole_article(kind, measure, articles):
    with pytest.raises(Refused) as caught:
        measures.named_ground("XX", measure, BEFORE, FAMILY[kind])
    assert caught.value.basis.endswith(articles[kind == "pharmacy"])
