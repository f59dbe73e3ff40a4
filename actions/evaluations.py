"""评估: the team, the opinions nobody sees before all have signed, the result (令3 Art 8, 令2 Art 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import regulations
from actions import (
    evaluation_filings,
    evaluation_letters,
    events,
    lifecycle,
    statutory_clocks,
    teams,
    work_items,
)
from actions.teams import Plan
from database import session
from models import Application, Ban, Document, Evaluation, Evaluator, Opinion
from rules import evaluation as rule
from rules.clocks import add_months
from rules.evaluation import SECOND_FAIL
from rules.lifecycle import ApplicationState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

SITE = "现场评估"


def start(
    application: Application, evaluators: Sequence[Evaluator], plan: Plan, *, actor: Actor, on: date
) -> Evaluation:
    """Form the team and begin a round. Refused when a specialty is missing or a member must step aside.

    Members are those of a draw, or chosen with a reason. For a visit with a day the institution is told of it.
    """
    teams.require_sound(application, evaluators, plan, on=on)
    _require_visit_day(plan, on)
    evaluation = Evaluation(
        application=application,
        round=len(application.evaluations) + 1,
        form=plan.form,
        visit_on=plan.visit_on if plan.form == SITE else None,
        third_party=plan.third_party.strip()[:100],
        chosen_because="" if plan.draw else plan.reason.strip()[:500],
        draw_id=plan.draw.id if plan.draw else None,
        started_on=on,
        opinions=[Opinion(evaluator=member, specialty=member.specialty) for member in evaluators],
    )
    session.add(evaluation)
    basis = regulations.at(on, application.institution.kind.family).eval.max.basis
    said = "抽取产生" if plan.draw else plan.reason.strip()
    members = "、".join(member.user.name for member in evaluators)
    lifecycle.move(
        application, "start_evaluation", actor=actor, on=on, basis=basis, note=f"{members}；{said}"
    )
    for opinion in evaluation.opinions:
        _assign(opinion, application, plan.form, actor=actor, on=on)
    if evaluation.visit_on:
        evaluation_letters.visit(evaluation, actor=actor, on=on)
    return evaluation


def _require_visit_day(plan: Plan, on: date) -> None:
    if plan.form == SITE and plan.visit_on is not None and plan.visit_on < on:
        raise Refused("现场评估的日期早于今天。", cure="请填写今天或者以后的日期。")


def _assign(
    opinion: Opinion, application: Application, step: str, *, actor: Actor, on: date
) -> None:
    work_items.assign(
        "opinion",
        opinion.id,
        application,
        step=step,
        user_id=opinion.evaluator.user_id,
        actor=actor,
        on=on,
    )


Answers = Mapping[str, Mapping[str, object]]


def save(
    opinion: Opinion,
    evaluation: Evaluation,
    items: Answers,
    *,
    remark: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep a draft of one's own opinion: as far as it goes, seen by nobody else. Refused once it is signed."""
    _require_own(opinion, evaluation, actor)
    opinion.items = [{"key": key, **value} for key, value in items.items()]
    opinion.remark, opinion.saved_at = remark, at


def _require_own(opinion: Opinion, evaluation: Evaluation, actor: Actor) -> None:
    require(actor, Permission.EVALUATE, evaluation)
    if opinion.evaluator.user_id != actor.id:
        raise Refused("只能填写本人的评估意见。")
    if opinion.signed_on is not None:
        raise Refused(
            "您已签署评估意见，不能再改。", cure="如确有错误，请在结果确认时向复核人说明。"
        )


def give_opinion(
    opinion: Opinion,
    evaluation: Evaluation,
    items: Answers,
    *,
    remark: str,
    actor: Actor,
    on: date,
) -> None:
    """One member signs. Refused for another's opinion, twice, with an item left open, or a failed item without remark.

    When the last one signs, the evaluation goes to the reviewer.
    """
    application = evaluation.application
    _require_own(opinion, evaluation, actor)
    _require_running(application)
    law = regulations.at(evaluation.started_on, application.institution.kind.family)
    for row in law.table("evaluation_items"):
        rule.require_answer(row, items.get(row.key))
    opinion.items = [{"key": key, **value} for key, value in items.items()]
    opinion.passed = all(bool(value["passed"]) for value in items.values())
    opinion.remark, opinion.signed_on = remark, on
    work_items.settle("opinion", opinion.id, actor=actor, on=on)
    events.record(
        application, "sign_opinion", "签署评估意见", actor=actor, on=on, specialty=opinion.specialty
    )
    if all(one.signed_on for one in evaluation.opinions):
        evaluation.finished_on = on
        evaluation.passed = all(result.passed for result in results(evaluation))
        lifecycle.move(application, "finish_evaluation", actor=actor, on=on, evaluated_on=on)


