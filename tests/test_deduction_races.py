"""Points confirmed at the same instant: real threads, real commits, on whichever database the tests run on."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

import clock
from actions import deductions
from database import session
from models import Deduction, Document, Event, Hold, PointsAccount, QualificationMeasure
from queries import practitioners
from rules.permissions import Role
from tests import factories
from tests import factories_practitioner as make

DAY = make.JUNE
ROUNDS = [10, pytest.param(200, marks=pytest.mark.slow)]

# name: what was there before, what comes at once, how many sites; then total, measures in order of the account
SCENARIOS = {
    "5 and 7 from nothing": ([], [5, 7], 1, 12, ["revoke"]),
    "3 and 3 at 6": ([6], [3, 3], 1, 12, ["suspend", "revoke"]),
    "4 and 3 at 2": ([2], [4, 3], 1, 9, ["suspend"]),
    "9 and 3": (
        [],
        [9, 3],
        1,
        12,
        None,
    ),  # 3 first: revoked at once; 9 first: suspended, then revoked
    "three times 5": ([], [5, 5, 5], 1, 15, ["suspend", "revoke"]),
    "twelve times 1": ([], [1] * 12, 1, 12, ["suspend", "revoke"]),
    "6 and 6 at two sites": ([], [6, 6], 2, 12, ["revoke"]),
    "6 and 3 at two sites": ([], [6, 3], 2, 9, ["suspend"]),
}


def at_once(confirmations):
    """Confirm these (deduction id, actor, day or instant) at once, each in its own session; return what went wrong."""
    barrier, wrong = Barrier(len(confirmations)), []

    def confirm(key, actor, when):
        try:
            with clock.at(when):
                barrier.wait(30)
                deductions.confirm(session.get_one(Deduction, key), actor=actor, on=clock.today())
                session.commit()
        except Exception as error:  # noqa: BLE001  # handed to the test, which fails on it
            wrong.append(error)
        finally:
            session.remove()

    threads = [Thread(target=confirm, args=each) for each in confirmations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def play(before, together, places, staff, *, kind="hospital"):
    """One round with a new person; returns the person's key and the points confirmed at once."""
    row, _first = make.practitioner(kind, places[0])
    for other in places[1:]:
        make.registered(row, other)
    clerk, reviewer = staff[Role.CLERK], staff[Role.REVIEWER]
    for points in before:
        deductions.confirm(make.recorded(row, places[0], points, clerk), actor=reviewer, on=DAY)
    waiting = [
        make.recorded(row, places[n % len(places)], points, clerk).id
        for n, points in enumerate(together)
    ]
    session.commit()
    key = row.id
    session.remove()
    assert at_once([(each, reviewer, DAY) for each in waiting]) == []
    return key


def found(key):
    """What stands in the database about a person after a round."""
    entries = session.scalars(select(Deduction).where(Deduction.practitioner_id == key)).all()
    measures = session.scalars(
        select(QualificationMeasure)
        .where(QualificationMeasure.practitioner_id == key)
        .order_by(QualificationMeasure.id)
    ).all()
    letters = session.scalars(select(Document).order_by(Document.id)).all()
    ids, acts = {m.id for m in measures}, {e.id for e in entries}
    return {
        "total": session.get_one(PointsAccount, (key, DAY.year)).total,
        "after": sorted(e.total_after for e in entries),
        "points": [e.points for e in entries],
        "kinds": [str(m.kind) for m in measures],
        "running": [str(m.kind) for m in measures if m.superseded_on is None],
        "holds": session.scalars(select(Hold).where(Hold.practitioner_id == key)).all(),
        "notices": [
            d for d in letters if d.subject == "qualification_measure" and d.subject_id in ids
        ],
        "letters": [d for d in letters if d.subject == "deduction" and d.subject_id in acts],
    }


