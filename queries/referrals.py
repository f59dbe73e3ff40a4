"""移送 as lists and pages show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from database import session
from models import Institution, Referral, StatutoryClock
from queries import calendar_days, recusals, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.lifecycle import REFERRAL
from rules.permissions import Actor
from rules.referrals import RULE


def page(actor: Actor, ask: Asked) -> tuple[list[Referral], Page]:
    """Referrals in the actor's scope, newest first; none of a case in which the actor stepped aside."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Referral.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Referral).join(Institution, Referral.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Referral.institution_id)
    query = query.where(Referral.violation_id.not_in(recusals.cases(actor)))
    query = query.where(*named(ask, Referral.number, Referral.authority_name), *of_family(ask))
    if ask.word("state") in REFERRAL.states:
        query = query.where(Referral.state == ask.word("state"))
    if ask.word("authority"):
        query = query.where(Referral.authority == ask.word("authority"))
    return query


def of_case(violation_id: int) -> list[Referral]:
    query = select(Referral).where(Referral.violation_id == violation_id)
    return list(session.scalars(query.order_by(Referral.id.desc())))


def badge(row: Referral) -> Light:
    shown = REFERRAL.states[row.state]
    return Light(shown.light, shown.label)


def receipt_light(row: Referral, on: date) -> Light:
    """How long the receipt may still take, or whether it came in time."""
    clock = session.scalar(
        select(StatutoryClock).where(
            StatutoryClock.subject == "referral",
            StatutoryClock.subject_id == row.id,
            StatutoryClock.rule == RULE,
        )
    )
    if clock is None:
        return Light("na", "—")
    workdays = calendar_days.workdays()
    return clocks.light(clock.due_on, on, workdays, finished_on=clock.finished_on)
