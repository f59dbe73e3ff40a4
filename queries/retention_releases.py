"""质量保证金: what is retained under each agreement and year, its history, and what was given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import Agreement, Institution, LedgerEntry, RetentionRelease
from queries import annual_ledger, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, cut
from rules import retention
from rules.insurance import InsuranceKind
from rules.ledger import Account
from rules.lifecycle import RETENTION_RELEASE
from rules.permissions import Actor
from rules.retention import Way

OPEN = ("drafted", "decided")
_RETAINED = or_(LedgerEntry.debit == Account.RETAINED, LedgerEntry.credit == Account.RETAINED)


@dataclass(frozen=True)
class Held:
    """One agreement in one year: withheld, given back, kept for good and still held, in 分. `rate` in percent."""

    agreement: Agreement
    institution: Institution
    year: int
    withheld: int
    released: int
    kept: int
    rate: int
    rate_basis: str
    cases: list[RetentionRelease]

    @property
    def case(self) -> RetentionRelease | None:
        """The latest."""
        return self.cases[0] if self.cases else None

    @property
    def waits(self) -> bool:
        """Something is retained that no case under way speaks of."""
        return self.held > 0 and not (self.case and self.case.state in OPEN)

    @property
    def held(self) -> int:
        return self.withheld - self.released - self.kept


def held(agreement_id: int, year: int, insurance: InsuranceKind | None = None) -> int:
    """What is retained of a year: of one fund, or of all."""
    return annual_ledger.balance(Account.RETAINED, agreement_id, year, insurance)


def cases(agreement_id: int, year: int) -> list[RetentionRelease]:
    """Those of an agreement and year that were not sent back, the latest first."""
    query = select(RetentionRelease).where(
        RetentionRelease.agreement_id == agreement_id,
        RetentionRelease.year == year,
        RetentionRelease.state != "dropped",
    )
    return list(session.scalars(query.order_by(RetentionRelease.id.desc())))


def under_way(agreement_id: int, year: int) -> RetentionRelease | None:
    """The case that is neither paid nor kept."""
    return next((row for row in cases(agreement_id, year) if row.state in OPEN), None)


def ground(row: RetentionRelease) -> str:
    """Why this percentage, in words for page and letter."""
    if row.way is Way.GRADE:
        return row.label
    score = (row.score or 0) / 100
    return f"{row.year}年度考核得分{score:.2f}分（{row.score_source}），{row.label}"


def page(actor: Actor, ask: Asked) -> tuple[list[Held], Page]:
    """Every agreement and year with retained money in the actor's scope, newest year first."""
    query = _sums(actor, ask)
    groups = query.order_by(None).subquery()
    total = session.scalar(select(func.count()).select_from(groups)) or 0
    rows = session.execute(cut(query, ask)).all()
    return [_held(row) for row in rows], Page(ask.page, ask.size, total)


def _sums(actor: Actor, ask: Asked) -> Any:
    query = _grouped().join(Institution, Institution.id == LedgerEntry.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, LedgerEntry.institution_id)
    query = query.where(*of_family(ask), *named(ask, Institution.code))
    if ask.word("year").isdecimal():
        query = query.where(LedgerEntry.year == int(ask.word("year")[:4]))
    state = ask.word("state")
    if state in RETENTION_RELEASE.states:
        query = query.where(
            select(RetentionRelease.id)
            .where(
                RetentionRelease.agreement_id == LedgerEntry.agreement_id,
                RetentionRelease.year == LedgerEntry.year,
                RetentionRelease.state == state,
            )
            .exists()
        )
    return query.order_by(LedgerEntry.year.desc(), LedgerEntry.agreement_id)


def _grouped() -> Any:
    """Agreement, year, and the sums between the retained account and the others."""

    def sum_of(account: Account, other: Account, sign: int = 1) -> Any:
        there = (LedgerEntry.debit == account) & (LedgerEntry.credit == other)
        back = (LedgerEntry.credit == account) & (LedgerEntry.debit == other)
        return func.sum(
            case((there, LedgerEntry.amount * sign), (back, -LedgerEntry.amount * sign), else_=0)
        )

    return (
        select(
            LedgerEntry.agreement_id,
            LedgerEntry.year,
            sum_of(Account.RETAINED, Account.PAYABLE).label("withheld"),
            sum_of(Account.PAID, Account.RETAINED).label("released"),
            sum_of(Account.FUND, Account.RETAINED).label("kept"),
        )
        .where(_RETAINED, LedgerEntry.agreement_id.is_not(None))
        .group_by(LedgerEntry.agreement_id, LedgerEntry.year)
    )


def _held(row: Any) -> Held:
    agreement = session.get_one(
        Agreement, row.agreement_id, options=[joinedload(Agreement.institution)]
    )
    family = agreement.institution.kind.family
    rate = retention.rate(agreement.institution_signed_on or agreement.term_from, family)
    return Held(
        agreement=agreement,
        institution=agreement.institution,
        year=row.year,
        withheld=int(row.withheld),
        released=int(row.released),
        kept=int(row.kept),
        rate=rate.value,
        rate_basis=rate.basis,
        cases=cases(row.agreement_id, row.year),
    )


def of_agreement(agreement_id: int) -> list[Held]:
    """Year by year, newest first."""
    query = _grouped().where(LedgerEntry.agreement_id == agreement_id)
    return [_held(row) for row in session.execute(query.order_by(LedgerEntry.year.desc()))]


def of_institution(institution_id: int) -> list[Held]:
    """The same of all agreements of an institution."""
    query = _grouped().where(LedgerEntry.institution_id == institution_id)
    query = query.order_by(LedgerEntry.year.desc(), LedgerEntry.agreement_id)
    return [_held(row) for row in session.execute(query)]


def movements(agreement_id: int, year: int) -> list[annual_ledger.Movement]:
    """Everything that went into or out of the retained account, oldest first."""
    query = select(LedgerEntry).where(
        _RETAINED, LedgerEntry.agreement_id == agreement_id, LedgerEntry.year == year
    )
    return annual_ledger.shown(session.scalars(query.order_by(LedgerEntry.id)))


def years(actor: Actor) -> list[int]:
    """Years with retained money in the actor's scope."""
    query = select(LedgerEntry.year).distinct()
    query = query.join(Institution, Institution.id == LedgerEntry.institution_id).where(_RETAINED)
    query = scope.visible(query, actor, Institution.pooling_region, LedgerEntry.institution_id)
    return list(session.scalars(query.order_by(LedgerEntry.year.desc())))