def judge(key, total, kinds, places):
    seen = found(key)
    assert seen["total"] == sum(seen["points"]) == total
    assert seen["after"][-1] == total
    assert len(set(seen["after"])) == len(seen["after"])
    assert seen["kinds"] == kinds if kinds else seen["kinds"] in (["revoke"], ["suspend", "revoke"])
    assert seen["running"] == seen["kinds"][-1:]
    assert len(seen["letters"]) == len(seen["points"])
    assert len(seen["notices"]) == len(seen["kinds"]) * places
    assert len(seen["holds"]) == 1  # a suspension superseded on its first day leaves none


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_points_confirmed_at_once_add_up_exactly(db, staff, name, rounds):
    before, together, sites, total, kinds = SCENARIOS[name]
    places = [factories.institution("hospital") for _ in range(sites)]
    keys = []
    for _ in range(rounds):
        places = [session.merge(place) for place in places]
        keys.append(play(before, together, places, staff))
    for key in keys:
        judge(key, total, kinds, sites)


def test_a_pharmacy_principal_races_alike(db, staff):
    place = factories.institution("pharmacy")
    key = play([6], [3, 3], [place], staff, kind="pharmacy")
    judge(key, 12, ["suspend", "revoke"], 1)


def test_two_years_are_two_accounts_also_at_once(db, staff):
    row, place = make.practitioner()
    clerk, reviewer = staff[Role.CLERK], staff[Role.REVIEWER]
    days = [date(2025, 12, 31), date(2026, 1, 5)]
    waiting = [
        (make.recorded(row, place, 8, clerk, decided_on=day).id, reviewer, days[1]) for day in days
    ]
    session.commit()
    key = row.id
    session.remove()
    assert at_once(waiting) == []
    assert [session.get_one(PointsAccount, (key, year)).total for year in (2025, 2026)] == [8, 8]
    assert session.scalars(select(QualificationMeasure)).all() == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_last_second_of_a_year_counts_in_it_and_the_next_does_not(db, staff, kind, rounds):
    """Five and four decided and confirmed at 23:59:59 in Shanghai, five more a second later: one UTC day, two years."""
    last = datetime(2025, 12, 31, 23, 59, 59, tzinfo=clock.SHANGHAI)
    first = last + timedelta(seconds=1)
    acts = [(5, last), (4, last), (5, first)]
    place, keys = factories.institution(kind), []
    for _ in range(rounds):
        place = session.merge(place)
        row, _first = make.practitioner(kind, place)
        waiting = [
            (
                make.recorded(row, place, points, staff[Role.CLERK], decided_on=at.date()).id,
                staff[Role.REVIEWER],
                at,
            )
            for points, at in acts
        ]
        session.commit()
        keys.append(row.id)
        session.remove()
        assert at_once(waiting) == []
    for key in keys:
        totals = [session.get_one(PointsAccount, (key, year)).total for year in (2025, 2026)]
        assert totals == [9, 5]
        measures = session.scalars(
            select(QualificationMeasure).where(QualificationMeasure.practitioner_id == key)
        ).all()
        assert [str(one.kind) for one in measures] == ["suspend"]
        assert [one.from_on for one in measures] == [date(2025, 12, 31)]
        notices = select(Document).where(
            Document.subject == "qualification_measure", Document.subject_id == measures[0].id
        )
        assert len(session.scalars(notices).all()) == 1


def test_the_same_decision_confirmed_twice_at_once_counts_once(db, staff):
    row, place = make.practitioner()
    second = factories.actor(Role.REVIEWER)
    entry = make.recorded(row, place, 9, staff[Role.CLERK]).id
    session.commit()
    key = row.id
    session.remove()
    wrong = at_once([(entry, staff[Role.REVIEWER], DAY), (entry, second, DAY)])
    assert len(wrong) == 1
    judge(key, 9, ["suspend"], 1)
    assert practitioners.status(session.get_one(type(row), key), DAY).status == "suspended"


def test_the_chain_of_events_survives_the_race(db, staff):
    places = [factories.institution("hospital")]
    play([], [1] * 6, places, staff)
    lines = session.execute(select(Event.seq, Event.previous, Event.hash).order_by(Event.seq)).all()
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert all(later.previous == earlier.hash for earlier, later in pairwise(lines))
