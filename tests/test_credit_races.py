"""Two people at the same instant: one proposal, one draft, one objection, one subject, publication beside an objection."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from actions import (
    blacklistings,
    cycles,
    grade_changes,
    proposals,
    rating_objections,
    scheme_drafts,
)
from actions.rating_objections import Said
from database import session
from models import Blacklisting, Cycle, Proposal, Rating, RatingObjection, SchemeDraft
from queries import scope
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories, factories_blacklist, factories_cycle
from tests.factories_cycle import ON

pytestmark = pytest.mark.slow
ROUNDS = int(os.environ.get("DINGDIAN_RACES", "20"))


def at_once(*steps: Callable[[], Any]) -> list[Exception | None]:
    """Each step in a session of its own, begun together; what each came to."""
    barrier, came = Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            barrier.wait(30)
            step()
            session.commit()
        except Exception as error:  # noqa: BLE001  # handed to the test, which judges it
            session.rollback()
            came[place] = error
        finally:
            session.remove()

    threads = [Thread(target=run, args=each) for each in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def held(noun: str, key: int, actor: Any) -> Any:
    """As a door takes it."""
    return scope.find(noun, key, actor, lock=True)


def published(staff, kind, name):
    place = factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff, name)
    rating = next(row for row in cycle.ratings if row.institution_id == place.id)
    session.commit()
    return place, cycle, rating


@pytest.fixture
def leaders(db, staff):
    second = factories.actor(Role.LEADER)
    session.commit()
    return staff[Role.LEADER], second


def test_of_two_who_decide_one_proposal_one_does(staff, leaders, kind):
    _, _, rating = published(staff, kind, "样例")
    keys = list(session.scalars(select(Proposal.id).where(Proposal.rating_id == rating.id)))
    session.remove()
    for key in keys:
        came = at_once(*(
            lambda one=one, key=key: proposals.decide(held("proposal", key, one), "adopt", actor=one, on=ON)
            for one in leaders
        ))  # fmt: skip
        assert sorted(isinstance(one, Refused) for one in came) == [False, True], came
    states = list(session.scalars(select(Proposal.state)))
    assert states == ["adopted"] * len(keys)


def test_a_proposal_decided_beside_a_change_of_grade_is_never_left_on_the_old_grade(
    staff, leaders, kind
):
    _, _, rating = published(staff, kind, "样例")
    key, leader = rating.id, staff[Role.LEADER]
    grades = ["passing", "good"]
    for n in range(ROUNDS):
        row = session.get_one(Rating, key)
        plan = grade_changes.Plan(grades[n % 2], "查实。", "方案")
        change = grade_changes.propose(row, plan, actor=staff[Role.CLERK], on=ON).id
        session.commit()
        query = select(Proposal.id).where(
            Proposal.use == "inspection_ratio", Proposal.state == "proposed"
        )
        waiting = session.scalars(query).one()
        session.remove()
        came = at_once(
            lambda waiting=waiting: proposals.decide(held("proposal", waiting, leader), "adopt", actor=leader, on=ON),
            lambda change=change: grade_changes.confirm(
                held("grade_change", change, staff[Role.REVIEWER]), actor=staff[Role.REVIEWER], on=ON
            ),
        )  # fmt: skip
        assert came[1] is None, came
        standing = session.execute(
            select(Proposal.grade, Proposal.state).where(
                Proposal.use == "inspection_ratio", Proposal.state.in_(("proposed", "adopted"))
            )
        ).all()
        assert standing == [(grades[n % 2], "proposed")], (n, came)
        session.remove()


def test_of_two_who_decide_one_draft_one_does(staff, db, kind):
    second = factories.actor(Role.BUREAU)
    factories_cycle.quiet(kind)
    cycle = factories_cycle.started(staff, on=date(2026, 6, 15))
    drafts = []
    for n in range(6):
        row = scheme_drafts.draft(
            cycle,
            f"样例{n}",
            {"grades.good.at_least": str(81 + n)},
            "理由",
            actor=staff[Role.CLERK],
            on=ON,
        )
        scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
        session.flush()
        drafts.append(row.id)
    session.commit()
    session.remove()
    first, two = staff[Role.BUREAU], second
    for n, key in enumerate(drafts):
        words = {"edition": f"20{30 + n}", "in_force_on": ON, "minutes": "通过。", "actor": first}
        came = at_once(
            lambda key=key, words=words: scheme_drafts.adopt(
                held("scheme_draft", key, words["actor"]), on=ON, **words
            ),
            lambda key=key: scheme_drafts.refuse(
                held("scheme_draft", key, two), actor=two, on=ON, reason="不妥。"
            ),
        )
        assert sorted(isinstance(one, Refused) for one in came) == [False, True], came
    assert (
        session.scalar(
            select(func.count()).select_from(SchemeDraft).where(SchemeDraft.state == "submitted")
        )
        == 0
    )


def test_of_two_who_judge_one_objection_one_does(staff, db, kind):
    second = factories.actor(Role.REVIEWER)
    place, _, rating = published(staff, kind, "样例")
    chief = staff[Role.CHIEF]
    for n in range(ROUNDS):
        row = session.get_one(Rating, rating.id)
        said = Said(place.name, f"有误{n}。", source="counter")
        objection = rating_objections.raise_objection(row, said, actor=staff[Role.CLERK], on=ON)
        rating_objections.accept(objection, actor=chief, on=ON)
        session.commit()
        key = objection.id
        session.remove()
        came = at_once(*(
            lambda one=one, key=key: rating_objections.uphold(
                held("rating_objection", key, one), opinion="一致。", actor=one, on=ON
            )
            for one in (chief, second)
        ))  # fmt: skip
        assert sorted(isinstance(one, Refused) for one in came) == [False, True], came


def test_the_same_subject_is_proposed_for_the_list_once(staff, db, kind):
    place = factories_cycle.quiet(kind)
    key, given = place.id, factories_blacklist.given(place)
    session.commit()
    session.remove()

    def put(actor):
        place = held("institution", key, actor)
        blacklistings.propose(place, given, actor=actor, on=factories_blacklist.DAY)

    came = at_once(*(lambda who=who: put(staff[who]) for who in (Role.CLERK, Role.INSPECTOR)))
    assert sorted(isinstance(one, Refused) for one in came) == [False, True], came
    assert session.scalar(select(func.count()).select_from(Blacklisting)) == 1


def test_a_run_is_not_published_over_an_objection_that_came_in_meanwhile(staff, db, kind):
    """Either the objection is first, then nothing is published; or it meets a published grade. Never both in between."""
    leader = staff[Role.LEADER]
    for n in range(5):
        place = factories_cycle.quiet(kind)
        cycle = factories_cycle.decided(factories_cycle.announced(staff, f"样例{n}"), staff)
        rating = next(row for row in cycle.ratings if row.institution_id == place.id)
        session.commit()
        key, mine = cycle.id, rating.id
        said = Said(place.name, "有误。", source="counter")
        session.remove()
        came = at_once(
            lambda key=key: cycles.publish(held("cycle", key, leader), actor=leader, on=ON),
            lambda mine=mine, said=said: rating_objections.raise_objection(
                held("rating", mine, staff[Role.CLERK]), said, actor=staff[Role.CLERK], on=ON
            ),
        )
        state = session.get_one(Cycle, key).state
        raised = session.scalar(
            select(func.count())
            .select_from(RatingObjection)
            .where(RatingObjection.rating_id == mine)
        )
        assert (str(state), raised) in {("published", 1), ("published", 0), ("decided", 1)}, came
        session.remove()
