"""A house with a full pool and one applicant, for tests of evaluation and notice: every step by its own action."""

from __future__ import annotations

from datetime import date

import clock
from actions import applications, evaluations, materials, notices, service, sessions
from actions.teams import Plan
from database import session
from models import Application, Document, Evaluator, User
from rules import evaluation as rule
from rules.permissions import Actor, Role
from tests import factories, factories_intake

PDF = b"%PDF-1.4 sample"
PAPER = materials.Upload("示例材料.pdf", PDF, "application/pdf")
SEATS = {
    "insurance": Role.FIRST_AUDITOR,
    "medicine": Role.INSPECTOR,
    "finance": Role.FINANCE,
    "information": Role.SECOND_AUDITOR,
}


class House:
    """`pool`: specialty → the member of the four; further members are added by the test."""

    def __init__(self, staff: dict[Role, Actor], kind: str) -> None:
        self.staff, self.kind = staff, kind
        self.place = factories.institution(kind)
        self.owner = factories.actor(Role.INSTITUTION, institution=self.place)
        self.pool = {key: self.member(key, staff[role]) for key, role in SEATS.items()}
        session.commit()

    def by(self, role: Role) -> Actor:
        return self.staff[role]

    def member(self, specialty: str, actor: Actor | None = None) -> Evaluator:
        who = actor or factories.actor(Role.INSPECTOR)
        row = Evaluator(user_id=who.id, specialty=specialty)
        session.add(row)
        session.flush()
        return row

    def accepted(self, on: date | None = None, place=None, owner=None) -> Application:
        """An application up to its acceptance."""
        day, place, owner = on or clock.today(), place or self.place, owner or self.owner
        row = applications.open_draft(place, actor=owner, on=day)
        session.flush()
        for item in row.materials:
            materials.hand_in(item, row, PAPER, actor=owner, on=day)
        applications.submit(row, actor=owner, on=day)
        factories_intake.accepted(row, actor=self.by(Role.CLERK), on=day)
        session.commit()
        return row

    def started(self, row: Application, on: date | None = None, **plan):
        given = Plan(**({"form": "现场评估", "reason": "样例理由"} | plan))
        members = list(self.pool.values())
        found = evaluations.start(
            row, members, given, actor=self.by(Role.CHIEF), on=on or clock.today()
        )
        session.commit()
        return found

    def items(self, evaluation) -> list[str]:
        family = evaluation.institution.kind.family
        return [item.key for item in rule.items(family, on=evaluation.started_on)]

    def answers(self, evaluation, failing: str = "") -> dict[str, dict[str, object]]:
        return {
            key: {"passed": key != failing, "remark": "样例问题" if key == failing else ""}
            for key in self.items(evaluation)
        }

    def actor_of(self, opinion) -> Actor:
        return sessions.actor_of(session.get_one(User, opinion.evaluator.user_id))

    def signed(self, evaluation, *, failing: str = "", on: date | None = None) -> None:
        """All sign; the first of them finds the item wanting."""
        for number, opinion in enumerate(evaluation.opinions):
            evaluations.give_opinion(
                opinion,
                evaluation,
                self.answers(evaluation, failing if number == 0 else ""),
                remark="",
                actor=self.actor_of(opinion),
                on=on or clock.today(),
            )
        session.commit()

    def confirmed(self, evaluation, on: date | None = None) -> Document:
        failed = not evaluation.passed
        letter = evaluations.confirm(
            evaluation,
            passed=not failed,
            reasons="样例理由" if failed else "",
            advice="样例建议" if failed else "",
            actor=self.by(Role.REVIEWER),
            on=on or clock.today(),
        )
        session.commit()
        return letter

    def judged(self, row: Application, *, passed: bool, on: date | None = None) -> Document:
        """One whole round on one day; returns the result letter."""
        evaluation = self.started(row, on)
        failing = "" if passed else self.items(evaluation)[0]
        self.signed(evaluation, failing=failing, on=on)
        return self.confirmed(evaluation, on)

    def served(self, letter: Document, on: date) -> None:
        service.serve(letter, actor=self.by(Role.CLERK), on=on, method="直接送达", proof="示例回证")
        session.commit()

    def posted(self, on: date | None = None) -> Application:
        row = self.accepted(on)
        self.judged(row, passed=True, on=on)
        notices.post(row, channel="示例窗口", actor=self.by(Role.CLERK), on=on or clock.today())
        session.commit()
        return row
