"""主动退出 as lists and pages show it, and what the night carries out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from database import session
from models import Agreement, Institution, Withdrawal
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import withdrawals as rule
from rules.agreement_forms import DESIGNATING
from rules.clocks import Light
from rules.lifecycle import WITHDRAWAL, AgreementState, WithdrawalState
from rules.permissions import Actor
from rules.withdrawals import ExitAct, ExitFacts

OPEN = (WithdrawalState.REQUESTED, WithdrawalState.AGREED)
ACTS = [(str(act), act.label) for act in ExitAct]


def open_of(agreement_id: int) -> Withdrawal | None:
    """The request that is still under way."""
    return session.scalar(
        select(Withdrawal).where(
            Withdrawal.agreement_id == agreement_id, Withdrawal.state.in_(OPEN)
        )
    )


def will_not_renew(agreement_id: int) -> Withdrawal | None:
    """The request not to renew that the agency agreed to: no renewal is offered then."""
    return session.scalar(
        select(Withdrawal).where(Withdrawal.agreement_id == agreement_id, *_wish_stands())
    )


def not_renewing() -> ColumnElement[bool]:
    """The same of every agreement of a query."""
    return exists().where(Withdrawal.agreement_id == Agreement.id, *_wish_stands())


def _wish_stands() -> tuple[ColumnElement[bool], ...]:
    agreed = Withdrawal.state.in_((WithdrawalState.AGREED, WithdrawalState.DONE))
    return Withdrawal.act == ExitAct.NOT_RENEW, agreed


def due(day: date) -> list[int]:
    """Agreed requests whose day has come."""
    query = select(Withdrawal.id).where(
        Withdrawal.state == WithdrawalState.AGREED, Withdrawal.from_on <= day
    )
    return list(session.scalars(query.order_by(Withdrawal.from_on, Withdrawal.id)))


def page(actor: Actor, ask: Asked) -> tuple[list[Withdrawal], Page]:
    """In the actor's scope, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Withdrawal.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Withdrawal).join(Institution, Withdrawal.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Withdrawal.institution_id)
    query = query.where(*named(ask, Withdrawal.number))
    if ask.word("state") in WITHDRAWAL.states:
        query = query.where(Withdrawal.state == ask.word("state"))
    if ask.word("act") in dict(ACTS):
        query = query.where(Withdrawal.act == ask.word("act"))
    return query.where(*of_family(ask))


def badge(row: Withdrawal) -> Light:
    shown = WITHDRAWAL.states[row.state]
    return Light(shown.light, shown.label)


def facts(row: Withdrawal) -> ExitFacts:
    return ExitFacts(
        act=row.act,
        family=row.institution.kind.family,
        nature=row.institution.nature,
        requested_on=row.requested_on,
        term_to=row.agreement.term_to,
        from_on=row.from_on,
        to_on=row.to_on,
    )


def of_institution(institution_id: int) -> list[Withdrawal]:
    query = select(Withdrawal).where(Withdrawal.institution_id == institution_id)
    return list(session.scalars(query.order_by(Withdrawal.id.desc())))


def running_agreement(institution_id: int) -> Agreement | None:
    """The agreement one could withdraw from: the one whose term ends first."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.institution_id == institution_id,
            Agreement.form.in_(DESIGNATING),
            Agreement.state.in_((AgreementState.CONCLUDED, AgreementState.SUSPENDED)),
        )
        .order_by(Agreement.term_to, Agreement.id)
    ).first()


@dataclass(frozen=True)
class Way:
    """One way out as it is offered today: `forbidden` says why it is closed, `first_on` the first possible day."""

    act: ExitAct
    first_on: date
    basis: str
    forbidden: str
    forbidding: str


def ways(agreement: Agreement, day: date) -> list[Way]:
    """The three ways out with what each asks for."""
    institution = agreement.institution
    family, nature = institution.kind.family, institution.nature
    return [_way(act, agreement, day, family, nature) for act in ExitAct]


def _way(act: ExitAct, agreement: Agreement, day: date, family: str, nature: str) -> Way:
    forbidding = rule.barred(act, day, family, nature)
    first = rule.earliest(day, family)
    closed = forbidding.label if forbidding else ""
    if not closed and act is ExitAct.SUSPEND and agreement.state == AgreementState.SUSPENDED:
        closed = "协议正在中止"
    if not closed and act is not ExitAct.NOT_RENEW and first > agreement.term_to:
        closed = f"最早日期在协议期满（{agreement.term_to}）以后"
    if not closed and act is ExitAct.NOT_RENEW and first > agreement.term_to + rule.ONE_DAY:
        closed = f"距协议期满（{agreement.term_to}）已不足规定的提前时间"
    basis = rule.notice(day, family).basis
    return Way(act, first, basis, closed, forbidding.basis if forbidding else "")
