"""办理批次: confirmed by one person, carried out row by row in that person's name, and never half or twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

import clock
import config
import database
from actions import batch_kinds, batches
from actions.batch_kinds import BatchKind
from actions.batches import Item
from database import session
from jobs import nightly
from models import Agreement, Batch, BatchRow, Document, Event, Renewal, User
from queries import batches as ask
from queries.paging import asked
from rules import batches as rule
from rules.batches import RowOutcome
from rules.permissions import Denied, Permission, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_renewal as world
from tests.conftest import KEY
from tests.web import client_for, post

ON = date(2026, 6, 15)
JOB = "run-batches"
SIZES = [(30, 1), pytest.param(1000, 2, marks=pytest.mark.slow)]  # rows, and how often killed


def items(rows):
    return [Item("renewal", row.id, row.institution.name, "续签") for row in rows]


def offered(rows, staff, kind="offer"):
    """A confirmed batch."""
    batch = batches.prepare(kind, items(rows), actor=staff[Role.CLERK], on=ON)
    batches.start(batch, actor=staff[Role.CLERK], on=ON)
    session.commit()
    return batch


def run(**options):
    return nightly.run(JOB, ON, **options)


def outcomes(batch):
    session.expire_all()
    query = select(BatchRow).where(BatchRow.batch_id == batch.id).order_by(BatchRow.id)
    return [str(row.outcome) for row in session.scalars(query)]


def made(kind, act, permission=Permission.OFFER_RENEWAL):
    return {**batch_kinds.KINDS, kind: BatchKind("样例办理", permission, act)}


# arithmetic


@pytest.mark.parametrize(
    ("counts", "percent", "settled"),
    [
        ({}, 100, 0),
        ({"waiting": 3}, 0, 0),
        ({"waiting": 1, "done": 999}, 99, 999),
        ({"done": 998, "refused": 1, "failed": 1}, 100, 1000),
    ],
)
def test_a_hundred_percent_is_said_only_when_nothing_waits(counts, percent, settled):
    found = rule.progress(counts)
    assert (found.percent, found.settled) == (percent, settled)


# in one's name


def test_nothing_is_done_before_it_is_confirmed_and_only_the_same_person_confirms(db, kind, staff):
    row = world.agreed(kind, staff)
    batch = batches.prepare("offer", items([row]), actor=staff[Role.CLERK], on=ON)
    session.commit()
    assert run().done == []
    other = factories.actor(Role.CLERK)
    with pytest.raises(Denied):
        batches.start(batch, actor=other, on=ON)
    with pytest.raises(Denied):
        batches.start(batch, actor=staff[Role.LEADER], on=ON)
    batches.start(batch, actor=staff[Role.CLERK], on=ON)
    session.commit()
    assert len(run().done) == 1
    assert (row.state, batch.state) == ("offered", "finished")


def test_every_row_is_an_act_of_whoever_confirmed(db, kind, staff):
    rows = [world.agreed(kind, staff) for _ in range(2)]
    batch = offered(rows, staff)
    run()
    assert outcomes(batch) == ["done", "done"]
    query = select(Event).where(Event.subject == "renewal", Event.verb == "offer")
    assert {e.actor_id for e in session.scalars(query)} == {staff[Role.CLERK].id}
    [end] = session.scalars(select(Event).where(Event.subject == "batch", Event.verb == "finish"))
    assert end.role == "system"


def test_a_disabled_account_stops_the_batch_with_a_sentence(db, kind, staff, monkeypatch):
    rows = [world.agreed(kind, staff) for _ in range(3)]
    batch = offered(rows, staff)
    run(stopping=iter([False, True]).__next__)  # one row, then the worker is told to stop
    session.get(User, staff[Role.CLERK].id).disabled_on = ON
    session.commit()
    run()
    assert outcomes(batch) == ["done", "waiting", "waiting"]
    assert batch.state == "stopped"
    assert "停用" in batch.reason
    assert run().done == []


def test_a_changed_desk_stops_the_batch(db, kind, staff):
    batch = offered([world.agreed(kind, staff)], staff)
    session.get(User, staff[Role.CLERK].id).role = Role.INSPECTOR
    session.commit()
    run()
    assert (batch.state, outcomes(batch)) == ("stopped", ["waiting"])
    assert "送签续签协议" in batch.reason


def test_whoever_may_not_do_it_once_may_not_do_it_in_a_batch(db, kind, staff):
    row = world.agreed(kind, staff)
    with pytest.raises(Denied):
        batches.prepare("offer", items([row]), actor=staff[Role.REVIEWER], on=ON)
    with pytest.raises(Refused, match="没有可以"):
        batches.prepare("offer", [], actor=staff[Role.CLERK], on=ON)


# row by row


def test_a_refused_row_says_why_and_leaves_nothing_and_the_others_go_on(db, kind, staff):
    rows = [world.agreed(kind, staff) for _ in range(3)]
    rows[1].institution.address = ""  # no agreement can be drafted
    session.commit()
    numbers = session.scalar(select(func.count(Document.id)))
    batch = offered(rows, staff)
    run()
    assert outcomes(batch) == ["done", "refused", "done"]
    assert batch.state == "finished"
    [refused] = session.scalars(select(BatchRow).where(BatchRow.outcome == RowOutcome.REFUSED))
    assert "地址" in refused.sentence
    assert session.scalar(select(func.count(Document.id))) == numbers + 2
    assert [row.state for row in rows] == ["offered", "agreed", "offered"]


def test_a_broken_row_is_taken_back_whole(db, kind, staff, monkeypatch):
    rows = [world.agreed(kind, staff) for _ in range(2)]
    good = batch_kinds.KINDS["offer"].act

    def act(key, given, /, *, actor, on):
        told = good(key, given, actor=actor, on=on)
        if key == rows[0].id:
            raise ZeroDivisionError("broken on purpose after its effect")
        return told

    monkeypatch.setattr(batch_kinds, "KINDS", made("offer", act))
    batch = offered(rows, staff)
    assert run().failed == []
    assert outcomes(batch) == ["failed", "done"]
    [failed] = session.scalars(select(BatchRow).where(BatchRow.outcome == RowOutcome.FAILED))
    assert "ZeroDivisionError" in failed.sentence
    assert [row.state for row in rows] == ["agreed", "offered"]
    query = select(Event).where(Event.subject == "renewal", Event.verb == "offer")
    assert [event.subject_id for event in session.scalars(query)] == [rows[1].id]


def test_cancelled_between_two_rows_what_is_done_stays_done(db, kind, staff):
    rows = [world.agreed(kind, staff) for _ in range(3)]
    batch = offered(rows, staff)
    run(stopping=iter([False, True]).__next__)
    batches.cancel(batch, actor=staff[Role.CHIEF], on=ON, reason="另行安排")
    session.commit()
    assert run().done == []
    assert outcomes(batch) == ["done", "waiting", "waiting"]


def test_a_dry_run_takes_every_row_back(db, kind, staff):
    batch = offered([world.agreed(kind, staff) for _ in range(2)], staff)
    assert len(run(dry_run=True).done) == 2
    assert outcomes(batch) == ["waiting", "waiting"]


def test_the_same_subject_stands_once_in_a_batch(db, kind, staff):
    from sqlalchemy.exc import IntegrityError

    row = world.agreed(kind, staff)
    with pytest.raises(IntegrityError), session.begin_nested():
        batches.prepare("offer", items([row, row]), actor=staff[Role.CLERK], on=ON)


def following():
    """How many next agreements and notices there are for each renewal: one of each, never two."""
    agreements = session.execute(
        select(Agreement.previous_id, func.count())
        .where(Agreement.previous_id.is_not(None))
        .group_by(Agreement.previous_id)
    ).all()
    letters = session.execute(
        select(Document.subject_id, func.count())
        .where(Document.kind == "renewal_notice")
        .group_by(Document.subject_id)
    ).all()
    return {n for _, n in agreements}, len(agreements), {n for _, n in letters}, len(letters)


def test_four_workers_at_once_do_every_row_once(app, db, kind, staff):
    rows = [world.agreed(kind, staff) for _ in range(6)]
    batch = offered(rows, staff)
    key, gate = batch.id, threading.Barrier(4)
    session.remove()

    def work(_):
        gate.wait()
        try:
            return len(run().done)
        finally:
            session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert outcomes(session.get(Batch, key)) == ["done"] * 6
    assert following() == ({1}, 6, {1}, 6)
    assert session.get(Batch, key).state == "finished"


@pytest.mark.parametrize(("size", "kills"), SIZES)
def test_killed_in_the_middle_it_is_taken_up_again_and_nothing_is_doubled(
    app, db, staff, size, kills, database_url, tmp_path
):
    rows = [world.agreed(("hospital", "pharmacy")[n % 2], staff) for n in range(size)]
    batch = offered(rows, staff)
    key = batch.id
    session.remove()
    begun = time.monotonic()
    for killed in range(1, kills + 1):
        worker = _worker(database_url, tmp_path)
        _until(key, more_than=killed * size // 4, worker=worker)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        done = outcomes(session.get(Batch, key)).count("done")
        session.remove()
        assert 0 < done < size
    worker = _worker(database_url, tmp_path)
    assert worker.wait(timeout=600) == 0
    print(f"\n{size} renewed in {time.monotonic() - begun:.0f} s, killed {kills} times")
    assert outcomes(session.get(Batch, key)) == ["done"] * size
    assert following() == ({1}, size, {1}, size)
    assert session.get(Batch, key).state == "finished"
    numbers = sorted(
        session.scalars(select(Document.serial).where(Document.kind == "renewal_notice"))
    )
    assert numbers == list(range(1, size + 1))  # without gaps
    assert set(session.scalars(select(Renewal.state))) == {"offered"}


def _worker(url, folder):
    """A real process of its own that walks the batches."""
    env = {
        **os.environ, "DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEY": KEY, "INDEX_KEY": KEY,
        "EVENTS_ANCHOR": f"{folder}/events.anchor", "DEMO": "1",
    }  # fmt: skip
    call = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "app",
        "jobs",
        "run",
        JOB,
        "--day",
        "2026-06-15",
    ]
    return subprocess.Popen(
        call, env=env, cwd=config.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _until(key, *, more_than, worker):
    """Wait until so many rows are done by the worker."""
    query = select(func.count(BatchRow.id)).where(
        BatchRow.batch_id == key, BatchRow.outcome == RowOutcome.DONE
    )
    while worker.poll() is None:
        with database.reading():
            found = session.scalar(query)
            session.remove()
        if found > more_than:
            return
        time.sleep(0.02)
    raise AssertionError("the worker ended before it could be killed")


# pages


def test_the_page_says_how_far_it_is_and_the_asking_ends(app, db, kind, staff):
    rows = [world.agreed(kind, staff) for _ in range(2)]
    rows[1].institution.address = ""
    batch = offered(rows, staff)
    key = batch.id
    session.commit()
    clerk = client_for(app, staff[Role.CLERK])
    page = clerk.get(f"/batches/{key}")
    assert 'hx-trigger="every 2s"' in page.text
    assert "刷新进度" in page.text
    asking = {"HX-Request": "true"}
    assert clerk.get(f"/batches/{key}?poll=1", headers=asking).status_code == 200
    run()
    session.remove()
    last = clerk.get(f"/batches/{key}?poll=1", headers=asking)
    assert (last.status_code, "hx-trigger" in last.text) == (286, False)
    assert "进度 100%" in last.text
    only = clerk.get(f"/batches/{key}?outcome=refused").text
    assert ("地址" in only, "续签协议 XY" in only) == (True, False)
    csv = clerk.get(f"/batches/{key}?format=csv").data.decode("utf-8-sig")
    assert [line.split(",")[2] for line in csv.splitlines()] == ["结果", "不予办理", "已办成"]


def test_a_batch_of_another_region_is_not_found(app, db, kind, staff):
    batch = offered([world.agreed(kind, staff)], staff)
    stranger = client_for(app, factories.actor(Role.CHIEF, region="990124"))
    assert stranger.get(f"/batches/{batch.id}").status_code == 404
    assert post(stranger, f"/batches/{batch.id}/cancel").status_code == 404
    assert ask.page(factories.actor(Role.CHIEF, region="990124"), asked({}))[0] == []


def test_from_the_list_to_the_confirmed_batch(app, db, kind, staff):
    clean = [world.agreed(kind, staff) for _ in range(3)]
    hit = world.agreed(kind, staff, rated="passing")
    session.commit()
    clerk = client_for(app, staff[Role.CLERK])
    answer = post(clerk, "/renewals/batches/offer?tab=offer", which="clean")
    assert answer.status_code == 303
    where = answer.headers["Location"]
    page = clerk.get(where).text
    assert all(row.institution.name in page for row in clean)
    assert hit.institution.name not in page
    assert "确认办理 3 件" in page
    key = int(where.rsplit("/", 1)[1])
    assert post(clerk, f"/batches/{key}/start", version=1).status_code == 303
    run()
    assert outcomes(session.get(Batch, key)) == ["done"] * 3
    assert session.get(Renewal, hit.id).state == "agreed"


def test_ticked_rows_of_another_tab_or_region_do_not_get_in(app, db, kind, staff):
    row, elsewhere = world.agreed(kind, staff), world.collected(kind, staff)
    session.commit()
    clerk = client_for(app, staff[Role.CLERK])
    answer = post(clerk, "/renewals/batches/offer?tab=offer", id=[row.id, elsewhere.id, 99999])
    key = int(answer.headers["Location"].rsplit("/", 1)[1])
    query = select(BatchRow.subject_id).where(BatchRow.batch_id == key)
    assert list(session.scalars(query)) == [row.id]
    assert post(clerk, "/renewals/batches/offer?tab=offer").status_code == 409
    assert post(clerk, "/renewals/batches/agree?tab=decide", id=[1]).status_code == 403
    assert post(clerk, "/renewals/batches/nothing", id=[1]).status_code == 404


def test_the_whole_season_goes_by_batches(app, db, kind, staff):
    """Candidates collected, proposed, agreed and offered, each by its own desk, the clean ones at once."""
    agreements = [world.ending(kind) for _ in range(3)] + [world.ending(kind, rated="failing")]
    session.commit()
    steps = [("collect", Role.CLERK), ("propose", Role.REVIEWER), ("agree", Role.LEADER),
             ("offer", Role.CLERK)]  # fmt: skip
    with clock.at(ON):
        for word, role in steps:
            browser = client_for(app, staff[role])
            answer = post(browser, f"/renewals/batches/{word}", which="clean")
            key = int(answer.headers["Location"].rsplit("/", 1)[1])
            assert post(browser, f"/batches/{key}/start").status_code == 303
            run()
            assert set(outcomes(session.get(Batch, key))) == {"done"}, word
    states = {row.agreement_id: row.state for row in session.scalars(select(Renewal))}
    assert [states[row.id] for row in agreements] == ["offered"] * 3 + ["assessed"]
