"""`flask demo`: a small county through the same code; the whole one where slow tests run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

import clock
import models
from commands import demo, demo_county, demo_people
from commands.demo_people import POOL, STAFF
from database import session
from models import (
    Agreement,
    Application,
    Ban,
    Batch,
    BatchRow,
    Blob,
    CaseMeasure,
    Cycle,
    Deduction,
    Document,
    Event,
    Institution,
    InstitutionKey,
    PointsAccount,
    Practitioner,
    Proposal,
    Rectification,
    Registration,
    Restoration,
    Reversal,
    Suspension,
    Termination,
    User,
    Violation,
    WorkItem,
)
from queries import agreements as ask
from queries import events, worklist
from rules import passwords
from rules.lifecycle import LIFECYCLES
from rules.permissions import Role
from rules.standing import Word
from tests import demo_world, month, verb_matrix

MODELS = {
    row.__tablename__: row
    for row in (getattr(models, name) for name in models.__all__)
    if row.__tablename__ in LIFECYCLES
}
SMALL = ("--medical", "2", "--pharmacies", "4", "--newcomers", "2")
STANDING = {
    "negotiating": {Word.NONE, Word.PENDING},
    "failed": {Word.NONE},
    "offered": {Word.NONE, Word.PENDING},
    "countersigning": {Word.NONE, Word.PENDING},
    "concluded": {Word.IN_FORCE, Word.PENDING},
    "suspended": {Word.SUSPENDED},
    "terminated": {Word.TERMINATED},
    "lapsed": {Word.LAPSED},
}


@pytest.fixture(scope="module", params=[pytest.param(SMALL, marks=pytest.mark.once, id="small")])
def small(template, tmp_path_factory, request):
    """On PostgreSQL the whole county stands for the small one, where slow tests run."""
    with demo_world.county(template, tmp_path_factory.mktemp("small"), *request.param) as world:
        yield world


@pytest.fixture
def here(small):
    small.settle()
    with small.app.app_context():
        yield small
        session.rollback()
    session.remove()
    small.app.extensions["engine"].dispose()


def rows(model, *where):
    return session.scalars(select(model).where(*where).order_by(model.id)).all()


def fingerprint():
    last = session.scalar(select(Event.hash).order_by(Event.seq.desc()).limit(1))
    return last, session.scalar(select(func.count()).select_from(Document))


def check_counts(medical, pharmacies):
    """Designated once or twice in the year: every institution of the county, and nobody else."""
    signed = session.scalars(
        select(Institution)
        .join(Agreement, Agreement.institution_id == Institution.id)
        .where(Agreement.agency_signed_on.is_not(None))
        .distinct()
    ).all()
    families = Counter(row.kind.family for row in signed)
    assert families == {"medical": medical, "pharmacy": pharmacies}


def check_standings():
    for agreement in rows(Agreement):
        standing = ask.standing_of(agreement, on=demo_world.END).word
        assert standing in STANDING[agreement.state], (agreement.number, agreement.state)


def check_chain_of_events(app):
    found = events.check(app.config["SETTINGS"].anchor_file)
    assert (found.whole, found.unanchored) == (True, 0)
    assert found.rows == session.scalar(select(func.count()).select_from(Event))


def check_work_items():
    """One open item for each subject whose state has a desk or which called for one, and none else."""
    open_ones = rows(
        WorkItem,
        WorkItem.done.is_(False),
        WorkItem.subject.not_in(["opinion", "reminder", "vote"]),
    )
    found = Counter((item.subject, item.subject_id, _role(item.desk)) for item in open_ones)
    wanted = Counter(
        (noun, row.id, str(table.states[row.state].desk))
        for noun, table in LIFECYCLES.items()
        for row in rows(MODELS[noun])
        if hasattr(row, "number") and table.states[row.state].desk
    )
    assert found == wanted + _called()


def _called():
    """What no state asks for: late orders, money to be brought, certificates of people that end."""
    owed = rows(CaseMeasure, CaseMeasure.state == "decided", CaseMeasure.due_on.is_not(None))
    late = rows(
        Rectification,
        Rectification.state.in_(["ordered", "returned"]),
        Rectification.called_on.is_not(None),
    )
    ending = rows(Registration, Registration.warned_days.is_not(None), Registration.to_on.is_(None))
    calls = [("case_measure", row.id, "inspector") for row in owed]
    calls += [("rectification", row.id, "inspector") for row in late]
    return Counter(calls + [("registration", row.id, "clerk") for row in ending])


def _role(desk):
    """What a responsible inspector has by name is the inspectors'."""
    return "inspector" if desk.startswith("user:") else desk


