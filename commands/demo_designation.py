"""申请 to 协议, played: each step is what one person does at one counter, on a working day of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from sqlalchemy import select

import clock
import regulations
from actions import (
    agreements,
    applications,
    clarifications,
    evaluations,
    letters,
    materials,
    notices,
    objections,
    reevaluations,
    service,
    signatures,
    teams,
    verifications,
)
from actions import sessions as accounts
from commands.demo_agenda import ONE_DAY, Agenda
from commands.demo_courses import SPECIALTIES, Course
from commands.demo_negotiation import MANDATE, Table
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from database import session
from models import Agreement, Application, Institution, Objection
from models.material import MaterialState
from queries import conditions, evaluators, refusals
from rules.checks import PERSON, Result
from rules.lifecycle import AgreementState as A
from rules.lifecycle import ApplicationState as S

PROOF = "示例送达回证"
NEGOTIATED = (S.NEGOTIATING, S.UNSETTLED)


class Applicant:
    """One institution's application, step by step. Every step puts the next one on the agenda."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, course: Course) -> None:
        self.agenda, self.cast, self.code, self.course = agenda, cast, code, course

    @property
    def institution(self) -> Institution:
        return self.cast.institution(self.code)

    @property
    def application(self) -> Application:
        query = select(Application).where(Application.institution_id == self.cast.ids[self.code])
        return session.scalars(query.order_by(Application.id.desc()).limit(1)).one()

    @property
    def agreement(self) -> Agreement:
        query = select(Agreement).where(Agreement.institution_id == self.cast.ids[self.code])
        return session.scalars(query.order_by(Agreement.id.desc()).limit(1)).one()

    def next(self, state: str, count: int, step: Callable[[date], object]) -> None:
        """Go on in `count` working days, at once for none, unless the application is to be left in this state."""
        if self.course.until == state:
            return
        if count:
            self.agenda.later(count, step)
        else:
            self.agenda.put(self.agenda.today, step)

    def apply(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        application = applications.open_draft(self.institution, actor=owner, on=on)
        session.flush()
        wanted = [one for one in application.materials if one.required]
        for material in wanted if self.course.until != S.DRAFT else wanted[:2]:
            materials.hand_in(material, application, PAPER, actor=owner, on=on)
        self.next(S.DRAFT, 0, self.submit)

    def submit(self, on: date) -> None:
        applications.submit(self.application, actor=self.cast.owners[self.code], on=on)
        step = self.return_one if self.course.supplement else self.accept
        self.next(S.SUBMITTED, self.course.pace, step)

    def return_one(self, on: date) -> None:
        """One paper is not good enough: the notice of supplement, and the clock stops."""
        clerk, application = self.cast["clerk"], self.application
        first, told = application.materials[0], application.supplements
        materials.check_material(
            first, application, passed=False, reason="申请表缺少示例签章页。", actor=clerk, on=on
        )
        if any(one.state == MaterialState.GIVEN for one in application.materials):
            materials.pass_all_given(application, actor=clerk, on=on)
        reason = "机构补正的申请表仍然缺少示例签章页，机构请求再给一次机会。" if told else ""
        applications.request_supplement(application, actor=clerk, on=on, again_reason=reason)
        if self.course.again and not told:
            self.agenda.later(3, self.supplement)
            return
        self.next(S.SUPPLEMENTING, 2, self.serve_last)
        self.next(S.SUPPLEMENTING, 3, self.supplement)

    def supplement(self, on: date) -> None:
        owner, application = self.cast.owners[self.code], self.application
        materials.hand_in(application.materials[0], application, PAPER, actor=owner, on=on)
        applications.supplement(application, actor=owner, on=on)
        once = self.course.again and application.supplements == 1
        self.agenda.later(self.course.pace, self.return_one if once else self.accept)

    def accept(self, on: date) -> None:
        clerk, application = self.cast["clerk"], self.application
        materials.pass_all_given(application, actor=clerk, on=on)
        if self.course.until == S.WITHDRAWN:
            applications.withdraw(application, actor=self.cast.owners[self.code], on=on)
            return
        self.agenda.later(1, self.serve_last)
        if self.course.until == S.DECLINED:
            reason = "现场核查，收费目录以该情形所列项目为主。" if self.course.ground else ""
            applications.decline(
                application, actor=clerk, on=on, ground=self.course.ground, reason=reason
            )
            return
        self.verify(application, on)
        applications.accept(application, actor=clerk, on=on)
        self.next(S.ACCEPTED, self.course.pace + 1, self.team)

    def verify(self, application: Application, on: date) -> None:
        """The clerk looks at everything that no machine decides, and says what was seen."""
        lines = conditions.of(application, on=on)
        lines += [one.line for one in refusals.check(application, on)]
        found = [
            verifications.Found(one.key, Result.FINE, "经核对申请材料并现场查看，未见异常。")
            for one in lines
            if one.check == PERSON
        ]
        verifications.state(application, found, actor=self.cast["clerk"], on=on)

    def serve_last(self, on: date) -> None:
        """The letter that the last decision wrote reaches the institution."""
        waiting = [one for one in letters.of(self.application) if one.served_on is None]
        for document in (one for one in waiting if one.needs_service):
            service.serve(document, actor=self.cast["clerk"], on=on, method="直接送达", proof=PROOF)

    def team(self, on: date) -> None:
        """Drawn for the cases that go through; chosen where the demo needs certain people to have something to do."""
        application, chief = self.application, self.cast["chief"]
        if self.course.until == S.SIGNED:
            each = dict.fromkeys(SPECIALTIES, 1)
            drawn = teams.draw_team(application, each, actor=chief, on=on, at=clock.now())
            members = teams.drawn(drawn, evaluators.pool(application))
            plan = teams.Plan("现场评估", visit_on=on, draw=drawn)
        else:
            wanted = self.cast.team(substitute=self.course.substitute)
            members = [one for one in evaluators.available(application) if one.user_id in wanted]
            plan = teams.Plan("书面评估", reason="示例：四类专业各一名，均无回避情形。")
        evaluations.start(application, members, plan, actor=chief, on=on)
        if self.course.clarify:
            self.next(S.EVALUATING, 1, self.ask_for_paper)
            return
        self._sign_in_turn()

    def ask_for_paper(self, on: date) -> None:
        """The team wants to see one paper more; the clock stands until it is there."""
        application = self.application
        wanted = {application.materials[0].id: "请补充示例检测报告。"}
        clarifications.request(application, wanted, actor=self.cast["chief"], on=on)
        self.agenda.later(1, self.serve_last)
        self.next(S.CLARIFYING, 3, self.supply_paper)

    def supply_paper(self, on: date) -> None:
        owner, application = self.cast.owners[self.code], self.application
        materials.hand_in(application.materials[0], application, PAPER, actor=owner, on=on)
        clarifications.supply(application, actor=owner, on=on)
        self._sign_in_turn()

    def _sign_in_turn(self) -> None:
        for number, specialty in enumerate(self.course.signed, start=1):
            self.agenda.later(number, partial(self.sign_opinion, specialty))

    def sign_opinion(self, specialty: str, on: date) -> None:
        evaluation = self.application.evaluations[-1]
        opinion = next(one for one in evaluation.opinions if one.specialty == specialty)
        law = regulations.at(evaluation.started_on, self.institution.kind.family)
        items = {
            row.key: self._finding(row, opinion.specialty) for row in law.table("evaluation_items")
        }
        actor = accounts.actor_of(opinion.evaluator.user)
        evaluations.give_opinion(opinion, evaluation, items, remark="", actor=actor, on=on)
        if self.application.state == S.EVALUATED:
            self.next(S.EVALUATED, self.course.pace, self.confirm)

    def _finding(self, row: regulations.Row, specialty: str) -> dict[str, object]:
        wanting = self.course.fails and row.extra["specialty"] == specialty == "information"
        return {"passed": not wanting, "remark": "结算接口联调未完成。" if wanting else ""}

    def confirm(self, on: date) -> None:
        failed = self.course.fails
        evaluations.confirm(
            self.application.evaluations[-1],
            passed=not failed,
            reasons="信息系统不具备直接联网结算的条件。" if failed else "",
            advice="完成结算接口联调并提供示例测试记录。" if failed else "",
            actor=self.cast["reviewer"],
            on=on,
        )
        self.agenda.later(1, self.serve_last)
        if failed and self.course.twice and len(self.application.evaluations) == 1:
            self.agenda.later(2, self.wait_for_retry)
        if not failed:
            self.next(S.PASSED, self.course.pace + 1, self.notice)

    def wait_for_retry(self, on: date) -> None:
        """The months since service are known now."""
        self.agenda.put(self.agenda.work(self.application.retry_on or on), self.retry)

    def retry(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        text = "已完成结算接口联调，测试记录见示例附件。"
        reevaluations.retry(self.application, rectification=text, actor=owner, on=on)
        self.next(S.ACCEPTED, self.course.pace + 1, self.team)

    def notice(self, on: date) -> None:
        notices.post(
            self.application, channel="示例县医疗保障局网站", actor=self.cast["clerk"], on=on
        )
        if self.course.objection:
            self.agenda.later(2, self.object)
        end = self.application.notice_to
        if end and self.course.until in (S.SIGNED, *NEGOTIATED):
            self.agenda.put(self.agenda.work(end + ONE_DAY, 1), self.offer)

    def object(self, on: date) -> None:
        said = objections.Said("样例群众", "反映该机构公示的人员与实际在岗人员不一致，请核查。")
        objections.raise_objection(self.application, said, actor=self.cast["clerk"], on=on)
        if self.course.joint:
            self.agenda.later(1, self.check_jointly)
        self.next(S.OBJECTED, 2, self.answer)

    @property
    def objection(self) -> Objection:
        query = select(Objection).where(Objection.institution_id == self.cast.ids[self.code])
        return session.scalars(query).one()

    def check_jointly(self, on: date) -> None:
        reason = "请示例县市场监督管理部门协助核查在岗人员。"
        objections.extend(self.objection, reason=reason, actor=self.cast["reviewer"], on=on)

    def answer(self, on: date) -> None:
        """Mostly the reviewer finds nothing in it and the notice runs on; a founded one takes the list down."""
        upheld = self.course.upheld
        said = (
            "经现场核查，公示的药学（医务）人员未实际在岗。"
            if upheld
            else "经现场核查，公示人员均在岗，反映情况不属实。"
        )
        objections.answer(
            self.objection,
            self.application,
            upheld=upheld,
            outcome="remove" if upheld else "",
            text=said,
            actor=self.cast["reviewer"],
            on=on,
        )
        self.agenda.later(1, self.serve_last)

    def offer(self, on: date) -> None:
        if self.application.state == S.ON_NOTICE:  # an objection made the notice longer
            self.agenda.later(1, self.offer)
            return
        if self.course.until in NEGOTIATED:
            fails = self.course.until == S.UNSETTLED
            Table(self.agenda, self.cast, self.code).sit_down(self.application, on, fails=fails)
            return
        agreements.offer(self.application, term_from=on, actor=self.cast["clerk"], on=on)
        if self.course.agreement_until != A.OFFERED:
            self.agenda.later(1, self.sign)

    def sign(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        signatures.sign_for_institution(
            self.agreement, read=True, mandate=MANDATE, actor=owner, on=on
        )
        if self.course.agreement_until != A.COUNTERSIGNING:
            self.agenda.later(1, self.countersign)

    def countersign(self, on: date) -> None:
        signatures.countersign(self.agreement, actor=self.cast["leader"], on=on)
        if self.course.then:
            self.course.then(on)
