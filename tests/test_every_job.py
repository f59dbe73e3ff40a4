"""Every job of the timetable for both kinds: not before its day, dated by it, once, made up for, and taken back in a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import (
    applications,
    calendar_days,
    deductions,
    letters,
    licences,
    penalties,
    service,
    statutory_clocks,
    terminations,
    withdrawals,
)
from database import Base, session
from jobs import nightly
from jobs.timetable import WALKS
from models import Event, Hold, QualificationMeasure
from rules import timetable
from rules.permissions import Role
from tests import (
    factories,
    factories_amendment,
    factories_blacklist,
    factories_intake,
    factories_rectification,
)
from tests import factories_agreement as made
from tests import factories_money as money
from tests import factories_practitioner as people
from tests.conftest import TODAY
from tests.evaluation_world import House as Desk
from tests.letter_facts import OWN
from tests.portal_world import World, fresh

ONE = timedelta(days=1)
ASIDE = {"job_run", "calendar_day"}  # what a run writes about itself; what no job touches


@dataclass
class House:
    app: object
    staff: dict
    kind: str

    @property
    def agreement(self):
        return made.concluded(factories.institution(self.kind))


def decided_period(house: House) -> date:
    made.suspended(house.agreement, house.staff, on=TODAY, to_on=date(2026, 7, 31))
    return date(2026, 8, 1)


def longest_time(house: House) -> date:
    made.suspended(house.agreement, house.staff, on=TODAY, served=TODAY)
    return date(2026, 12, 13)  # 15 June and 180 days are 12 December


def end_of_term(house: House) -> date:
    made.concluded(factories.institution(house.kind), term_to=date(2026, 6, 30))
    return date(2026, 7, 1)


def silence(house: House) -> date:
    world = World(house.app, house.staff, house.kind)
    row = factories_intake.submitted(world.own, actor=world.user, on=TODAY)
    session.commit()
    world.returned(row.id)
    applications.request_supplement(
        fresh("application", row.id), actor=house.staff[Role.CLERK], on=TODAY
    )
    return date(2026, 7, 15)  # twenty working days are over on 14 July, for 19 June is Duanwu


def another_evaluation(house: House) -> date:
    desk = Desk(house.staff, house.kind)
    letter = desk.judged(desk.accepted(TODAY), passed=False, on=TODAY)
    desk.served(letter, TODAY)
    return date(2026, 9, 15)  # three months after the result was served


def notice(house: House) -> date:
    world = World(house.app, house.staff, house.kind)
    key = factories_intake.submitted(world.own, actor=world.user, on=TODAY).id
    session.commit()
    world.accepted(key)
    world.evaluated(key)
    world.posted(key)
    return date(2026, 6, 24)  # five working days are over on 23 June


def months_of_a_person(house: House) -> date:
    person, place = people.practitioner(house.kind)
    row = people.recorded(person, place, 9, house.staff[Role.CLERK], decided_on=TODAY)
    deductions.confirm(row, actor=house.staff[Role.REVIEWER], on=TODAY)
    return session.scalars(select(QualificationMeasure.until)).one() + ONE


def enough_to_talk(house: House) -> date:
    person, place = people.practitioner(house.kind)
    row = people.recorded(person, place, 6, house.staff[Role.CLERK], decided_on=TODAY)
    deductions.confirm(row, actor=house.staff[Role.REVIEWER], on=TODAY)
    return TODAY


def unfiled(house: House) -> date:
    place = factories.institution(house.kind)
    made.concluded(place)
    factories_amendment.noted(place, house.staff)
    return date(2026, 7, 22)  # thirty working days from 8 June are over on 21 July


def put_right(house: House) -> date:
    factories_rectification.ordered(factories.institution(house.kind), house.staff)
    return date(2026, 7, 16)  # thirty days from 15 June are 15 July


def window(house: House) -> date:
    made.concluded(factories.institution(house.kind), term_to=date(2026, 12, 31))
    return date(2026, 6, 30)  # six months before the end of the term


def leaving(house: House) -> date:
    agreement = house.agreement
    owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    day = date(2026, 9, 15)  # the earliest: three months after it was asked for
    row = withdrawals.request(
        agreement,
        act="terminate",
        reason="经营调整。",
        from_on=day,
        to_on=None,
        actor=owner,
        on=TODAY,
    )
    withdrawals.agree(row, opinion="同意。", actor=house.staff[Role.REVIEWER], on=TODAY)
    return day


def ban(house: House) -> date:
    number = {"pharmacy": 9, "hospital": 6}[house.kind]  # a breach: barred for twelve months
    agreement = house.agreement
    decision = terminations.Decision(
        made.ground(agreement.institution, "terminate", number), "经查属实。", TODAY, TODAY
    )
    terminations.terminate(agreement, decision, actor=house.staff[Role.LEADER], on=TODAY)
    return date(2027, 6, 16)  # the last day barred is 15 June 2027


def listed(house: House) -> date:
    factories_blacklist.reached(house.kind, house.staff, "listed", on=TODAY)
    return date(2029, 6, 16)  # the last of thirty-six months is 15 June 2029


def ground(house: House) -> date:
    decided = penalties.Decision(
        number="示罚〔2026〕1号", authority="示例县医疗保障局", article="《示例条例》第四十条", amount=100_000,
        decided_on=date(2026, 6, 1), due_on=date(2026, 6, 30),
    )  # fmt: skip
    penalties.register(
        decided, institution=house.agreement.institution, actor=house.staff[Role.CLERK], on=TODAY
    )
    return date(2026, 7, 1)


def licence(house: House) -> date:
    agreement, ends = house.agreement, date(2026, 12, 31)
    licences.add(
        agreement.institution, kind="营业执照", number="示例001", valid_from=date(2025, 1, 1), valid_to=ends,
        actor=house.staff[Role.CLERK], on=TODAY,
    )  # fmt: skip
    return date(2026, 10, 2)  # ninety days before


def certificate(house: House) -> date:
    person, _place = people.practitioner(house.kind, house.agreement.institution)
    person.licence_number, person.licence_valid_to = "示证001", date(2026, 12, 31)
    return date(2026, 10, 2)  # ninety days before


def held_costs(house: House) -> date:
    """A line of 12 May, kept back by a hold of which the last day is 30 June."""
    agreement = house.agreement
    stop = Hold(
        institution_id=agreement.institution_id,
        source="case_measure",
        source_id=1,
        basis="示例依据",
    )
    stop.from_on, stop.to_on = date(2026, 5, 1), date(2026, 6, 30)
    session.add(stop)
    session.commit()
    row = money.received(agreement, house.staff, on=TODAY)
    money.settled(
        money.told(money.audited(row, house.staff, on=TODAY), house.staff, on=TODAY),
        house.staff,
        on=TODAY,
    )
    return date(2026, 7, 1)


def unopposed(house: House) -> date:
    row = money.received(house.agreement, house.staff, on=TODAY)
    money.deny(row, house.staff, 1, 10_00, on=TODAY)
    money.told(money.audited(row, house.staff, on=TODAY), house.staff, on=TODAY)
    return date(
        2026, 6, 24
    )  # five working days after 15 June, of which the 19th is Duanwu, are over on the 23rd


def announced(house: House) -> date:
    place = factories.institution(house.kind)
    facts = OWN["lapse"](place.kind.family)
    letter = letters.issue("lapse", place, place, actor=house.staff[Role.LEADER], on=TODAY, **facts)
    service.announce(
        letter,
        since=TODAY,
        where="公告栏",
        reason="邮寄退回",
        actor=house.staff[Role.CLERK],
        on=TODAY,
    )
    return date(2026, 7, 15)  # 30 days after 15 June


# Each makes one case and says on which day the job acts on it.
CASES: dict[str, Callable[[House], date]] = {
    "carry-out-withdrawals": leaving,
    "end-due-suspensions": decided_period,
    "end-overdue-suspensions": longest_time,
    "expire-agreements": end_of_term,
    "remind-renewals": window,
    "remind-supplements": silence,
    "end-notices": notice,
    "find-grounds": ground,
    "open-retries": another_evaluation,
    "end-bans": ban,
    "end-blacklistings": listed,
    "end-qualification-suspensions": months_of_a_person,
    "call-talks": enough_to_talk,
    "propose-unfiled-changes": unfiled,
    "call-overdue-rectifications": put_right,
    "end-denial-appeals": unopposed,
    "release-held-costs": held_costs,
    "end-public-service": announced,
    "warn-licences": licence,
    "warn-personal-licences": certificate,
}
# Not dated by a day of their own: they do what is left, whenever they come.
LEFT_OVERS = {"end-renewals", "recompute-provisional-clocks", "render-letters", "run-batches"}


@pytest.fixture
def house(app, db, staff, kind):
    return House(app, staff, kind)


def everything() -> list:
    """All that is on record, in an order that does not change."""
    session.expire_all()
    tables = [one for one in Base.metadata.sorted_tables if one.name not in ASIDE]
    return [
        (table.name, sorted(map(repr, session.execute(select(table)).all()))) for table in tables
    ]


def days_written(since: int) -> set[date]:
    return set(session.scalars(select(Event.day).where(Event.seq > since)))


def last_line() -> int:
    return session.scalar(select(Event.seq).order_by(Event.seq.desc()).limit(1)) or 0


def test_every_job_is_tried_here():
    assert CASES.keys() | LEFT_OVERS == WALKS.keys()


@pytest.mark.parametrize("job", CASES)
def test_a_job_acts_on_its_day_once_and_a_trial_changes_nothing(house, job):
    day = CASES[job](house)
    session.commit()
    assert nightly.run(job, day - ONE).done == []
    before = everything()
    trial = nightly.run(job, day, dry_run=True)
    assert (len(trial.done), trial.failed, everything() == before) == (1, [], True)
    since = last_line()
    real = nightly.run(job, day)
    assert (real.done, real.failed) == (trial.done, [])
    assert days_written(since) == {day}
    after = everything()
    assert after != before
    second = nightly.run(job, day)
    assert (second.done, second.failed, everything() == after) == ([], [], True)


@pytest.mark.parametrize("job", CASES)
def test_ten_days_off_are_made_up_and_the_effect_bears_the_day_it_was_due(house, job):
    day = CASES[job](house)
    session.commit()
    nightly.run(job, day - 3 * ONE)
    since = last_line()
    now = datetime.combine(day + 9 * ONE, datetime.min.time(), clock.SHANGHAI) + timedelta(hours=3)
    reports = nightly.make_up(job, now)
    assert [report.day for report in reports] == [day + n * ONE for n in range(-2, 10)]
    assert [report.day for report in reports if report.done] == [day]
    assert [report.failed for report in reports if report.failed] == []
    assert days_written(since) == {day}
    assert nightly.make_up(job, now) == []


def test_a_clock_that_was_provisional_is_counted_when_its_year_is_there(house):
    job, place = "recompute-provisional-clocks", factories.institution(house.kind)
    row = applications.open_draft(place, actor=house.staff[Role.CLERK], on=TODAY)
    running = statutory_clocks.start(row, "eval.max", on=date(2026, 10, 1))
    session.commit()
    nightly.run(job, TODAY)
    session.refresh(running)
    assert running.provisional
    calendar_days._load(2027, "示例", [(date(2027, 1, 1), True, "元旦")], on=TODAY)
    session.commit()
    for dry_run, done, provisional in [(True, 1, True), (False, 1, False), (False, 0, False)]:
        assert len(nightly.run(job, TODAY, dry_run=dry_run).done) == done
        session.refresh(running)
        assert running.provisional is provisional
    assert running.due_on == date(2027, 1, 4)  # Friday 1 January is a holiday, then the weekend


def test_the_jobs_that_have_days_are_those_that_run_once_a_day():
    assert {job.name for job in timetable.JOBS if not job.daily} <= LEFT_OVERS