def check_points():
    totals, gone = (
        defaultdict(int),
        {row.deduction_id for row in rows(Reversal) if row.confirmed_on},
    )
    for row in rows(Deduction, Deduction.state == "confirmed"):
        totals[row.practitioner_id, row.year] += 0 if row.id in gone else row.points
    for row in rows(Restoration, Restoration.state == "confirmed"):
        totals[row.practitioner_id, row.year] -= row.points
    accounts = session.scalars(select(PointsAccount)).all()
    kept = {(row.practitioner_id, row.year): row.total for row in accounts if row.total}
    assert kept == {key: min(total, 12) for key, total in totals.items()}


def check_three_persons():
    decided = rows(Violation, Violation.decided_on.is_not(None))
    assert decided
    for row in decided:
        assert len({row.recorded_by_id, row.reviewed_by_id, row.approved_by_id}) == 3


def test_the_small_county_is_whole(here):
    check_counts(2, 4)
    check_standings()
    check_chain_of_events(here.app)
    check_work_items()
    check_points()
    check_three_persons()


def test_it_says_each_month_and_the_address(small):
    months = [line for line in small.output.splitlines() if line.endswith("项业务")]
    assert len(months) == 13  # from the end of November to the middle of the next
    assert "http://127.0.0.1:5000/" in small.output


def test_the_branch_of_the_same_person_ends_as_well_and_the_person_is_refused(here):
    [origin] = rows(Termination, Termination.chain_of_id.is_(None))
    [branch] = rows(Termination, Termination.chain_of_id == origin.id)
    first, second = (f"P990123{number + 1:05d}" for number in demo_county.CHAIN)
    assert (origin.institution.code, branch.institution.code) == (first, second)
    persons = {ban.person_index for ban in rows(Ban, Ban.ground == "person")}
    assert len(persons) == 2
    [declined] = rows(Application, Application.state == "declined")
    assert declined.institution.kind.family == "pharmacy"
    [letter] = rows(Document, Document.kind == "decline")
    assert letter.facts["grounds"][0]["until"]


def test_the_failed_pharmacy_comes_back_after_its_time(here):
    [application] = rows(
        Application, Application.institution.has(Institution.code == "P99012300002")
    )
    assert [one.passed for one in application.evaluations] == [False, True]
    assert application.retry_on <= application.retried_on
    assert application.state == "signed"


def test_every_letter_is_a_sample_and_only_a_batch_was_printed(here):
    """Signed, printed and served in batches: with a key and a consent both, without a consent the row is refused."""
    documents = rows(Document)
    assert all(row.facts["sample"] for row in documents)
    printed = [row for row in documents if row.sha256]
    assert {row.kind for row in printed} == {"agreement"}
    assert {row.served_on is not None for row in printed if row.first_sha256} == {True}
    families = {row.institution.kind.family for row in printed if row.first_sha256}
    assert families == {"medical", "pharmacy"}
    outcomes = session.execute(
        select(Batch.kind, BatchRow.outcome).join(BatchRow, BatchRow.batch_id == Batch.id)
    ).all()
    wanted = {("countersign", "done"), ("print", "done"), ("serve", "done"), ("serve", "refused")}
    assert wanted <= {(kind, str(outcome)) for kind, outcome in outcomes}
    announced = [row for row in documents if row.announced_on]
    assert {row.institution.kind.family for row in announced} == {"medical", "pharmacy"}
    assert {row.served_on is None for row in announced} == {True, False}
    keys = [blob for row in printed for blob in (row.sha256, row.first_sha256) if blob]
    drawn = len(rows(InstitutionKey))  # each with its picture
    # a paper, the key and the picture of the agency's seal besides
    assert session.scalar(select(func.count()).select_from(Blob)) == 3 + len(keys) + drawn


