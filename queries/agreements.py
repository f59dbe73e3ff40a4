"""服务协议 as the ledger and its page show them: how each stands on a day is derived, never read from a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import selectinload

from database import session
from models import Agreement, Institution
from queries import agreement_terms, agreement_texts, scope
from queries.agreement_terms import facts_of as facts_of
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import terms
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AGREEMENT, AgreementState
from rules.permissions import Actor
from rules.standing import Standing, standing
from rules.terms import Bar

STATES = [(word, state.label) for word, state in AGREEMENT.states.items()]


@dataclass(frozen=True)
class AgreementRow:
    id: int
    number: str
    institution_id: int
    institution: str
    kind_label: str
    standing: Standing
    state_label: str
    form_label: str
    term_from: date
    term_to: date


def standing_of(agreement: Agreement, *, on: date) -> Standing:
    return standing(facts_of(agreement), on)


def bar(agreement: Agreement, *, on: date) -> Bar:
    """Its term with the suspensions that were, as one line."""
    pauses = facts_of(agreement).suspensions
    spans = [
        (one.from_on, one.free_from - terms.ONE_DAY if one.free_from else None) for one in pauses
    ]
    return terms.bar(agreement.term_from, agreement.term_to, spans, on)


def differing(agreement: Agreement, *, on: date) -> list[str]:
    """Keys of its model clauses that are worded otherwise today."""
    return agreement_texts.moved(agreement, on=on)


def expiring(bucket: str, day: date) -> ColumnElement[bool] | None:
    """Agreements that hold and end within the days of the bucket; «over»: past their term and not yet closed."""
    holding = and_(
        Agreement.state.in_([AgreementState.CONCLUDED, AgreementState.SUSPENDED]),
        agreement_terms.designating(),
    )
    if bucket == terms.OVERDUE:
        return and_(holding, Agreement.term_to < day)
    days = {key: length for key, _, length in terms.buckets(day)}
    if bucket not in days:
        return None
    last = day + timedelta(days=days[bucket])
    return and_(holding, Agreement.term_to.between(day, last))


def expiry_tabs(actor: Actor, *, on: date) -> list[tuple[str, str, int]]:
    """Key, label and number of each bucket in the actor's scope."""
    named = [(key, label) for key, label, _ in terms.buckets(on)]
    found = []
    for key, label in [*named, (terms.OVERDUE, "超期未处理")]:
        query = _filtered(actor, Asked(words={"expiry": key}), on)
        found.append((key, label, count(query)))
    return found


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[AgreementRow], Page]:
    """The ledger in the actor's scope, newest first."""
    query = _filtered(actor, ask, on)
    total = count(query)
    query = query.options(
        selectinload(Agreement.suspensions),
        selectinload(Agreement.terminations),
        selectinload(Agreement.institution),
    )
    rows = session.scalars(cut(query.order_by(Agreement.id.desc()), ask))
    return [_row(row, on) for row in rows], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query = select(Agreement).join(Institution, Agreement.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Agreement.institution_id)
    query = query.where(*named(ask, Agreement.number))
    if ask.word("state") in AGREEMENT.states:
        query = query.where(Agreement.state == ask.word("state"))
    if ask.word("form") in list(AgreementForm):
        query = query.where(Agreement.form == ask.word("form"))
    bucket = expiring(ask.word("expiry"), on)
    if bucket is not None:
        query = query.where(bucket)
    return query.where(*of_family(ask))


def _row(agreement: Agreement, on: date) -> AgreementRow:
    institution = agreement.institution
    return AgreementRow(
        id=agreement.id,
        number=agreement.number,
        institution_id=institution.id,
        institution=institution.name,
        kind_label=institution.kind.label,
        standing=standing_of(agreement, on=on),
        state_label=AGREEMENT.states[agreement.state].label,
        form_label=agreement.form.label,
        term_from=agreement.term_from,
        term_to=agreement.term_to,
    )


def of_institution(institution_id: int) -> list[Agreement]:
    """Every agreement of an institution, newest first."""
    query = select(Agreement).where(Agreement.institution_id == institution_id)
    return list(session.scalars(query.order_by(Agreement.id.desc())))


def designating(institution_id: int) -> list[Agreement]:
    """Those by which the institution is designated, newest first."""
    query = select(Agreement).where(
        Agreement.institution_id == institution_id, agreement_terms.designating()
    )
    return list(session.scalars(query.order_by(Agreement.id.desc())))


def living(institution_id: int) -> bool:
    """Has the institution an agreement that is being negotiated, signed, in force or suspended?"""
    states = ["negotiating", "offered", "countersigning", "concluded", "suspended"]
    query = select(Agreement.id).where(
        Agreement.institution_id == institution_id, Agreement.state.in_(states)
    )
    return session.scalar(query.limit(1)) is not None
