"""信用承诺书: who signed, which wording, and whether it was kept."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import CreditPledge, Institution
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.clocks import Light
from rules.lifecycle import CREDIT_PLEDGE
from rules.lifecycle import CreditPledgeState as S
from rules.permissions import Actor

STATES = [(word, state.label) for word, state in CREDIT_PLEDGE.states.items()]


def standing(institution_id: int) -> CreditPledge | None:
    """The pledge by which the institution is bound now."""
    query = select(CreditPledge).where(
        CreditPledge.institution_id == institution_id,
        CreditPledge.state.in_((S.SIGNED, S.ALLEGED)),
    )
    return session.scalar(query)


def of_institution(institution_id: int) -> list[CreditPledge]:
    query = select(CreditPledge).where(CreditPledge.institution_id == institution_id)
    return list(session.scalars(query.order_by(CreditPledge.id.desc())))


def page(actor: Actor, ask: Asked) -> tuple[list[CreditPledge], Page]:
    """Pledges in the actor's scope, what waits first."""
    query = select(CreditPledge).join(Institution, Institution.id == CreditPledge.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, CreditPledge.institution_id)
    query = query.where(*named(ask, CreditPledge.number), *of_family(ask))
    if ask.word("state") in CREDIT_PLEDGE.states:
        query = query.where(CreditPledge.state == ask.word("state"))
    total = count(query)
    order = (CreditPledge.state != S.ALLEGED, CreditPledge.id.desc())
    return list(session.scalars(cut(query.order_by(*order), ask))), Page(ask.page, ask.size, total)


def badge(row: CreditPledge) -> Light:
    shown = CREDIT_PLEDGE.states[row.state]
    return Light(shown.light, shown.label)
