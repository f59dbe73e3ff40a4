"""Evaluations and public notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Application, Evaluation, Institution, Objection, Opinion
from queries import calendar_days, scope
from queries.applications import badge
from queries.applications import open_objection as open_objection
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.permissions import Actor


@dataclass(frozen=True)
class EvaluationRow:
    application_id: int
    number: str
    institution: str
    kind_label: str
    form: str
    started_on: date
    signed: int
    members: int
    state: Light
    result: str


@dataclass(frozen=True)
class NoticeRow:
    application_id: int
    number: str
    institution: str
    kind_label: str
    from_on: date
    to_on: date
    state: Light
    left: Light
    objections: int


def page(actor: Actor, ask: Asked) -> tuple[list[EvaluationRow], Page]:
    """Evaluation rounds in the actor's scope, newest first."""
    query = (
        select(Evaluation)
        .join(Application, Evaluation.application_id == Application.id)
        .join(Institution, Application.institution_id == Institution.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Evaluation.id.desc()), ask))
    return [_row(row) for row in rows], Page(ask.page, ask.size, total)


def _row(row: Evaluation) -> EvaluationRow:
    application = row.application
    return EvaluationRow(
        application_id=application.id,
        number=application.number,
        institution=application.institution.name,
        kind_label=application.institution.kind.label,
        form=row.form,
        started_on=row.started_on,
        signed=sum(one.signed_on is not None for one in row.opinions),
        members=len(row.opinions),
        state=badge(application.state),
        result="" if row.passed is None else "合格" if row.passed else "不合格",
    )


def own_opinion(key: int, actor: Actor) -> tuple[Opinion, Evaluation] | None:
    """An opinion and its evaluation, if it is this actor's own and in scope."""
    opinion = session.get(Opinion, key)
    if opinion is None or opinion.evaluator.user_id != actor.id:
        return None
    evaluation = session.get(Evaluation, opinion.evaluation_id)
    if evaluation is None or evaluation.pooling_region != actor.pooling_region:
        return None
    return opinion, evaluation


def notices(actor: Actor, ask: Asked, *, on: date) -> tuple[list[NoticeRow], Page]:
    """Everything that is or was on public notice."""
    query = (
        select(Application)
        .join(Institution, Application.institution_id == Institution.id)
        .where(Application.notice_to.is_not(None))
    )
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Application.notice_to.desc(), Application.id), ask))
    return [_notice(row, on) for row in rows], Page(ask.page, ask.size, total)


def _notice(row: Any, on: date) -> NoticeRow:
    running = row.state in ("on_notice", "objected")
    left = clocks.light(
        row.notice_to,
        on,
        calendar_days.workdays(),
        paused=row.state == "objected",
        finished_on=None if running else row.notice_to,
    )
    objections = select(Objection).where(
        Objection.subject == "application", Objection.subject_id == row.id
    )
    return NoticeRow(
        application_id=row.id,
        number=row.number,
        institution=row.institution.name,
        kind_label=row.institution.kind.label,
        from_on=row.notice_from,
        to_on=row.notice_to,
        state=badge(row.state),
        left=left,
        objections=count(objections),
    )