def test_two_cycles_are_published_and_decided_on(here):
    states = Counter(row.state for row in rows(Cycle) if not row.of_persons)
    persons = {row.subject: row.state for row in rows(Cycle) if row.of_persons}
    waiting = dict.fromkeys(("practitioner", "legal_representative"), "computed")
    assert persons == waiting | {"insured_person": "published"}
    assert states == {
        "frozen": 1, "self_assessing": 1, "computed": 1, "reviewed": 1, "announced": 1, "decided": 1,
        "published": 1, "archived": 1, "superseded": 2,
    }  # fmt: skip
    decided = Counter(row.state for row in rows(Proposal))
    assert decided["adopted"] > decided["refused"] > 0


def test_a_month_of_the_county_goes_through_the_pages_to_the_letter_of_the_transfer(
    small, tmp_path
):
    """By the people on the printed list, in a copy: from the statement to the transfer, for both families."""
    with demo_world.copied(small, tmp_path) as world:
        for place in ("hospital", "pharmacy"):
            desks = {name: month.Desk(_signed_in(world, name)) for name in month.DESKS[:-1]}
            desks["portal"] = month.Desk(_signed_in(world, place))
            query = select(Institution).join(User, User.institution_id == Institution.id)
            query = query.where(User.username == world.accounts[place]["username"])
            found = session.scalars(query).one()
            who = demo_people.serving(found.id, date(2026, 6, 12))
            key, (drawn, marked) = month.played(desks, found.code, who, "2026-06", inpatients=0)
            assert drawn == marked != set()
            issued = month.letters(key)
            assert set(issued) == {
                "denial_detail", "denial_appeal", "settlement_sheet", "disbursement_notice",
            }  # fmt: skip
            last = issued["disbursement_notice"]
            file = desks["portal"].client.get(f"/portal/documents/{last.id}")
            assert file.data.startswith(b"%PDF")
            assert "385.70" in desks["portal"].client.get(f"/portal/settlements/{key}").text


def _signed_in(world, key):
    client = world.app.test_client()
    assert client.post("/login", data=world.accounts[key]).status_code == 303, key
    return client


def test_the_printed_accounts_work_at_once(here):
    accounts = here.accounts
    assert list(accounts) == [*STAFF, "hospital", "pharmacy"]
    for key in ("clerk", "inspector_b", "hospital"):
        client = here.app.test_client()
        answer = client.post("/login", data=accounts[key])
        assert answer.status_code == 303, key
        home = client.get(answer.headers["Location"], follow_redirects=True)
        assert (home.status_code, "password" in home.request.path) == (200, False)
    for key, row in accounts.items():
        assert passwords.faults(row["password"], row["username"]) == [], key
        user = session.scalars(select(User).where(User.username == row["username"])).one()
        assert user.must_change_password is False
    assert here.accounts_file.stat().st_mode & 0o077 == 0


def test_the_accounts_of_institutions_hold_agreements_in_force(here):
    for key in ("hospital", "pharmacy"):
        user = session.scalars(select(User).where(User.username == key)).one()
        assert user.role is Role.INSTITUTION
        [agreement] = ask.designating(user.institution_id)
        assert ask.standing_of(agreement, on=demo_world.END).word is Word.IN_FORCE
        assert rows(Violation, Violation.institution_id == user.institution_id)


def test_a_second_run_changes_nothing(here):
    before, accounts = fingerprint(), here.accounts
    session.rollback()
    again = here.run(*SMALL)
    assert again.exit_code == 0, again.output
    assert "没有作任何改动" in again.output
    assert (fingerprint(), here.accounts) == (before, accounts)


def test_a_lost_file_of_accounts_is_said(here, tmp_path):
    answer = replace(here, accounts_file=tmp_path / "none.json").run()
    assert answer.exit_code == 1
    assert "--reset" in answer.output


