"""基金预付: requests, what the fund and the ledger say of them, the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from database import session
from models import Agreement, Institution, Prepayment
from queries import agreements, annual_ledger, annual_settlements, proposals, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.insurance import InsuranceKind
from rules.lifecycle import PREPAYMENT, PrepaymentState
from rules.permissions import Actor
from rules.prepayment import Credit, Fund
from rules.standing import Word

LOOKED_BACK = 3  # years offered on the form; how many count is the law's word
ENDED = (PrepaymentState.DECLINED, PrepaymentState.WITHDRAWN)


def fund(row: Prepayment) -> Fund | None:
    """What was entered of the fund for the January of the request."""
    found = annual_settlements.fund_of(row.pooling_region, row.year, row.insurance)
    if found is None:
        return None
    return Fund(found.insurance, found.balance, found.monthly, found.last_year, found.forecast)


def paid_before(row: Prepayment) -> list[int]:
    """What the ledger has paid in the last years for the insurance that is to advance, newest first."""
    return [
        annual_ledger.paid_in(row.institution_id, row.year - back, row.insurance)
        for back in range(1, LOOKED_BACK + 1)
    ]


def credit(row: Prepayment, on: Any) -> tuple[Credit | None, proposals.InForce | None]:
    """What the adopted grade says; a word the schemes do not have counts as to be looked at one by one."""
    found = proposals.in_force(row.institution_id, "prepayment", on=on)
    if found is None:
        return None, None
    known = found.value in set(Credit)
    return (Credit(found.value) if known else Credit.REVIEW), found


def living(institution_id: int, year: int, insurance: InsuranceKind) -> Prepayment | None:
    """The one an institution has of an insurance in a year, whatever agreements it has."""
    return next((row for row in _of_year(institution_id, year) if row.insurance is insurance), None)


def _of_year(institution_id: int, year: int) -> list[Prepayment]:
    query = select(Prepayment).where(
        Prepayment.institution_id == institution_id,
        Prepayment.year == year,
        Prepayment.state.not_in(ENDED),
    )
    return list(session.scalars(query.order_by(Prepayment.id)))


def same_base(row: Prepayment, years: Sequence[int]) -> Prepayment | None:
    """An advance of another insurance in the year that was counted from the very same sums."""
    others = [
        one for one in _of_year(row.institution_id, row.year) if one.insurance != row.insurance
    ]
    known = [paid for paid in years if paid > 0]
    return next((one for one in others if [paid for paid in one.years if paid > 0] == known), None)


def paid(institution_id: int, year: int, insurance: InsuranceKind) -> list[Prepayment]:
    """Advances of a fund, of the year and earlier ones, that wait to be set off, held for the writer."""
    query = select(Prepayment).where(
        Prepayment.institution_id == institution_id,
        Prepayment.year <= year,
        Prepayment.insurance == insurance,
        Prepayment.state == PrepaymentState.PAID,
    )
    return list(session.scalars(query.order_by(Prepayment.id).with_for_update()))


def standing_agreements(institution_id: int, on: Any) -> list[Agreement]:
    """Agreements under which an advance may be asked for: in force today."""
    rows = agreements.designating(institution_id)
    return [one for one in rows if agreements.standing_of(one, on=on).word is Word.IN_FORCE]


def page(actor: Actor, ask: Asked) -> tuple[list[Prepayment], Page]:
    query = select(Prepayment).join(Institution)
    query = scope.visible(query, actor, Institution.pooling_region, Prepayment.institution_id)
    query = query.where(*of_family(ask), *named(ask, Institution.code, Prepayment.number))
    if ask.word("state") in PREPAYMENT.states:
        query = query.where(Prepayment.state == ask.word("state"))
    if ask.word("insurance") in set(InsuranceKind):
        query = query.where(Prepayment.insurance == ask.word("insurance"))
    if ask.word("year").isdecimal():
        query = query.where(Prepayment.year == int(ask.word("year")[:4]))
    total = count(query)
    query = query.options(joinedload(Prepayment.institution))
    query = query.order_by(Prepayment.year.desc(), Prepayment.id.desc())
    return list(session.scalars(cut(query, ask))), Page(ask.page, ask.size, total)


def years(actor: Actor) -> list[int]:
    query = select(Prepayment.year).distinct().join(Institution)
    query = scope.visible(query, actor, Institution.pooling_region, Prepayment.institution_id)
    return list(session.scalars(query.order_by(Prepayment.year.desc())))


def of_institution(institution_id: int) -> list[Prepayment]:
    query = select(Prepayment).where(Prepayment.institution_id == institution_id)
    return list(session.scalars(query.order_by(Prepayment.id.desc())))
