"""备案 of an evaluation's result with the administrative side: the form D06, and the entry in the bureau's queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regulations
from actions import filings, letters
from models import Document, Evaluation, Filing
from rules.evaluation import ItemResult
from rules.filings import FilingKind
from rules.permissions import Actor


def file(
    evaluation: Evaluation,
    found: Sequence[ItemResult],
    result: Document,
    *,
    actor: Actor,
    on: date,
) -> Filing:
    """Issue the filing form of a confirmed round and send it. `result` is the letter to the institution."""
    form = _form(evaluation, found, result, actor=actor, on=on)
    said = "合格" if evaluation.passed else "不合格"
    summary = f"{evaluation.institution.name}第{evaluation.round}次评估，结果{said}"
    return filings.file(
        evaluation,
        FilingKind.EVALUATION_RESULT,
        actor=actor,
        on=on,
        document=form,
        summary=summary,
    )


def _form(
    evaluation: Evaluation, found: Sequence[ItemResult], result: Document, *, actor: Actor, on: date
) -> Document:
    application, institution = evaluation.application, evaluation.institution
    law = regulations.at(on, institution.kind.family)
    labels = {row.key: row.label for row in law.table("evaluation_specialties")}
    sitting = dict.fromkeys(labels[one.specialty] for one in evaluation.opinions)
    return letters.issue(
        "filing_result",
        application,
        institution,
        actor=actor,
        on=on,
        addressee=letters.bureau(),
        institution=institution.name,
        kind_label=institution.kind.label,
        address=institution.address,
        application_number=application.number,
        accepted_on=application.accepted_on,
        round=evaluation.round,
        form=evaluation.form,
        specialties=list(sitting),
        members=len(evaluation.opinions),
        evaluated_on=evaluation.finished_on,
        passed=evaluation.passed,
        failing=[one.name for one in found if not one.passed],
        reasons="" if evaluation.passed else result.facts["reasons"],
        result_number=result.number,
        basis=law.eval.max.basis,
    )