def test_a_database_in_use_is_left_alone(app, db, tmp_path):
    from tests import factories

    factories.institution("pharmacy")
    db.commit()
    world = demo_world.World(app, tmp_path / "accounts.json", "")
    answer = world.run()
    assert answer.exit_code == 1
    assert "不是演示数据" in answer.output
    assert not world.accounts_file.exists()
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("wrong", [{"demo": False}, {"division": "990999"}])
def test_a_real_setting_keeps_the_demo_out(app, db, tmp_path, wrong):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **wrong)
    answer = demo_world.World(app, tmp_path / "accounts.json", "").run()
    assert answer.exit_code == 1
    assert session.scalar(select(func.count()).select_from(Institution)) == 0


def test_the_year_never_runs_beyond_the_loaded_calendars(db):
    with clock.at(demo_world.END):
        assert demo.last_day() == demo_world.END
    with clock.at(demo_world.END.replace(year=2030)):
        assert demo.last_day().isoformat() == "2026-12-01"


def test_no_verb_moves_a_row_from_another_state_or_for_another_person(here):
    ways = verb_matrix.check(MODELS, demo_world.END)
    assert ways["moved"] >= 10
    assert ways["denied"] > 100
    assert ways["refused"] > 1000


@pytest.mark.pure
def test_invented_numbers_pass_and_belong_to_nobody():
    places = demo_county.county(25, 79, demo_world.END) + demo_county.newcomers(
        20, demo_world.END, None
    )
    assert len({place.code for place in places}) == len({place.name for place in places}) == 144
    assert all(place.owner.id_number[6:8] == "19" for place in places)
    assert {place.owner.id_number[8:10] for place in places} == {"00"}
    assert all("示例" in place.name or "样例" in place.name for place in places)


@pytest.mark.slow
def test_the_whole_county(template, tmp_path):
    with demo_world.county(template, tmp_path) as world, world.app.app_context():
        check_counts(25, 79)
        check_standings()
        check_chain_of_events(world.app)
        check_work_items()
        check_points()
        check_three_persons()
        assert 390 <= session.scalar(select(func.count()).select_from(Practitioner)) <= 410
        check_every_state()
        verb_matrix.check(MODELS, demo_world.END)
        check_suspensions()
        check_desks(world)


BOTH_KINDS = {
    "objection", "rectification", "referral",
    "application", "filing", "renewal", "amendment", "unfiled_change", "change_notice", "violation", "deduction",
    "reversal", "appeal", "restoration", "talk", "reinstatement", "rating_objection", "grade_change",
    "credit_information", "retention_release", "prepayment",
}  # fmt: skip


def check_every_state():
    """Of both kinds wherever the subject has one."""
    for noun, table in LIFECYCLES.items():
        seen = defaultdict(set)
        for row in rows(MODELS[noun]):
            institution = getattr(row, "institution", None)
            seen[row.state].add(institution.kind.family if institution else "")
        assert set(table.states) == set(seen), noun
        if noun in BOTH_KINDS:
            assert {state for state, kinds in seen.items() if len(kinds) < 2} == set(), noun


def check_suspensions():
    """Ended by resumption, by their decided day and by the longest time; one waits for proof — in each family."""
    for family in ("medical", "pharmacy"):
        mine = [row for row in rows(Suspension) if row.institution.kind.family == family]
        ends = " ".join(row.end_reason for row in mine)
        assert "整改到位" in ends
        assert "期满" in ends
        assert "超过 180 日" in ends
        waiting = [row for row in mine if row.ended_on is None and row.document.served_on is None]
        assert min((demo_world.END - row.from_on).days for row in waiting[:1]) > 180


def check_desks(world):
    """Every desk has something to do, and the clerk's list shows every light."""
    from actions import sessions

    names = [world.accounts[key]["username"] for key in ("reviewer", "chief", "leader", *POOL)]
    lights = set()
    for user in session.scalars(select(User).where(User.username.in_([*names, "clerk"]))):
        actor = sessions.actor_of(user)
        shown = worklist.rows(actor, worklist.Filters(size=200), on=demo_world.END)
        assert shown, user.username
        lights |= {row.light.state for row in shown}
    assert lights >= {"over", "due", "soon", "ok", "paused"}
