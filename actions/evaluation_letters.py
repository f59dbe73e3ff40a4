"""The letters of an evaluation: the team will come, something is missing, this is the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regulations
from actions import letters, statutory_clocks
from models import Document, Evaluation, Material
from rules.evaluation import ItemResult
from rules.permissions import Actor


def visit(evaluation: Evaluation, *, actor: Actor, on: date) -> Document:
    """D04: which day the team comes, and what it looks at."""
    application, institution = evaluation.application, evaluation.institution
    law = regulations.at(on, institution.kind.family)
    clock = statutory_clocks.running(application, "eval.max")
    return letters.issue(
        "site_evaluation",
        application,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        application_number=application.number,
        visit_on=evaluation.visit_on,
        due_on=clock.due_on if clock else evaluation.visit_on,
        round=evaluation.round,
        specialties=list(dict.fromkeys(_specialties(evaluation, law))),
        members=len(evaluation.opinions),
        third_party=evaluation.third_party,
        items=[{"name": row.label, "basis": row.basis} for row in law.table("evaluation_items")],
        basis=law.eval.max.basis,
    )


def _specialties(evaluation: Evaluation, law: regulations.Law) -> list[str]:
    labels = {row.key: row.label for row in law.table("evaluation_specialties")}
    return [labels[one.specialty] for one in evaluation.opinions]


def clarification(
    evaluation: Evaluation, wanted: Sequence[Material], *, actor: Actor, on: date
) -> Document:
    """What the institution is to supplement while the clock of the evaluation stands."""
    application, institution = evaluation.application, evaluation.institution
    law = regulations.at(on, institution.kind.family)
    return letters.issue(
        "clarification",
        application,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        application_number=application.number,
        requested_on=on,
        items=[{"name": one.label, "reason": one.reason} for one in wanted],
        basis=law.eval.max.basis,
    )


def result(
    evaluation: Evaluation,
    found: Sequence[ItemResult],
    *,
    reasons: str,
    advice: str,
    actor: Actor,
    on: date,
) -> Document:
    """D05: item by item, with what the institution may do after a fail."""
    application, institution = evaluation.application, evaluation.institution
    law = regulations.at(on, institution.kind.family)
    failed = not evaluation.passed
    return letters.issue(
        "evaluation_result",
        application,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        application_number=application.number,
        passed=evaluation.passed,
        evaluated_on=evaluation.finished_on,
        items=[
            {"name": r.name, "basis": r.basis, "passed": r.passed, "remark": r.remark}
            for r in found
        ],
        members=[{"specialty": label} for label in _specialties(evaluation, law)],
        reasons=reasons if failed else "",
        advice=advice if failed else "",
        retry_rule=_after_fail(application.state, law) if failed else "",
        basis=law.eval.max.basis,
    )


def _after_fail(state: str, law: regulations.Law) -> str:
    wait, bar = law.eval.retry_after, law.eval.second_fail_ban
    if state == "barred":
        return (
            f"本次为整改后的再次评估。依据{bar.basis}，自本告知书送达之日起{bar.value}个月内，"
            "不得再次申请定点；期满后可以重新提出申请。"
        )
    return (
        f"自本告知书送达之日起整改满{wait.value}个月的，可以申请再次评估；"
        f"再次评估仍不合格的，自再次评估结果送达之日起{bar.value}个月内不得再次申请。"
    )
