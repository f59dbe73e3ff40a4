"""Evaluation rounds, and what a member may see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Application, Evaluation, Exhibit, Institution, Opinion
from queries import scope
from queries.applications import badge
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.clocks import Light
from rules.permissions import Actor


@dataclass(frozen=True)
class EvaluationRow:
    application_id: int
    number: str
    institution: str
    kind_label: str
    round: int
    form: str
    started_on: date
    signed: int
    members: int
    state: Light
    result: str


def page(actor: Actor, ask: Asked) -> tuple[list[EvaluationRow], Page]:
    """Evaluation rounds in the actor's scope, newest first."""
    query = (
        select(Evaluation)
        .join(Application, Evaluation.application_id == Application.id)
        .join(Institution, Application.institution_id == Institution.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    query = _filtered(query, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Evaluation.id.desc()), ask))
    return [_row(row) for row in rows], Page(ask.page, ask.size, total)


def _filtered(query: Any, ask: Asked) -> Any:
    query = query.where(*named(ask, Application.number))
    results = {"passed": True, "failed": False}
    if ask.word("result") in results:
        query = query.where(Evaluation.passed.is_(results[ask.word("result")]))
    elif ask.word("result") == "open":
        query = query.where(Evaluation.passed.is_(None))
    return query.where(*of_family(ask))


def _row(row: Evaluation) -> EvaluationRow:
    application = row.application
    return EvaluationRow(
        application_id=application.id,
        number=application.number,
        institution=application.institution.name,
        kind_label=application.institution.kind.label,
        round=row.round,
        form=row.form,
        started_on=row.started_on,
        signed=sum(one.signed_on is not None for one in row.opinions),
        members=len(row.opinions),
        state=badge(application.state),
        result="" if row.passed is None else "合格" if row.passed else "不合格",
    )


def own_opinion(key: int, actor: Actor) -> tuple[Opinion, Evaluation] | None:
    """An opinion and its evaluation, if it is this actor's own and in scope."""
    opinion = session.get(Opinion, key) if scope.may_exist(key) else None
    if opinion is None or opinion.evaluator.user_id != actor.id:
        return None
    evaluation = session.get(Evaluation, opinion.evaluation_id)
    if evaluation is None or evaluation.pooling_region != actor.pooling_region:
        return None
    return opinion, evaluation


def exhibit(key: int, actor: Actor) -> Exhibit | None:
    """A file put to an item: one's own at any time, everybody else's once all members have signed."""
    row = session.get(Exhibit, key) if scope.may_exist(key) else None
    if row is None or actor.role in scope.ADMINISTRATORS:
        return None
    evaluation = session.get_one(Evaluation, row.opinion.evaluation_id)
    if evaluation.pooling_region != actor.pooling_region:
        return None
    mine = row.opinion.evaluator.user_id == actor.id
    return row if mine or evaluation.finished_on is not None else None
