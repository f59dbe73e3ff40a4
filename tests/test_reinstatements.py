"""恢复支付资格申请: what ends by itself and what on application, from which day, who is told; both kinds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import practitioners as people
from actions import qualification_measures as measures
from actions import reinstatements as act
from models import Document, Hold, WorkItem
from queries import points_ledger, practitioners, qualification_measures
from queries import reinstatements as ask
from queries.paging import Asked
from rules import qualification, registrations
from rules import reinstatements as rule
from rules.permissions import Denied, Role
from rules.qualification import Measure, Status
from rules.refusal import Refused
from tests import factories
from tests import factories_points as points
from tests import factories_practitioner as make

JUNE = make.JUNE
OVER = date(2026, 7, 1)  # 9 points on 1 June: one month, the last day is 1 July
NEXT = date(2026, 7, 2)
BAR = date(2027, 6, 1)  # 12 points added up on 1 June: twelve months
FACTS = rule.Facts("样例", False, OVER, True, True, None, "", True, "示例依据")


@pytest.fixture
def on_application(monkeypatch):
    """A local rule by which a suspension, too, ends on application."""
    monkeypatch.setattr(rule, "on_application", lambda _kind, _on: True)


def suspended(staff, kind):
    entry = points.counted(staff, kind, 9, on=JUNE)
    return entry.practitioner, entry.institution, measure_of(entry.practitioner)


def revoked(staff, kind):
    row, place = make.practitioner(kind)
    return row, place, points.revoked(staff, row, place, on=JUNE)


def measure_of(row):
    return qualification_measures.measures(row.id)[0]


def asked(staff, measure, place, on):
    return points.reinstatement(staff, measure, place, on=on)


def agreed(staff, row, on):
    act.agree(row, opinion="示例意见", actor=staff[Role.REVIEWER], on=on)


def told(db, row):
    query = select(Document).where(Document.kind.in_(("qualification", "reinstatement_result")))
    found = db.scalars(query.order_by(Document.id)).all()
    return [d for d in found if d.facts["practitioner_code"] == row.code]


# the rule


@pytest.mark.parametrize("revokes", [False, True])
def test_it_may_be_asked_for_from_the_day_after_the_last(revokes):
    facts = replace(FACTS, revokes=revokes)
    for day in (date(2026, 6, 30), date(2026, 7, 1)):
        with pytest.raises(Refused, match="2026-07-01（含当日）"):
            rule.check(facts, on=day)
    rule.check(facts, on=date(2026, 7, 2))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"stands": False}, "不再执行"),
        ({"reinstated_on": NEXT}, "已于 2026-07-02 同意恢复"),
        ({"on_application": False}, "期满自动恢复支付资格"),
        ({"on_application": False, "revokes": True}, "直接重新登记备案"),
        ({"open": "HF1"}, "HF1 正在审核"),
        ({"here": False}, "没有在申请的机构登记备案"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_the_reason(change, why):
    with pytest.raises(Refused, match=why):
        rule.check(replace(FACTS, **change), on=NEXT)


def test_who_is_revoked_is_registered_nowhere_and_any_institution_may_ask():
    rule.check(replace(FACTS, revokes=True, here=False), on=NEXT)


def test_as_shipped_a_suspension_ends_by_itself_and_a_bar_on_application():
    assert not rule.on_application("suspend", JUNE)
    assert rule.on_application("revoke", JUNE)
    assert rule.way("revoke", JUNE).confidence == "assumed"


def test_a_suspension_that_waits_goes_on_until_the_day_of_the_answer():
    waiting = Measure(JUNE, OVER, None, None, 9, "", True)
    answered = replace(waiting, reinstated_on=date(2026, 7, 20))
    last = date(2026, 7, 19)
    assert qualification.standing([waiting], [], date(2027, 1, 1)).awaits
    assert qualification.standing([answered], [], last).status is Status.SUSPENDED
    assert qualification.standing([answered], [], date(2026, 7, 20)).status is Status.NORMAL


# a suspension on application


@pytest.mark.usefixtures("on_application")
def test_a_suspension_ends_on_the_day_of_the_answer_with_its_hold_and_every_site_is_told(
    db, kind, staff
):
    row, place, measure = suspended(staff, kind)
    second = factories.institution(kind)
    make.registered(row, second)
    [hold] = db.scalars(select(Hold).where(Hold.practitioner_id == row.id)).all()
    assert hold.to_on is None
    assert measures.end_suspension(measure.id, day=NEXT)
    assert [d.facts["measure"] for d in told(db, row)] == ["suspend"]
    assert practitioners.status(row, NEXT).status is Status.SUSPENDED
    request = asked(staff, measure, place, NEXT)
    [item] = db.scalars(select(WorkItem).where(WorkItem.subject == "reinstatement")).all()
    assert (item.desk, item.done) == ("reviewer", False)
    answered = date(2026, 7, 20)
    agreed(staff, request, answered)
    assert item.done
    assert hold.to_on == date(2026, 7, 19)
    assert practitioners.status(row, date(2026, 7, 19)).status is Status.SUSPENDED
    assert practitioners.status(row, answered).status is Status.NORMAL
    letters = [d for d in told(db, row) if d.facts["measure"] == "reinstate"]
    assert {d.institution_id for d in letters} == {place.id, second.id}
    assert {d.facts["from_on"] for d in letters} == {"2026-07-20"}
    assert not measures.end_suspension(measure.id, day=date(2026, 8, 1))


@pytest.mark.usefixtures("on_application")
def test_the_list_of_the_suspended_shows_who_waits_until_the_day_of_the_answer(db, kind, staff):
    row, place, measure = suspended(staff, kind)
    later = date(2026, 7, 10)

    def listed(day):
        given = Asked("", 1, 50, {"status": "suspended"})
        return row.code in [
            one.code for one in practitioners.page(staff[Role.CLERK], given, on=day)[0]
        ]

    assert listed(OVER)
    assert listed(later)
    agreed(staff, asked(staff, measure, place, NEXT), later)
    assert listed(date(2026, 7, 9))
    assert not listed(later)


@pytest.mark.usefixtures("on_application")
def test_further_points_leave_the_waiting_suspension_as_it_is(db, kind, staff):
    row, place, measure = suspended(staff, kind)
    points.more(staff, row, place, 1, on=date(2026, 7, 10))
    assert qualification_measures.measures(row.id) == [measure]
    assert measure.superseded_on is None


@pytest.mark.usefixtures("on_application")
def test_beside_another_measure_only_the_applicant_is_told_and_the_person_stays_suspended(
    db, kind, staff
):
    row, place = make.practitioner(kind)
    points.more(staff, row, place, 9, on=date(2025, 12, 1))
    first = measure_of(row)
    points.more(staff, row, place, 9, on=date(2026, 1, 10))
    on = date(2026, 1, 20)
    agreed(staff, asked(staff, first, place, on), on)
    assert practitioners.status(row, on).status is Status.SUSPENDED
    assert told(db, row)[-1].kind == "reinstatement_result"
    assert told(db, row)[-1].facts["other"] == "暂停"


@pytest.mark.usefixtures("on_application")
def test_nothing_is_agreed_to_when_the_points_were_taken_back_meanwhile(db, kind, staff):
    entry = points.counted(staff, kind, 9, on=JUNE)
    request = asked(staff, measure_of(entry.practitioner), entry.institution, NEXT)
    points.corrected(staff, entry, on=NEXT)
    with pytest.raises(Refused, match="不再执行"):
        agreed(staff, request, NEXT)
    act.withdraw(request, actor=staff[Role.CLERK], on=NEXT)
    assert request.state == "withdrawn"


# a revocation


def test_after_the_bar_nobody_is_registered_anew_before_it_was_agreed_to(db, kind, staff):
    row, place, measure = revoked(staff, kind)
    assert measure.bar_until == BAR
    known = registrations.Known(standing=practitioners.status(row, BAR + timedelta(days=1)))
    assert known.standing.awaits
    day = BAR + timedelta(days=1)
    against = registrations._standing(someone(row), known, day)
    assert "恢复支付资格的申请还没有同意" in against.why
    agreed(staff, asked(staff, measure, place, day), day + timedelta(days=9))
    before, after = (practitioners.status(row, day + timedelta(days=n)) for n in (8, 9))
    assert registrations._standing(
        someone(row), registrations.Known(standing=before), day + timedelta(days=8)
    )
    known = registrations.Known(standing=after)
    assert registrations._standing(someone(row), known, day + timedelta(days=9)) is None
    assert after.status is Status.REVOKED  # until the person is registered anew
    [letter] = [d for d in told(db, row) if d.kind == "reinstatement_result"]
    assert (letter.institution_id, letter.facts["from_on"]) == (place.id, "2027-06-11")


def someone(row):
    return people.Person(row.code, row.name, row.role, "")


def test_registered_anew_the_person_is_normal_and_the_replay_agrees(db, kind, staff):
    row, place, measure = revoked(staff, kind)
    day = BAR + timedelta(days=5)
    agreed(staff, asked(staff, measure, place, day), day)
    make.registered(row, place, from_on=day)
    measures.release(row.id, on=day)
    assert practitioners.status(row, day).status is Status.NORMAL
    for one in (JUNE, BAR, day - timedelta(days=1), day):
        assert (
            points_ledger.replay(row.id, one).standing.status
            is practitioners.status(row, one).status
        )
    [hold] = [h for h in db.scalars(select(Hold)) if h.source_id == measure.id]
    assert hold.to_on == day - timedelta(days=1)


# who, and again


def test_two_persons(db, kind, staff):
    _row, place, measure = revoked(staff, kind)
    day = BAR + timedelta(days=1)
    clerk = staff[Role.CLERK]
    request = asked(staff, measure, place, day)
    with pytest.raises(Denied):
        act.agree(request, opinion="示例意见", actor=replace(clerk, role=Role.REVIEWER), on=day)
    with pytest.raises(Denied):
        act.decline(request, opinion="示例意见", actor=clerk, on=day)


def test_an_institution_asks_only_in_its_own_name(db, kind, staff):
    _row, place, measure = revoked(staff, kind)
    other = factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    with pytest.raises(Denied):
        act.apply(measure, place, text="示例理由", uploads=[], actor=other, on=BAR)


def test_declined_with_a_reason_it_may_be_asked_for_again(db, kind, staff):
    row, place, measure = revoked(staff, kind)
    day = BAR + timedelta(days=1)
    request = asked(staff, measure, place, day)
    with pytest.raises(Refused, match="正在审核"):
        asked(staff, measure, place, day)
    with pytest.raises(Refused, match="没有写明审核意见"):
        act.decline(request, opinion=" ", actor=staff[Role.REVIEWER], on=day)
    letter = act.decline(request, opinion="没有培训证明", actor=staff[Role.REVIEWER], on=day)
    assert (letter.facts["agreed"], letter.facts["opinion"]) == (False, "没有培训证明")
    assert measure.reinstated_on is None
    assert ask.possible(row.id, day) == [measure]
    assert asked(staff, measure, place, day).state == "requested"
    assert ask.possible(row.id, day) == []


def test_a_reason_is_asked_for(db, kind, staff):
    _row, place, measure = revoked(staff, kind)
    with pytest.raises(Refused, match="没有写明恢复的理由"):
        act.apply(
            measure, place, text=" ", uploads=[], actor=staff[Role.CLERK], on=date(2027, 6, 2)
        )
