"""资金看板: the money of a pooling region as its ledger tells it, each figure beside the year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from database import session
from models import AnnualSettlement, Institution, LedgerEntry, Prepayment, RetentionRelease
from rules.insurance import InsuranceKind
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.ledger import Account, Entry, accounts, balances, closes
from rules.lifecycle import ANNUAL_SETTLEMENT, PREPAYMENT, RETENTION_RELEASE, Lifecycle

MOST = 20  # institutions with the largest open sums
MONTHS = range(1, 13)
WAYS = (
    (Account.FUND, Account.CLAIMED),
    (Account.CLAIMED, Account.DENIED),
    (Account.PAYABLE, Account.PAID),
)
WAITING = (Account.PAYABLE, Account.HELD, Account.RETAINED)
CASES = (
    ("年度清算", AnnualSettlement, ANNUAL_SETTLEMENT),
    ("质量保证金返还", RetentionRelease, RETENTION_RELEASE),
    ("基金预付", Prepayment, PREPAYMENT),
)


@dataclass(frozen=True)
class Destination:
    """One account: where its money is, this year and the year before, in 分."""

    label: str
    destination: str
    basis: str
    now: int
    before: int


@dataclass(frozen=True)
class Month:
    number: int
    claimed: int
    denied: int
    paid: int


@dataclass(frozen=True)
class Open:
    """What an institution still has to get of the year, and what is held back."""

    id: int
    name: str
    payable: int
    held: int
    retained: int


@dataclass(frozen=True)
class Board:
    year: int
    claimed: int
    destinations: list[Destination]
    now: dict[Account, int]
    before: dict[Account, int]
    months: list[Month]
    open: list[Open]
    cases: list[tuple[str, Lifecycle, Counter[str]]]
    wrong: tuple[str, ...]


def years(pooling_region: str) -> list[int]:
    """Years with entries, newest first."""
    query = select(LedgerEntry.year).distinct().join(Institution)
    query = query.where(Institution.pooling_region == pooling_region)
    return list(session.scalars(query.order_by(LedgerEntry.year.desc())))


def board(
    pooling_region: str, year: int, kind: str = "", fund: InsuranceKind | None = None
) -> Board:
    """Everything of one settlement year; `kind` narrows to hospitals or pharmacies, `fund` to the money of one."""
    places = _where(pooling_region, kind)
    where = [*places, LedgerEntry.insurance == fund] if fund else places
    entries = _entries(where, year)
    now, before = balances(entries), balances(_entries(where, year - 1))
    months = _months(where, year)
    return Board(
        year=year,
        claimed=sum(one.claimed for one in months),
        destinations=_destinations(now, before, year),
        now=now,
        before=before,
        months=months,
        open=_open(where, year),
        cases=[(label, table, _states(model, places, year, fund)) for label, model, table in CASES],
        wrong=closes(entries, date(year, 12, 31)),
    )


def _where(pooling_region: str, kind: str) -> list[ColumnElement[bool]]:
    pharmacy = Institution.kind == InstitutionKind.RETAIL_PHARMACY
    narrowed = {PHARMACY: [pharmacy], MEDICAL: [~pharmacy]}.get(kind, [])
    return [Institution.pooling_region == pooling_region, *narrowed]


def _rows(where: list[ColumnElement[bool]], year: int, *columns: Any) -> Select[Any]:
    """Sums of the year by these columns, in scope."""
    query = select(*columns, func.sum(LedgerEntry.amount)).join(
        Institution, Institution.id == LedgerEntry.institution_id
    )
    return query.where(*where, LedgerEntry.year == year).group_by(*columns)


def _entries(where: list[ColumnElement[bool]], year: int) -> list[Entry]:
    """The year as one transfer of each kind and way: enough to see whether it closes."""
    query = _rows(where, year, LedgerEntry.kind, LedgerEntry.debit, LedgerEntry.credit)
    return [
        Entry(kind, debit, credit, int(sum_))
        for kind, debit, credit, sum_ in session.execute(query)
    ]


def _destinations(
    now: dict[Account, int], before: dict[Account, int], year: int
) -> list[Destination]:
    """Every account that holds money, in the order of the chain; the two outside it are left out."""
    return [
        Destination(
            row.label, row.extra["destination"], row.basis, now.get(one, 0), before.get(one, 0)
        )
        for one, row in accounts(date(year, 12, 31)).items()
        if row.extra["side"] != "outer"
    ]


def _months(where: list[ColumnElement[bool]], year: int) -> list[Month]:
    """By the month of the entry; entries made after the year stand in its last month."""
    found: Counter[tuple[int, Account]] = Counter()
    query = _rows(where, year, LedgerEntry.day, LedgerEntry.credit, LedgerEntry.debit)
    for day, credit, debit, amount in session.execute(query):
        month = day.month if day.year == year else MONTHS[-1] if day.year > year else MONTHS[0]
        for wanted in WAYS:
            found[month, wanted[1]] += int(amount) * ((credit, debit) == wanted)
            found[month, wanted[1]] -= int(amount) * ((debit, credit) == wanted)
    return [
        Month(
            month,
            found[month, Account.CLAIMED],
            found[month, Account.DENIED],
            found[month, Account.PAID],
        )
        for month in MONTHS
    ]


def _open(where: list[ColumnElement[bool]], year: int) -> list[Open]:
    """Institutions with something still open, the largest payable sum first."""
    sums: dict[tuple[int, str], Counter[Account]] = defaultdict(Counter)
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = _rows(where, year, Institution.id, Institution.name, side)
        for key, name, account, amount in session.execute(query.where(side.in_(WAITING))):
            sums[key, name][account] += sign * int(amount)
    rows = [
        Open(key, name, own[Account.PAYABLE], own[Account.HELD], own[Account.RETAINED])
        for (key, name), own in sums.items()
        if any(own.values())
    ]
    return sorted(rows, key=lambda one: (-one.payable, -one.held, one.id))[:MOST]


def _states(
    model: Any, where: list[ColumnElement[bool]], year: int, fund: InsuranceKind | None
) -> Counter[str]:
    """Of a fund where the case is of one; retained money goes back for both together."""
    query = select(model.state, func.count()).join(
        Institution, Institution.id == model.institution_id
    )
    query = query.where(*where, model.year == year).group_by(model.state)
    if fund and hasattr(model, "insurance"):
        query = query.where(model.insurance == fund)
    return Counter({str(state): number for state, number in session.execute(query)})
