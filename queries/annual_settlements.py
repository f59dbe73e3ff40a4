"""年度清算: budgets, drafts, what a year of an agreement comes to, the list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from database import session
from models import (
    Agreement,
    AnnualBudget,
    AnnualSettlement,
    FundBalance,
    Institution,
    LedgerEntry,
    Statement,
)
from queries import annual_ledger, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import annual_settlement as rule
from rules.annual_settlement import Basis, Booked, Method, Outcome
from rules.insurance import InsuranceKind
from rules.ledger import Account
from rules.lifecycle import ANNUAL_SETTLEMENT
from rules.permissions import Actor
from rules.refusal import Refused

UNDECIDED = ("sent", "disputed", "confirmed")
REOPEN = "请先将清算表退回编制，办完本项以后重新送机构核对。"
DONE = ("paid", "returned", "withdrawn")
LIVING = AnnualSettlement.state != "dropped"
SORTS = {"due": AnnualSettlement.due, "difference": AnnualSettlement.difference}


def budget_of(pooling_region: str, year: int, insurance: InsuranceKind) -> AnnualBudget | None:
    return session.scalar(
        select(AnnualBudget).where(
            AnnualBudget.pooling_region == pooling_region,
            AnnualBudget.year == year,
            AnnualBudget.insurance == insurance,
        )
    )


def budgets(actor: Actor) -> list[AnnualBudget]:
    """Of the actor's pooling region, newest first."""
    query = select(AnnualBudget).where(AnnualBudget.pooling_region == actor.pooling_region)
    return list(session.scalars(query.order_by(AnnualBudget.year.desc(), AnnualBudget.insurance)))


def fund_of(pooling_region: str, year: int, insurance: InsuranceKind) -> FundBalance | None:
    return session.scalar(
        select(FundBalance).where(
            FundBalance.pooling_region == pooling_region,
            FundBalance.year == year,
            FundBalance.insurance == insurance,
        )
    )


def funds(actor: Actor) -> list[FundBalance]:
    """What was entered of the funds of the actor's pooling region, newest first."""
    query = select(FundBalance).where(FundBalance.pooling_region == actor.pooling_region)
    return list(session.scalars(query.order_by(FundBalance.year.desc(), FundBalance.insurance)))


def by_points(
    pooling_region: str, year: int, insurance: InsuranceKind, *, lock: bool = False
) -> list[AnnualSettlement]:
    """Settlements of the year that share the budget, in the order in which left-over 分 go to them."""
    query = select(AnnualSettlement).join(Institution).where(
        Institution.pooling_region == pooling_region,
        AnnualSettlement.year == year,
        AnnualSettlement.insurance == insurance,
        AnnualSettlement.method == Method.POINTS,
        LIVING,
    )  # fmt: skip
    query = query.order_by(AnnualSettlement.id)
    if lock:
        query = query.with_for_update(of=AnnualSettlement).execution_options(populate_existing=True)
    return list(session.scalars(query))


def living(agreement_id: int, year: int, insurance: InsuranceKind) -> AnnualSettlement | None:
    return session.scalar(
        select(AnnualSettlement).where(
            AnnualSettlement.agreement_id == agreement_id,
            AnnualSettlement.year == year,
            AnnualSettlement.insurance == insurance,
            LIVING,
        )
    )


def check_open(
    agreement_id: int, year: int, insurance: InsuranceKind, *, family: str, cure: str = ""
) -> None:
    """Refused once the settlement of the year went to the institution. `cure`: what to do when it is decided."""
    row = living(agreement_id, year, insurance)
    if row is None or row.state == "drafted":
        return
    known = f"{row.number}，{ANNUAL_SETTLEMENT.states[row.state].label}"
    raise rule.closed(
        year, insurance, known, cure=REOPEN if row.state in UNDECIDED else cure, family=family
    )


def carried_from(
    institution_id: int, year: int, insurance: InsuranceKind
) -> AnnualSettlement | None:
    """The settlement of an earlier year whose difference the institution still owes to the fund."""
    query = select(AnnualSettlement).where(
        AnnualSettlement.institution_id == institution_id,
        AnnualSettlement.year < year,
        AnnualSettlement.insurance == insurance,
        AnnualSettlement.state == "carried",
    )
    return session.scalars(query.order_by(AnnualSettlement.year.desc())).first()


