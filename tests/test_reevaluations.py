"""再次评估: three months from service, a round of its own, and a year's bar after the second fail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
import regulations
from actions import applications, evaluations, reevaluations
from database import session
from jobs import nightly
from models import Application, Ban, Document, Event, StatutoryClock
from queries import bans
from rules import reevaluation as rule
from rules.permissions import Role
from rules.refusal import Refused
from tests.conftest import TODAY
from tests.evaluation_world import House
from tests.web import client_for, post

DAY = timedelta(days=1)
# served on, first day of another evaluation: the same day three months later, or the month's last
SERVED = [
    (date(2026, 3, 16), date(2026, 6, 16)),
    (date(2025, 11, 30), date(2026, 2, 28)),
    (date(2026, 1, 31), date(2026, 4, 30)),
]


@pytest.fixture
def house(db, staff, kind):
    return House(staff, kind)


def failed(house, served: date | None = None) -> Application:
    """Failed once; served on the day, if any."""
    day = served or TODAY
    row = house.accepted(day)
    letter = house.judged(row, passed=False, on=day)
    if served:
        house.served(letter, served)
    return row


def retry(house, row, on, text="已整改到位"):
    reevaluations.retry(row, rectification=text, actor=house.owner, on=on)
    session.commit()


@pytest.mark.law("P3-08i", "M2-09")
@pytest.mark.parametrize(("served", "first"), SERVED)
def test_another_evaluation_is_asked_for_from_three_months_after_service(house, served, first):
    row = failed(house, served)
    assert row.retry_on == first
    with pytest.raises(Refused, match="整改期未满") as refused:
        retry(house, row, first - DAY)
    assert "令第" in refused.value.basis
    session.rollback()
    retry(house, row, first)
    assert (row.state, row.retried_on) == ("accepted", first)


@pytest.mark.law("P3-08i", "M2-09")
def test_the_day_after_and_any_later_day_will_do(house):
    row = failed(house, date(2026, 3, 16))
    retry(house, row, date(2026, 6, 16) + DAY)
    assert row.state == "accepted"


@pytest.mark.law("P3-08i", "M2-09")
def test_without_service_no_month_runs(house):
    row = failed(house)
    assert row.retry_on is None
    with pytest.raises(Refused, match="尚未送达"):
        retry(house, row, TODAY + timedelta(days=400))


@pytest.mark.law("P3-08i", "M2-09", refuses=True)
@pytest.mark.parametrize("family", ["pharmacy", "medical"])
def test_who_did_not_fail_by_evaluation_is_refused_with_the_article_and_told_the_way(family):
    law = regulations.at(TODAY, family)
    with pytest.raises(Refused, match="不是因评估不合格终结") as refused:
        rule.require_possible(rule.Fail(True, by_evaluation=False, retry_on=None), TODAY, law)
    article = {"pharmacy": "第八条", "medical": "第九条"}[family]
    assert article in refused.value.basis
    assert refused.value.cure == "请重新提出定点申请。"


def test_what_was_put_right_is_said(house):
    row = failed(house, date(2026, 3, 16))
    with pytest.raises(Refused, match="须写明整改情况"):
        retry(house, row, date(2026, 6, 16), " ")


def test_a_second_round_has_its_own_team_clock_letter_and_number(house):
    row = failed(house, date(2026, 3, 16))
    again = date(2026, 6, 16)
    with clock.at(again):
        retry(house, row, again)
        limits = session.scalars(
            select(StatutoryClock)
            .where(StatutoryClock.rule == "eval.max")
            .order_by(StatutoryClock.id)
        ).all()
        assert [(one.started_on, one.finished_on) for one in limits] == [
            (date(2026, 3, 16), date(2026, 3, 16)),
            (again, None),
        ]
        assert limits[1].due_on == date(2026, 9, 16)
        letter = house.judged(row, passed=True, on=again)
    assert [one.round for one in row.evaluations] == [1, 2]
    assert (row.state, letter.facts["passed"]) == ("passed", True)
    kinds = [one.kind for one in session.scalars(select(Document).order_by(Document.id))]
    assert kinds.count("acceptance") == kinds.count("evaluation_result") == 2


def barred(house, second: date) -> Application:
    row = failed(house, date(2026, 3, 16))
    with clock.at(date(2026, 6, 16)):
        retry(house, row, date(2026, 6, 16))
        letter = house.judged(row, passed=False, on=date(2026, 6, 16))
        assert "不得再次申请定点" in letter.facts["retry_rule"]
        assert row.state == "barred"
        house.served(letter, second)
    return row


@pytest.mark.law("P3-08i", "M2-09")
@pytest.mark.parametrize(
    ("served", "until"),
    [(date(2026, 6, 18), date(2027, 6, 18)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_a_second_fail_bars_for_a_year_from_the_service_of_its_result(house, served, until):
    barred(house, served)
    ban = session.scalars(select(Ban)).one()
    assert (ban.ground, ban.from_on, ban.until) == ("second_fail", served, until)
    assert "令第" in ban.basis
    for day in (served, until - DAY, until):
        with pytest.raises(Refused, match="再次评估仍不合格"):
            applications.open_draft(house.place, actor=house.owner, on=day)
    assert applications.open_draft(house.place, actor=house.owner, on=until + DAY).state == "draft"


@pytest.mark.law("P3-08i", "M2-09")
def test_the_bar_also_refuses_the_acceptance_and_says_why(house):
    barred(house, date(2026, 6, 18))
    hit = bans.against(house.place, date(2026, 7, 1))[0]
    assert hit.until == date(2027, 6, 18)
    assert hit.text == "本机构再次评估仍不合格，限制期至2027年6月18日。"
    assert bans.against(house.place, date(2027, 6, 19)) == ()


@pytest.mark.law("P3-08i", "M2-09")
def test_a_second_fail_that_was_not_served_bars_all_the_same(house):
    row = failed(house, date(2026, 3, 16))
    retry(house, row, date(2026, 6, 16))
    house.judged(row, passed=False, on=date(2026, 6, 16))
    with pytest.raises(Refused, match="尚未送达"):
        applications.open_draft(house.place, actor=house.owner, on=date(2030, 1, 2))
    assert session.scalars(select(Ban)).all() == []


def test_a_new_application_is_no_way_round_a_failed_one(house):
    failed(house, date(2026, 3, 16))
    for day in (date(2026, 3, 17), date(2026, 9, 1)):
        with pytest.raises(Refused, match="不能另行提出申请") as refused:
            applications.open_draft(house.place, actor=house.owner, on=day)
        assert "2026年6月16日起" in refused.value.cure


def test_nobody_is_evaluated_a_third_time(house):
    row = barred(house, date(2026, 6, 18))
    with pytest.raises(Refused, match="只有评估不合格"):
        retry(house, row, date(2027, 1, 4))


def test_a_standing_ban_stops_a_second_evaluation(house):
    row = failed(house, date(2026, 3, 16))
    day = date(2026, 6, 16)
    session.add(
        Ban(
            institution_id=house.place.id,
            ground="terminated_breach",
            basis="《示例》第一条",
            from_on=date(2026, 5, 1),
            until=date(2027, 5, 1),
        )
    )
    session.flush()
    with pytest.raises(Refused, match="不予受理"):
        retry(house, row, day)


# the night


def test_the_night_opens_the_window_on_its_day_once_and_catches_up(house):
    row = failed(house, date(2026, 3, 16))
    job, first = "open-retries", date(2026, 6, 16)
    assert nightly.run(job, first - DAY).done == []
    assert nightly.run(job, first + timedelta(days=10)).done == [row.id]
    assert nightly.run(job, first + timedelta(days=11)).done == []
    session.expire_all()
    told = session.scalars(select(Event).where(Event.verb == "open_retry")).all()
    assert [(event.day, event.role) for event in told] == [(first, "system")]
    assert session.get_one(Application, row.id).retry_told_on == first


def test_a_dry_night_tells_nobody(house):
    row = failed(house, date(2026, 3, 16))
    assert nightly.run("open-retries", date(2026, 6, 16), dry_run=True).done == [row.id]
    assert session.scalars(select(Event).where(Event.verb == "open_retry")).all() == []


# the portal


def test_the_portal_says_when_and_takes_the_request_from_its_day(app, house):
    row = failed(house, date(2026, 3, 16))
    one = f"/portal/applications/{row.id}"
    with clock.at(date(2026, 6, 15)):
        client = client_for(app, house.owner)
        assert "2026-06-16 起可以申请再次评估" in client.get(one).text
        assert client.get(f"{one}/retry").status_code == 404
        assert post(client, f"{one}/retry", text="样例").status_code == 409
    with clock.at(date(2026, 6, 16)):
        client = client_for(app, house.owner)
        assert "申请再次评估" in client.get("/portal/").text
        assert post(client, f"{one}/retry", text="").status_code == 400
        assert post(client, f"{one}/retry", text="已整改").status_code == 303
        session.expire_all()
        assert session.get_one(Application, row.id).rectification == "已整改"
        assert "已整改" in client_for(app, house.by(Role.CHIEF)).get(f"/applications/{row.id}").text


def test_a_neighbour_cannot_ask_for_it(app, house):
    row = failed(house, date(2026, 3, 16))
    from tests import factories

    stranger = factories.actor(Role.INSTITUTION, institution=factories.institution(house.kind))
    session.commit()
    with clock.at(date(2026, 6, 16)):
        client = client_for(app, stranger)
        assert post(client, f"/portal/applications/{row.id}/retry", text="样例").status_code == 404


def test_a_round_after_an_objection_is_no_second_fail(house):
    """Passed, objected to, evaluated again: its first fail is a first fail."""
    from tests.test_notices import objected, said

    row = house.posted()
    objected(house, row, upheld=True, outcome="evaluate_again")
    assert (row.state, said(row)) == ("accepted", "evaluate_again")
    evaluation = house.started(row)
    house.signed(evaluation, failing=house.items(evaluation)[0])
    evaluations.confirm(
        evaluation, passed=False, reasons="样例", advice="样例",
        actor=house.by(Role.REVIEWER), on=TODAY,
    )  # fmt: skip
    assert row.state == "failed"
