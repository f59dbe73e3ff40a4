"""Whole lives of an institution, as tests/scenarios/chains.yaml tells them, through the actions and the nights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

import clock
from actions import applications, suspensions, terminations
from database import session
from jobs import nightly
from models import Agreement, Application
from queries import agreements as agreed
from queries import eligibility, refusals
from rules.lifecycle import APPLICATION
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories_agreement as made
from tests import factories_intake, factories_negotiation
from tests.portal_world import World, fresh

STORIES = yaml.safe_load((Path(__file__).parent / "scenarios" / "chains.yaml").read_text("utf-8"))
NIGHT = ("end-due-suspensions", "end-overdue-suspensions", "expire-agreements")
YES = {True: "可以", False: "不可以"}
SOME = {True: "有", False: "没有"}


class Life:
    """One institution and what it comes to. Steps and looks are methods named in STEPS and LOOKS."""

    def __init__(self, app, staff, kind: str, ground: int) -> None:
        self.world, self.staff, self.ground = World(app, staff, kind), staff, ground
        self.place = self.world.own
        self.application = self.agreement = self.suspension = None

    # 办

    def submit(self, day: date, step: dict) -> None:
        self.application = factories_intake.submitted(self.place, actor=self.world.user, on=day).id

    def accept(self, day: date, step: dict) -> None:
        row = self._application()
        factories_intake.accepted(row, actor=self.staff[Role.CLERK], on=day)

    def decline(self, day: date, step: dict) -> None:
        applications.decline(self._application(), actor=self.staff[Role.CLERK], on=day)

    def evaluate(self, day: date, step: dict) -> None:
        self.world.evaluated(self.application)

    def post(self, day: date, step: dict) -> None:
        self.world.posted(self.application)

    def sign(self, day: date, step: dict) -> None:
        self.agreement = self.world.offered(self.application, day)
        row = self._agreement()
        factories_negotiation.signed(row, self.world.user, self.staff, on=day)

    def conclude(self, day: date, step: dict) -> None:
        until = step.get("until", date(day.year, 12, 31))
        row = made.concluded(self.place, on=day, term_from=day, term_to=until)
        self.agreement = row.id

    def suspend(self, day: date, step: dict) -> None:
        self.suspension = made.suspended(self._agreement(), self.staff, on=day, served=day)

    def ask(self, day: date, step: dict) -> None:
        suspensions.request_resumption(
            self.suspension, text="已整改。", actor=self.world.user, on=day
        )

    def resume(self, day: date, step: dict) -> None:
        suspensions.resume(
            self.suspension, opinion="合格。", actor=self.staff[Role.REVIEWER], on=day
        )

    def terminate(self, day: date, step: dict) -> None:
        decision = terminations.Decision(
            ground=made.ground(self.place, "terminate", self.ground, day),
            facts_text="经查属实。",
            found_on=day,
            effective_on=day,
        )
        terminations.terminate(self._agreement(), decision, actor=self.staff[Role.LEADER], on=day)

    def night(self, day: date, step: dict) -> None:
        for job in NIGHT:
            assert nightly.run(job, day).failed == []

    # 看

    def state(self, day: date) -> str:
        return APPLICATION.states[self._application().state].label

    def standing(self, day: date) -> str:
        return agreed.standing_of(self._agreement(), on=day).label

    def payable(self, day: date) -> str:
        return YES[eligibility.of_service(self.place, None, day).payable]

    def refusals(self, day: date) -> str:
        return SOME[bool(refusals.hits(self.place, day))]

    def _application(self) -> Application:
        return fresh("application", self.application)

    def _agreement(self) -> Agreement:
        return fresh("agreement", self.agreement)


STEPS: dict[str, Callable] = {
    "提交申请": Life.submit,
    "受理": Life.accept,
    "不予受理": Life.decline,
    "评估合格": Life.evaluate,
    "公示": Life.post,
    "签订协议": Life.sign,
    "已有协议": Life.conclude,
    "中止": Life.suspend,
    "申请恢复": Life.ask,
    "恢复": Life.resume,
    "解除": Life.terminate,
    "夜间任务": Life.night,
}
LOOKS: dict[str, Callable] = {
    "申请": Life.state,
    "协议": Life.standing,
    "结算": Life.payable,
    "不予受理情形": Life.refusals,
}


@pytest.mark.parametrize("story", [pytest.param(one, id=one["name"]) for one in STORIES])
def test_a_life_goes_as_its_story_says(app, db, staff, kind, story):
    life = Life(app, staff, kind, story["kinds"][kind])
    for step in story["steps"]:
        with clock.at(step["day"]):
            _take(life, step)


def _take(life: Life, step: dict) -> None:
    day = step["day"]
    if "then" in step:
        assert LOOKS[step["then"]](life, day) == step["is"], step
    elif "refused" in step:
        with pytest.raises(Refused) as refused:
            STEPS[step["do"]](life, day, step)
        assert step["refused"] in refused.value.why, step
        session.rollback()
    else:
        STEPS[step["do"]](life, day, step)
        session.commit()


@pytest.mark.pure
def test_every_word_of_the_counter_is_used():
    steps = [step for one in STORIES for step in one["steps"]]
    assert {step["do"] for step in steps if "do" in step} == set(STEPS)
    assert {step["then"] for step in steps if "then" in step} == set(LOOKS)
    assert all(set(one) == {"name", "kinds", "source", "steps"} for one in STORIES)
    assert all(set(one["kinds"]) == {"pharmacy", "hospital"} for one in STORIES)
