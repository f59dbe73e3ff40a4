"""评估: the team, the opinions nobody sees before all have signed, the result (令3 Art 8, 令2 Art 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import regulations
from actions import (
    evaluation_filings,
    events,
    letters,
    lifecycle,
    statutory_clocks,
    work_items,
)
from database import session
from models import Application, Document, Evaluation, Evaluator, Opinion
from rules import evaluation as rule
from rules.clocks import add_months
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def start(
    application: Application, evaluators: Sequence[Evaluator], *, form: str, actor: Actor, on: date
) -> Evaluation:
    """Form the team and begin. Refused when a specialty is missing or a member typed the application in."""
    law = regulations.at(on, application.institution.kind.family)
    rule.require_specialties((member.specialty for member in evaluators), law)
    proxies = [m.user.name for m in evaluators if m.user_id == application.proxy_by_id]
    if proxies:
        raise Refused(f"{proxies[0]}代机构填报了申请，应当回避。", cure="请更换评估组成员。")
    evaluation = Evaluation(
        application=application,
        form=form,
        started_on=on,
        opinions=[Opinion(evaluator=member, specialty=member.specialty) for member in evaluators],
    )
    session.add(evaluation)
    members = [member.user.name for member in evaluators]
    basis = law.eval.max.basis
    lifecycle.move(
        application, "start_evaluation", actor=actor, on=on, basis=basis, note="、".join(members)
    )
    for opinion in evaluation.opinions:
        work_items.assign(
            "opinion",
            opinion.id,
            application,
            step=form,
            user_id=opinion.evaluator.user_id,
            actor=actor,
            on=on,
        )
    return evaluation


def give_opinion(
    opinion: Opinion,
    evaluation: Evaluation,
    items: Mapping[str, Mapping[str, object]],
    *,
    remark: str,
    actor: Actor,
    on: date,
) -> None:
    """One member signs. Refused for another's opinion, twice, with an item left open, or a failed item without remark.

    When the last one signs, the evaluation goes to the reviewer.
    """
    application = evaluation.application
    require(actor, Permission.EVALUATE, evaluation)
    if opinion.evaluator.user_id != actor.id:
        raise Refused("只能填写本人的评估意见。")
    if opinion.signed_on is not None:
        raise Refused(
            "您已签署评估意见，不能再改。", cure="如确有错误，请在结果确认时向复核人说明。"
        )
    law = regulations.at(on, application.institution.kind.family)
    for row in law.table("evaluation_items"):
        _require_answer(row.label, items.get(row.key))
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


def _require_answer(label: str, answer: Mapping[str, object] | None) -> None:
    if answer is None or answer.get("passed") is None:
        raise Refused(f"“{label}”没有评估结论。", cure="请对每一项选择符合或者不符合。")
    if not answer["passed"] and not str(answer.get("remark") or "").strip():
        raise Refused(f"“{label}”不符合的，须写明问题。")


def results(evaluation: Evaluation) -> list[rule.ItemResult]:
    """The team's findings item by item, by the law of the day it began."""
    law = regulations.at(evaluation.started_on, evaluation.application.institution.kind.family)
    return rule.add_up(
        [{item["key"]: item for item in one.items} for one in evaluation.opinions], law
    )


def confirm(
    evaluation: Evaluation, *, passed: bool, reasons: str, advice: str, actor: Actor, on: date
) -> Document:
    """The reviewer confirms what the signed opinions say, and the result letter goes out.

    Refused when the confirmation contradicts the opinions, or a fail has no reasons and advice.
    """
    application = evaluation.application
    law = regulations.at(on, application.institution.kind.family)
    if passed != evaluation.passed:
        said = "合格" if evaluation.passed else "不合格"
        raise Refused(f"评估组签署的结论是{said}，不能确认为相反结果。", basis=law.eval.max.basis)
    if not passed and not (reasons.strip() and advice.strip()):
        raise Refused("评估不合格的，须写明理由和整改建议。", basis=law.eval.retry_after.basis)
    verb = "confirm_pass" if passed else "confirm_fail"
    lifecycle.move(
        application,
        verb,
        actor=actor,
        on=on,
        basis=law.eval.max.basis,
        result_reason="" if passed else reasons,
    )
    statutory_clocks.finish(application, statutory_clocks.running(application, "eval.max"), on=on)
    letter = _result_letter(evaluation, reasons=reasons, advice=advice, actor=actor, on=on)
    evaluation_filings.file(evaluation, results(evaluation), letter, actor=actor, on=on)
    return letter


def _result_letter(
    evaluation: Evaluation, *, reasons: str, advice: str, actor: Actor, on: date
) -> Document:
    application = evaluation.application
    law = regulations.at(on, application.institution.kind.family)
    found = results(evaluation)
    specialties = {row.key: row.label for row in law.table("evaluation_specialties")}
    return letters.issue(
        "evaluation_result",
        application,
        application.institution,
        actor=actor,
        on=on,
        institution=application.institution.name,
        application_number=application.number,
        passed=evaluation.passed,
        evaluated_on=evaluation.finished_on,
        items=[
            {"name": r.name, "basis": r.basis, "passed": r.passed, "remark": r.remark}
            for r in found
        ],
        members=[{"specialty": specialties[one.specialty]} for one in evaluation.opinions],
        reasons="" if evaluation.passed else reasons,
        advice="" if evaluation.passed else advice,
        retry_rule="" if evaluation.passed else _retry_rule(law),
        basis=law.eval.max.basis,
    )


def _retry_rule(law: regulations.Law) -> str:
    wait = law.eval.retry_after
    return (
        f"自本告知书送达之日起整改满{wait.value}个月的，可以申请再次评估；"
        "再次评估仍不合格的，在规定期限内不得再次申请。"
    )


def result_served(document: Document, *, on: date) -> None:
    """The result reached the institution: after a fail, it may be evaluated again some months from this day."""
    application = session.get(Application, document.subject_id)
    if application is not None and application.state == "failed":
        law = regulations.at(on, application.institution.kind.family)
        application.retry_on = add_months(on, law.eval.retry_after.value)
