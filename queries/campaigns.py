"""专项行动: campaigns of a region, and the results of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import Campaign, CampaignResult, Draw, Institution
from queries import proposals, public_standing, scope
from queries.filters import of_family
from queries.paging import Asked, Page, count, cut, like
from queries.proposals import InForce
from rules import inspection_draws
from rules.permissions import Actor
from rules.renewals import Clearing, clearing
from rules.standing import Word

STATES = [(str(word), word.label) for word in Clearing]


@dataclass(frozen=True)
class CampaignLine:
    campaign: Campaign
    checked: int
    open: int


@dataclass(frozen=True)
class ResultRow:
    result: CampaignResult
    institution: Institution
    word: Clearing


def lines(actor: Actor) -> list[CampaignLine]:
    """The campaigns of the actor's region, newest first, with how many were checked and how many are not cleared."""
    query = scope.visible(select(Campaign), actor, Campaign.pooling_region, None)
    uncleared = func.count().filter(
        and_(CampaignResult.due_on.is_not(None), CampaignResult.cleared_on.is_(None))
    )
    grouped = select(CampaignResult.campaign_id, func.count(), uncleared)
    counts = {
        key: (checked, left)
        for key, checked, left in session.execute(grouped.group_by(CampaignResult.campaign_id))
    }
    rows = session.scalars(query.order_by(Campaign.from_on.desc(), Campaign.id.desc()))
    return [CampaignLine(row, *counts.get(row.id, (0, 0))) for row in rows]


def results(campaign: Campaign, ask: Asked, *, on: date) -> tuple[list[ResultRow], Page]:
    """What was not cleared in time first, then what is still open, then the rest."""
    query: Any = select(CampaignResult).join(
        Institution, Institution.id == CampaignResult.institution_id
    )
    query = query.where(CampaignResult.campaign_id == campaign.id)
    if ask.q:
        pattern = like(ask.q)
        names = (Institution.name, Institution.code)
        query = query.where(or_(*(name.like(pattern, escape="\\") for name in names)))
    if ask.word("state") in list(Clearing):
        query = query.where(_stands(Clearing(ask.word("state")), on))
    total = count(query)
    query = query.options(joinedload(CampaignResult.institution))
    order = (_stands(Clearing.NOT_CLEARED, on).desc(), _stands(Clearing.OPEN, on).desc())
    rows = session.scalars(cut(query.order_by(*order, CampaignResult.id), ask))
    found = [
        ResultRow(row, row.institution, clearing(row.due_on, row.cleared_on, on)) for row in rows
    ]
    return found, Page(ask.page, ask.size, total)


def _stands(word: Clearing, day: date) -> Any:
    """`rules.renewals.clearing` as a condition."""
    due, cleared = CampaignResult.due_on, CampaignResult.cleared_on
    passed = or_(due.is_(None), and_(cleared.is_not(None), cleared <= due))
    still = and_(due.is_not(None), cleared.is_(None), due >= day)
    return {
        Clearing.PASSED: passed,
        Clearing.OPEN: still,
        Clearing.NOT_CLEARED: and_(
            due.is_not(None),
            or_(and_(cleared.is_not(None), cleared > due), and_(cleared.is_(None), due < day)),
        ),
    }[word]


@dataclass(frozen=True)
class Drawable:
    """One who may be drawn. `by`: why this ratio — the adopted proposal, or none and then the usual one."""

    institution: Institution
    percent: Decimal
    by: InForce | None

    @property
    def key(self) -> str:
        return f"{self.institution.id:06d}"


def pool(campaign: Campaign, *, on: date) -> list[Drawable]:
    """Everybody of the family whose agreement lives, suspended or not, each with the ratio that counts."""
    stand = public_standing.words(on)
    query = (
        select(Institution)
        .join(stand, stand.c.institution_id == Institution.id)
        .where(
            Institution.pooling_region == campaign.pooling_region,
            stand.c.word.in_((str(Word.IN_FORCE), str(Word.SUSPENDED))),
            *of_family(Asked(words={"kind": campaign.family})),
        )
    )
    rows = session.scalars(query.order_by(Institution.id)).all()
    used = proposals.of_each([row.id for row in rows], "inspection_ratio", on=on)
    usual = Decimal(inspection_draws.usual(on, campaign.family).value)
    return [_drawable(row, used.get(row.id), usual) for row in rows]


def _drawable(row: Institution, used: InForce | None, usual: Decimal) -> Drawable:
    return Drawable(row, Decimal(used.value) if used else usual, used)


def draws(campaign: Campaign) -> list[Draw]:
    """Every draw, the newest first: none is ever taken away."""
    query = select(Draw).where(Draw.subject == "campaign", Draw.subject_id == campaign.id)
    return list(session.scalars(query.order_by(Draw.turn.desc())))


def institutions(keys: Collection[int]) -> dict[int, Institution]:
    query = select(Institution).where(Institution.id.in_(keys))
    return {row.id: row for row in session.scalars(query)}


def is_named(name: str, region: str) -> bool:
    query = select(Campaign.id).where(Campaign.name == name, Campaign.pooling_region == region)
    return session.scalar(query) is not None


def result_of(campaign_id: int, institution_id: int) -> CampaignResult | None:
    return session.scalar(
        select(CampaignResult).where(
            CampaignResult.campaign_id == campaign_id,
            CampaignResult.institution_id == institution_id,
        )
    )


def institution(actor: Actor, code: str) -> Institution | None:
    """The institution of this code in the actor's region."""
    query = scope.visible(select(Institution), actor, Institution.pooling_region, Institution.id)
    return session.scalar(query.where(Institution.code == code))