def unsettled(actor: Actor, year: int) -> list[tuple[Agreement, InsuranceKind]]:
    """Agreement and fund with entries in the year and no settlement yet, by number."""
    entries = select(LedgerEntry.agreement_id, LedgerEntry.insurance).distinct()
    entries = entries.where(LedgerEntry.year == year, LedgerEntry.insurance.is_not(None))
    booked = entries.subquery()
    settled = select(AnnualSettlement.id).where(
        AnnualSettlement.agreement_id == booked.c.agreement_id,
        AnnualSettlement.insurance == booked.c.insurance,
        AnnualSettlement.year == year,
        LIVING,
    )
    query = select(Agreement, booked.c.insurance).join(
        booked, booked.c.agreement_id == Agreement.id
    )
    query = query.join(Institution, Institution.id == Agreement.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, Agreement.institution_id)
    query = query.where(~settled.exists()).options(joinedload(Agreement.institution))
    rows = session.execute(query.order_by(Agreement.number, booked.c.insurance))
    return [(agreement, insurance) for agreement, insurance in rows]


def booked(row: AnnualSettlement) -> Booked:
    return annual_ledger.booked(row.agreement_id, row.year, row.insurance, carried=carried(row))


def carried(row: AnnualSettlement) -> int:
    """What an earlier year left open, below nothing; nothing once it was brought or taken over."""
    before = row.carried_from or carried_from(row.institution.id, row.year, row.insurance)
    return before.due or 0 if before and before.state == "carried" else 0


def outcome(row: AnnualSettlement) -> Outcome:
    """What the year comes to by the ledger of now. Refused while claims are not settled or no share is fixed."""
    open_ = _open_statements(row)
    waiting = annual_ledger.balance(Account.CLAIMED, row.agreement_id, row.year, row.insurance)
    if open_ or waiting:
        raise Refused(
            f"{row.year} 年度{row.insurance.label}还有 {open_} 件申报没有拨付，"
            f"{waiting // 100:,}.{waiting % 100:02d} 元没有审核结算。",
            cure="请先办完该年度各月的费用结算和拨付。",
        )
    basis = Basis(row.method, row.share, row.cap, Decimal(row.reduction) / 100)
    family = row.institution.kind.family
    return rule.settle(booked(row), basis, day=date(row.year, 12, 31), family=family)


def _open_statements(row: AnnualSettlement) -> int:
    """Statements of the year that still move: what they pay later would be paid twice."""
    first, last = date(row.year, 1, 1), date(row.year, 12, 31)
    query = select(func.count(Statement.id)).where(
        Statement.agreement_id == row.agreement_id,
        Statement.insurance == row.insurance,
        Statement.month.between(first, last),
        Statement.state.not_in(DONE),
    )
    return session.scalar(query) or 0


def page(actor: Actor, ask: Asked) -> tuple[list[AnnualSettlement], Page]:
    """In the actor's scope, newest year first."""
    query = select(AnnualSettlement).join(Institution)
    query = scope.visible(query, actor, Institution.pooling_region, AnnualSettlement.institution_id)
    query = query.where(*of_family(ask), *named(ask, Institution.code, AnnualSettlement.number))
    if ask.word("state") in ANNUAL_SETTLEMENT.states:
        query = query.where(AnnualSettlement.state == ask.word("state"))
    if ask.word("insurance") in set(InsuranceKind):
        query = query.where(AnnualSettlement.insurance == ask.word("insurance"))
    if ask.word("year").isdecimal():
        query = query.where(AnnualSettlement.year == int(ask.word("year")[:4]))
    total = count(query)
    query = query.options(joinedload(AnnualSettlement.institution))
    return list(session.scalars(cut(_sorted(query, ask), ask))), Page(ask.page, ask.size, total)


def _sorted(query: Any, ask: Asked) -> Any:
    way = ask.word("sort")
    column = SORTS.get(way.removeprefix("-"))
    if column is not None:
        return query.order_by(column.desc() if way.startswith("-") else column, AnnualSettlement.id)
    return query.order_by(AnnualSettlement.year.desc(), AnnualSettlement.id.desc())


def years(actor: Actor) -> list[int]:
    query = select(AnnualSettlement.year).distinct().join(Institution)
    query = scope.visible(query, actor, Institution.pooling_region, AnnualSettlement.institution_id)
    return list(session.scalars(query.order_by(AnnualSettlement.year.desc())))


def of_institution(institution_id: int) -> list[AnnualSettlement]:
    """What the institution is shown: whatever was sent to it, newest first."""
    query = select(AnnualSettlement).where(
        AnnualSettlement.institution_id == institution_id,
        AnnualSettlement.sent_on.is_not(None),
        LIVING,
    )
    return list(
        session.scalars(query.order_by(AnnualSettlement.year.desc(), AnnualSettlement.id.desc()))
    )


def of_agreement(agreement_id: int) -> list[AnnualSettlement]:
    query = select(AnnualSettlement).where(AnnualSettlement.agreement_id == agreement_id)
    return list(session.scalars(query.order_by(AnnualSettlement.year.desc())))
