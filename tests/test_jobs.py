"""The night: each case alone and once, in order after an outage, taken back in a dry run; one scheduler leads."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

import clock
import database
from actions import job_runs, suspensions
from database import session
from jobs import nightly
from jobs.scheduler import HELD, LEASE, Ticker
from jobs.timetable import WALKS, Walk
from models import Agreement, Document, Event, JobRun, Lease, Suspension
from queries import jobs as ask
from rules import timetable
from rules.lifecycle import AgreementState
from rules.refusal import Refused
from rules.timetable import Outcome
from tests import factories
from tests import factories_agreement as made

START = date(2026, 1, 12)
LAST = START + timedelta(days=180)  # 11 July
OVERDUE = "end-overdue-suspensions"


def agreement_of(kind, **more):
    return made.concluded(factories.institution(kind), **more)


def served(kind, staff, **more):
    row = made.suspended(agreement_of(kind, **more), staff, on=START, served=START)
    session.commit()
    return row


def state(suspension):
    session.expire_all()
    return session.get(Agreement, suspension.agreement_id).state


def test_every_job_of_the_timetable_has_its_walk():
    assert list(WALKS) == [job.name for job in timetable.JOBS]


@pytest.mark.parametrize(("day", "ended"), [(LAST, 0), (LAST + timedelta(days=1), 1)])
def test_the_night_ends_what_is_overdue_dated_by_its_day(db, staff, kind, day, ended):
    row = served(kind, staff)
    with clock.at(day):
        report = nightly.run(OVERDUE, day)
    assert len(report.done) == ended
    assert (state(row) == AgreementState.LAPSED) is bool(ended)
    if ended:
        events = db.scalars(select(Event).where(Event.verb == "lapse")).all()
        assert [(event.role, event.day) for event in events] == [("system", day)]


def test_a_second_run_finds_nothing_to_do(db, staff, kind):
    served(kind, staff)
    day = LAST + timedelta(days=1)
    first, second = nightly.run(OVERDUE, day), nightly.run(OVERDUE, day)
    assert (len(first.done), len(second.done)) == (1, 0)
    assert db.get(JobRun, (OVERDUE, day)).done == 1
    assert len(db.scalars(select(Document).where(Document.kind == "lapse")).all()) == 1


def test_a_dry_run_says_the_same_and_changes_nothing(db, staff, kind):
    row = served(kind, staff)
    day = LAST + timedelta(days=1)
    events = len(db.scalars(select(Event)).all())
    dry = nightly.run(OVERDUE, day, dry_run=True)
    assert state(row) == AgreementState.SUSPENDED
    assert (len(db.scalars(select(Event)).all()), db.scalars(select(JobRun)).all()) == (events, [])
    assert nightly.run(OVERDUE, day).done == dry.done == [row.id]


def test_without_proof_the_case_waits_for_a_person(db, staff, kind):
    row = made.suspended(agreement_of(kind), staff, on=START)
    session.commit()
    day = LAST + timedelta(days=1)
    report = nightly.run(OVERDUE, day)
    assert (report.done, [line["id"] for line in report.waiting]) == ([], [row.id])
    assert "送达凭证" in db.get(JobRun, (OVERDUE, day)).waiting[0]["why"]
    assert state(row) == AgreementState.SUSPENDED


def test_one_failing_case_is_taken_back_and_listed_and_the_night_goes_on(
    db, staff, kind, monkeypatch
):
    rows = [served(kind, staff) for _ in range(3)]
    broken = rows[1].id

    def act(key, day):
        outcome = suspensions.lapse_overdue(key, day)
        if key == broken:
            raise ZeroDivisionError("broken on purpose after its effect")
        return outcome

    monkeypatch.setitem(WALKS, OVERDUE, Walk("suspension", WALKS[OVERDUE].due, act))
    report = nightly.run(OVERDUE, LAST + timedelta(days=1))
    assert report.done == [rows[0].id, rows[2].id]
    assert [(line["id"], line["why"]) for line in report.failed] == [
        (broken, "ZeroDivisionError: broken on purpose after its effect")
    ]
    assert [state(row) for row in rows] == ["lapsed", "suspended", "lapsed"]
    monkeypatch.undo()
    assert nightly.run(OVERDUE, LAST + timedelta(days=1)).done == [broken]


def test_a_request_between_the_list_and_the_lock_is_seen(db, staff, kind, monkeypatch):
    """The rule is asked again under the lock: what changed since the list was made counts."""
    row = served(kind, staff)
    stale = Walk("suspension", lambda day: [row.id], suspensions.lapse_overdue)
    monkeypatch.setitem(WALKS, OVERDUE, stale)
    db.get(Suspension, row.id).resumption_requested_on = LAST
    db.commit()
    assert nightly.run(OVERDUE, LAST + timedelta(days=5)).done == []


def test_ten_missed_days_are_made_up_each_under_its_own_day(db, staff, kind):
    rows = [served(kind, staff)]
    late = made.suspended(
        agreement_of(kind), staff, on=START + timedelta(days=4), served=START + timedelta(days=4)
    )
    session.commit()
    nightly.run(OVERDUE, LAST - timedelta(days=2))
    now = datetime(2026, 7, 20, 2, 0, tzinfo=clock.SHANGHAI)
    reports = nightly.make_up(OVERDUE, now)
    days = [LAST - timedelta(days=2) + timedelta(days=n) for n in range(1, 12)]
    assert [report.day for report in reports] == days
    assert [(r.day, r.done) for r in reports if r.done] == [
        (LAST + timedelta(days=1), [rows[0].id]),
        (LAST + timedelta(days=5), [late.id]),
    ]
    assert nightly.make_up(OVERDUE, now) == []


def test_the_day_begins_at_the_time_of_the_timetable(db, staff, kind):
    job = timetable.job(OVERDUE)
    before = datetime(2026, 7, 20, job.hour, job.minute, tzinfo=clock.SHANGHAI) - timedelta(
        minutes=1
    )
    assert nightly.make_up(OVERDUE, before) == []
    assert [r.day for r in nightly.make_up(OVERDUE, before + timedelta(minutes=1))] == [
        date(2026, 7, 20)
    ]


def test_a_run_that_was_stopped_is_taken_up_again(db, staff, kind):
    rows = [served(kind, staff) for _ in range(3)]
    day, asked = LAST + timedelta(days=1), []

    def stopping():
        asked.append(1)
        return len(asked) > 2

    stopped = nightly.run(OVERDUE, day, stopping=stopping)
    assert (stopped.stopped, len(stopped.done)) == (True, 2)
    now = datetime(2026, 7, 12, 2, 0, tzinfo=clock.SHANGHAI)
    assert [r.done for r in nightly.make_up(OVERDUE, now)] == [[rows[2].id]]


@pytest.mark.parametrize(
    ("term_to", "expired"),
    [(date(2026, 6, 13), True), (date(2026, 6, 14), True), (date(2026, 6, 15), False)],
)
def test_agreements_expire_the_day_after_their_term(db, kind, term_to, expired):
    row = agreement_of(kind, term_to=term_to)
    session.commit()
    assert bool(nightly.run("expire-agreements", date(2026, 6, 15)).done) is expired
    session.expire_all()
    assert row.lapsed_on == (term_to + timedelta(days=1) if expired else None)
    letters = db.scalars(select(Document).where(Document.kind == "lapse")).all()
    assert len(letters) == expired


def test_a_renewed_agreement_expires_without_a_letter(db, kind):
    row = agreement_of(kind, term_to=date(2026, 6, 14))
    made.concluded(row.institution, term_from=date(2026, 6, 15), term_to=date(2027, 6, 14))
    session.commit()
    assert nightly.run("expire-agreements", date(2026, 6, 15)).done == [row.id]
    assert db.scalars(select(Document)).all() == []


def test_a_suspended_agreement_is_judged_by_its_suspension_not_by_its_term(db, staff, kind):
    row = made.suspended(
        agreement_of(kind, term_to=date(2026, 3, 31)), staff, on=START, to_on=date(2026, 4, 30)
    )
    session.commit()
    assert nightly.run("expire-agreements", date(2026, 4, 15)).done == []
    assert nightly.run("end-due-suspensions", date(2026, 4, 30)).done == []
    assert nightly.run("end-due-suspensions", date(2026, 5, 1)).done == [row.id]
    assert state(row) == AgreementState.LAPSED


def test_pending_letters_are_printed_once(db, staff, kind, monkeypatch):
    printed = []

    def render(document):
        printed.append(document.id)
        assert database.only_reads()
        return b"%PDF"

    made.suspended(agreement_of(kind), staff, on=START)
    session.commit()
    monkeypatch.setattr("actions.letters.printed", render)
    report = nightly.run("render-letters", START)
    assert printed == sorted(printed)
    assert len(printed) == len(report.done) == 2


# the lead


def test_of_two_schedulers_one_leads_until_its_lease_runs_out(db):
    first, second = Ticker("a"), Ticker("b")
    with clock.at(datetime(2026, 6, 15, 1, 0, tzinfo=clock.SHANGHAI)):
        assert (first.beat(), second.beat(), first.beat()) == (True, False, False)
        assert (first.epoch, second.epoch) == (1, None)
    with clock.at(datetime(2026, 6, 15, 1, 0, tzinfo=clock.SHANGHAI) + HELD):
        assert (second.beat(), second.epoch) == (True, 2)
        first.beat()
        assert first.halted()


def test_a_clean_stop_hands_the_lead_over_at_once(db):
    first, second = Ticker("a"), Ticker("b")
    first.beat()
    first.stop()
    assert first.tick(OVERDUE) == []
    first.leave()
    assert second.beat()


def test_whoever_does_not_lead_does_not_work(db, staff, kind):
    row = served(kind, staff)
    Ticker("a").beat()
    standby = Ticker("b")
    standby.beat()
    with clock.at(datetime(2026, 7, 20, 2, 0, tzinfo=clock.SHANGHAI)):
        standby.catch_up()
    assert state(row) == AgreementState.SUSPENDED


def test_eight_schedulers_at_once_one_lead_and_each_effect_once(app, db, staff, kind):
    rows = [served(kind, staff) for _ in range(4)]
    ids, now = [row.id for row in rows], datetime(2026, 7, 12, 2, 0, tzinfo=clock.SHANGHAI)
    session.remove()
    gate = threading.Barrier(8)

    def work(name):
        gate.wait()
        at = clock.now()
        try:
            lead = job_runs.take_lead(LEASE, name, now=at, until=at + HELD)
            session.commit()
            nightly.make_up(
                OVERDUE, now
            )  # even those who do not lead: the work itself must bear it
        finally:
            session.remove()
        return lead

    with ThreadPoolExecutor(8) as pool:
        leads = list(pool.map(work, [f"t{n}" for n in range(8)]))
    assert sorted(lead is not None for lead in leads) == [False] * 7 + [True]
    lapses = session.scalars(select(Event).where(Event.verb == "lapse")).all()
    assert len(lapses) == len(ids)
    assert session.get(Lease, LEASE).epoch == 1


# by hand


def test_the_list_shows_last_and_next_run(db, staff, kind):
    served(kind, staff)
    nightly.run(OVERDUE, LAST + timedelta(days=1))
    now = datetime(2026, 7, 12, 12, 0, tzinfo=clock.SHANGHAI)
    lines = {line.name: line for line in ask.timetable_lines(now)}
    line = lines[OVERDUE]
    assert (line.last_day, line.done, line.cron) == (LAST + timedelta(days=1), 1, "10 1 * * *")
    assert line.next_at == datetime(2026, 7, 13, 1, 10, tzinfo=clock.SHANGHAI)
    assert lines["render-letters"].next_at == datetime(2026, 7, 12, 12, 1, tzinfo=clock.SHANGHAI)


def test_the_command_runs_dry_and_in_earnest(app, db, staff, kind):
    row = served(kind, staff)
    runner = app.test_cli_runner()
    given = ["jobs", "run", OVERDUE, "--day", "2026-07-12", "--json"]
    dry = json.loads(runner.invoke(args=[*given, "--dry-run"]).stdout)
    assert (dry["done"], dry["dry_run"]) == ([row.id], True)
    assert json.loads(runner.invoke(args=given).stdout)["done"] == [row.id]
    assert json.loads(runner.invoke(args=given).stdout)["done"] == []
    assert runner.invoke(args=["jobs", "run", "no-such-job"]).exit_code == 2
    listed = json.loads(runner.invoke(args=["jobs", "list", "--json"]).stdout)
    assert {line["name"] for line in listed["jobs"]} == set(WALKS)


def test_a_failing_case_makes_the_command_fail(app, db, staff, kind, monkeypatch):
    def act(key, day):
        raise Refused("不行。")

    monkeypatch.setitem(WALKS, OVERDUE, Walk("suspension", lambda day: [7], act))
    result = app.test_cli_runner().invoke(
        args=["jobs", "run", OVERDUE, "--day", "2026-06-01", "--json"]
    )
    assert result.exit_code == 1
    assert json.loads(result.stdout)["failed"] == [
        {"subject": "suspension", "id": 7, "why": "不行。"}
    ]


def test_an_outcome_is_either_done_or_waiting_or_nothing():
    assert Outcome() == Outcome(False, "")
