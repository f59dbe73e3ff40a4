"""公示 as the agency sees it: what is posted, how long still, what was objected; and what a posting would look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from database import session
from models import Application, Institution, Objection
from queries import calendar_days, scope
from queries.applications import badge
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from queries.public_facts import Notice
from rules import clocks
from rules.clocks import Light
from rules.permissions import Actor

RUNNING = ("on_notice", "objected")
SUBJECT = "拟签订医疗保障服务协议的定点医药机构名单"


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
    open: int


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[NoticeRow], Page]:
    """Everything that is or was on public notice, the latest end first."""
    query: Any = (
        select(Application)
        .join(Institution, Application.institution_id == Institution.id)
        .where(Application.notice_to.is_not(None))
    )
    query = scope.visible(query, actor, Institution.pooling_region, Application.institution_id)
    query = query.where(*named(ask, Application.number))
    query = _of_state(query, ask.word("state"))
    query = query.where(*of_family(ask))
    total = count(query)
    rows = session.scalars(cut(query.order_by(Application.notice_to.desc(), Application.id), ask))
    return [_row(row, on) for row in rows], Page(ask.page, ask.size, total)


def _of_state(query: Any, word: str) -> Any:
    wanted = {"now": RUNNING, "objected": ("objected",)}.get(word)
    if wanted:
        return query.where(Application.state.in_(wanted))
    return query.where(Application.state.not_in(RUNNING)) if word == "past" else query


def _row(row: Any, on: date) -> NoticeRow:
    running = row.state in RUNNING
    left = clocks.light(
        row.notice_to,
        on,
        calendar_days.workdays(),
        paused=row.state == "objected",
        finished_on=None if running else row.notice_to,
    )
    raised = select(func.count(Objection.id)).where(
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
        objections=session.scalar(raised) or 0,
        open=session.scalar(raised.where(Objection.answered_on.is_(None))) or 0,
    )


def period(application: Application, *, on: date) -> clocks.Deadline:
    """The period a notice posted on this day would have, with its sentences."""
    family = application.institution.kind.family
    return clocks.due("publicity.apply", on, family, workdays=calendar_days.workdays())


def preview(application: Application, *, on: date) -> Notice:
    """The public entry as it would stand there from this day."""
    last = period(application, on=on).due
    institution = application.institution
    return Notice(
        subject=SUBJECT,
        name=institution.name,
        kind_label=institution.kind.label,
        address=institution.address,
        number="发布时编号",
        from_on=on,
        to_on=last,
        channel="发布时填写",
        light=Light("review", "公示中"),
        left=calendar_days.workdays().between(on, last),
        code="",
    )
