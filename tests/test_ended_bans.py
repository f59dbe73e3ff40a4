"""限制期结束: noted once, on the day after the period or the day the obligation was met — for both kinds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import bans as act
from actions import terminations
from database import session
from jobs import nightly
from models import Ban, Event
from queries import bans as ask
from rules import bans as rule
from rules.bans import BanFacts
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY

BREACH = {"pharmacy": 9, "hospital": 6}
ILLEGAL = {"pharmacy": 4, "hospital": 3}
UNTIL = date(2027, 6, 15)  # twelve months from 15 June 2026
OVER = date(2027, 6, 16)
LAW = pytest.mark.law("P3-11.3", "M2-12.5", refuses=True, passes=True)


def facts(**more):
    given = {"ground": "terminated_breach", "basis": "示例", "whose": ""}
    return BanFacts(**given, **{"from_on": TODAY, "until": UNTIL, **more})


@LAW
@pytest.mark.parametrize(
    ("met", "day", "ended"),
    [
        (None, UNTIL, None),
        (None, OVER, OVER),
        (None, date(2028, 1, 1), OVER),
        (date(2027, 1, 1), UNTIL, None),
        (date(2027, 1, 1), OVER, OVER),
        (date(2027, 9, 1), date(2027, 8, 31), None),
        (date(2027, 9, 1), date(2027, 9, 1), date(2027, 9, 1)),
        (date(2027, 9, 1), date(2027, 9, 2), date(2027, 9, 1)),
    ],
)
def test_a_ban_ends_after_its_last_day_and_not_before_what_is_owed_is_done(met, day, ended):
    owed = {"obligation": "违约金", "obligation_met_on": met} if met else {}
    assert rule.ended_on(facts(**owed), day) == ended


def test_a_ban_that_owes_or_has_not_begun_has_not_ended():
    assert rule.ended_on(facts(obligation="违约金"), date(2030, 1, 1)) is None
    assert rule.ended_on(facts(), TODAY - timedelta(days=1)) is None


def barred(kind, staff, numbers=BREACH, **more):
    agreement = made.concluded(factories.institution(kind))
    ground = made.ground(agreement.institution, "terminate", numbers[kind])
    decision = terminations.Decision(ground, "经查属实。", TODAY, TODAY, **more)
    row = terminations.terminate(agreement, decision, actor=staff[Role.LEADER], on=TODAY)
    session.commit()
    return row


def noted():
    query = select(Event).where(Event.verb == "end_ban").order_by(Event.seq)
    return [(one.day, one.subject, one.facts["text"]) for one in session.scalars(query)]


@LAW
def test_the_night_notes_the_end_once_with_its_days(db, kind, staff):
    barred(kind, staff)
    told = [len(nightly.run("end-bans", UNTIL + timedelta(days=n)).done) for n in (-1, 0, 1, 2)]
    assert told == [0, 0, 1, 0]
    text = (
        "本机构（因严重违反协议被解除协议）：限制期至 2027-06-15，2027-06-16 起不再限制申请定点。"
    )
    assert noted() == [(OVER, "termination", text)]
    assert db.scalars(select(Ban.ended_on)).all() == [OVER]


@LAW
def test_what_is_still_owed_keeps_it_and_doing_it_ends_it_at_once(db, kind, staff):
    barred(kind, staff, obligation="违约金 20,000.00 元未缴清")
    late = date(2028, 1, 10)
    assert nightly.run("end-bans", late).done == []
    ban = db.scalars(select(Ban)).one()
    act.meet_obligation(ban, proof="示例缴款凭证", actor=staff[Role.CLERK], on=late)
    session.commit()
    assert [day for day, _, _ in noted()] == [late]
    assert ban.ended_on == late
    assert ask.ending(late + timedelta(days=1)) == []


@LAW
def test_doing_it_early_ends_nothing_before_the_period(db, kind, staff):
    barred(kind, staff, obligation="违约金 20,000.00 元未缴清")
    ban = db.scalars(select(Ban)).one()
    act.meet_obligation(ban, proof="示例缴款凭证", actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    assert noted() == []
    assert [len(nightly.run("end-bans", day).done) for day in (UNTIL, OVER)] == [0, 1]


@pytest.mark.law("P3-11.5", "M2-12.7", refuses=True, passes=True)
def test_each_person_is_named_on_the_day_after_five_years(db, kind, staff):
    row = barred(kind, staff, ILLEGAL)
    assert len(nightly.run("end-bans", date(2029, 6, 16)).done) == 1  # the institution: 36 months
    five = date(2031, 6, 15)
    assert nightly.run("end-bans", five).done == []
    done = nightly.run("end-bans", five + timedelta(days=1)).done
    names = set(db.scalars(select(Ban.person_name).where(Ban.person_index.is_not(None))))
    assert len(done) == 3
    assert names == {text.partition("（")[0] for _, _, text in noted()[1:]}
    assert db.scalars(select(Event.subject_id).where(Event.verb == "end_ban")).all() == [row.id] * 4