def _require_running(application: Application) -> None:
    """While the institution supplements, a member may write but not conclude."""
    if application.state == S.CLARIFYING:
        raise Refused(
            "正在等待机构补充评估材料，补充完成前不能签署。",
            cure="已填写的内容可以暂存，补充后再签署。",
        )


def results(evaluation: Evaluation) -> list[rule.ItemResult]:
    """The team's findings item by item, by the law of the day it began."""
    law = regulations.at(evaluation.started_on, evaluation.institution.kind.family)
    return rule.add_up(
        [{item["key"]: item for item in one.items} for one in evaluation.opinions], law
    )


def spread(evaluation: Evaluation) -> list[rule.Spread]:
    """Who saw what, item by item. Refused before all have signed: until then nobody sees another's opinion."""
    if evaluation.finished_on is None:
        raise Refused("评估组成员全部签署前，评估意见互不可见。")
    law = regulations.at(evaluation.started_on, evaluation.institution.kind.family)
    return rule.spread(
        [{item["key"]: item for item in one.items} for one in evaluation.opinions], law
    )


def confirm(
    evaluation: Evaluation, *, passed: bool, reasons: str, advice: str, actor: Actor, on: date
) -> Document:
    """The reviewer confirms what the signed opinions say; the result letter goes out and the result is filed.

    Refused when the confirmation contradicts the opinions, when a fail has no reasons and advice, and for a member
    of the team. A fail in the second round bars the institution.
    """
    application = evaluation.application
    law = regulations.at(on, application.institution.kind.family)
    _require_confirmable(evaluation, passed, reasons, advice, law)
    if actor.id in evaluation.team_user_ids:
        raise Refused("评估组成员不能确认自己参加的评估。", cure="请由其他复核人员确认。")
    verb = "confirm_pass" if passed else _failing_verb(evaluation)
    lifecycle.move(
        application,
        verb,
        actor=actor,
        on=on,
        basis=law.eval.max.basis,
        result_reason="" if passed else reasons,
    )
    statutory_clocks.finish(application, statutory_clocks.running(application, "eval.max"), on=on)
    found = results(evaluation)
    letter = evaluation_letters.result(
        evaluation, found, reasons=reasons, advice=advice, actor=actor, on=on
    )
    evaluation_filings.file(evaluation, found, letter, actor=actor, on=on)
    return letter


def _require_confirmable(
    evaluation: Evaluation, passed: bool, reasons: str, advice: str, law: regulations.Law
) -> None:
    if passed != evaluation.passed:
        said = "合格" if evaluation.passed else "不合格"
        raise Refused(f"评估组签署的结论是{said}，不能确认为相反结果。", basis=law.eval.max.basis)
    if not passed and not (reasons.strip() and advice.strip()):
        raise Refused("评估不合格的，须写明理由和整改建议。", basis=law.eval.retry_after.basis)


def _failing_verb(evaluation: Evaluation) -> str:
    """The second failed round ends the way; a round that an objection brought about does not count as a first fail."""
    earlier = [one for one in evaluation.application.evaluations if one.round < evaluation.round]
    failed_before = any(one.passed is False for one in earlier)
    return "confirm_second_fail" if failed_before else "confirm_fail"


def result_served(document: Document, *, on: date) -> None:
    """The result reached the institution: from this day runs what follows a fail.

    After the first, it may be evaluated again some months from now; after the second, it is barred for a year.
    """
    application = session.get(Application, document.subject_id)
    if application is None:
        return
    law = regulations.at(on, application.institution.kind.family)
    if document.facts["passed"]:
        return
    if application.state == S.FAILED:
        application.retry_on = add_months(on, law.eval.retry_after.value)
    elif application.state == S.BARRED:
        period = law.eval.second_fail_ban
        until = add_months(on, period.value)
        session.add(
            Ban(
                institution_id=application.institution_id,
                ground=SECOND_FAIL,
                basis=period.basis,
                from_on=on,
                until=until,
            )
        )
