"""费用结算 as the list and the page of a statement show it: the month's statements with their money from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from database import session
from models import AuditFinding, Claim, Disbursement, Institution, LedgerEntry, Statement
from queries import clock_views, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.clocks import Light
from rules.insurance import InsuranceKind
from rules.ledger import Account
from rules.lifecycle import STATEMENT
from rules.permissions import Actor
from rules.statements import Fate

Sums = dict[Account, int]


@dataclass(frozen=True)
class ListRow:
    """One statement. Amounts in 分; `due`: the light of the time for paying."""

    statement: Statement
    state: Light
    due: Light
    sums: Sums

    def amount(self, account: str) -> int:
        return self.sums.get(Account(account), 0)

    @property
    def denied(self) -> int:
        return self.amount("denied") + self.amount("disallowed")


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ListRow], Page]:
    """In the actor's scope, the newest month first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = list(
        session.scalars(cut(query.order_by(Statement.month.desc(), Statement.id.desc()), ask))
    )
    sums = balances_of([row.id for row in rows])
    found = [ListRow(row, badge(row), light(row, on), sums[row.id]) for row in rows]
    return found, Page(ask.page, ask.size, total)


def totals(actor: Actor, ask: Asked) -> Sums:
    """The accounts of all statements of the list together: what the month run divides into."""
    ids = _filtered(actor, ask).with_only_columns(Statement.id)
    found: dict[Account, int] = defaultdict(int)
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = select(side, func.sum(LedgerEntry.amount)).where(LedgerEntry.statement_id.in_(ids))
        for account, amount in session.execute(query.group_by(side)):
            found[account] += sign * int(amount)
    return dict(found)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Statement).join(Institution, Statement.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Statement.institution_id)
    query = query.where(*named(ask, Statement.number), *of_family(ask))
    if ask.word("state") in STATEMENT.states:
        query = query.where(Statement.state == ask.word("state"))
    if ask.word("insurance") in set(InsuranceKind):
        query = query.where(Statement.insurance == ask.word("insurance"))
    month = month_of(ask.word("month"))
    return query.where(Statement.month == month) if month else query


def month_of(text: str) -> date | None:
    """2026-10 as its first day; nonsense counts as not asked."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def months(actor: Actor) -> list[date]:
    """Months with statements, the newest first."""
    query = select(Statement.month).join(Institution, Statement.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Statement.institution_id)
    return list(session.scalars(query.distinct().order_by(Statement.month.desc()).limit(36)))


def balances_of(statement_ids: Iterable[int]) -> dict[int, Sums]:
    """Balances of several statements at once."""
    ids = list(statement_ids)
    found: dict[int, Sums] = {key: {} for key in ids}
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = (
            select(LedgerEntry.statement_id, side, func.sum(LedgerEntry.amount))
            .where(LedgerEntry.statement_id.in_(ids))
            .group_by(LedgerEntry.statement_id, side)
        )
        for key, account, amount in session.execute(query):
            found[int(key or 0)][account] = found[int(key or 0)].get(account, 0) + sign * int(
                amount
            )
    return found


def badge(row: Statement) -> Light:
    shown = STATEMENT.states[row.state]
    return Light(shown.light, shown.label)


def light(row: Statement, on: date) -> Light:
    """The light of the time for paying; nothing where no time runs any more."""
    view = next(iter(clock_views.of_rule("statement", row.id, "pay.deadline", on=on)), None)
    return view.light if view else Light("na", "—")


@dataclass(frozen=True)
class LineRow:
    """One line with what standing findings take off it. Amounts in 分."""

    claim: Claim
    denied: int
    reasons: tuple[str, ...]
    sampled: bool

    @property
    def left(self) -> int:
        return self.claim.amount - self.denied


def lines(row: Statement, ask: Asked, drawn: Iterable[int]) -> tuple[list[LineRow], Page]:
    """The lines of a statement, narrowed by what is asked: drawn for re-audit, with findings, kept back."""
    chosen = set(drawn)
    query = select(Claim).where(Claim.statement_id == row.id)
    if ask.q:
        query = query.where(
            or_(Claim.voucher.contains(ask.q, autoescape=True), Claim.practitioner_code == ask.q)
        )
    show = ask.word("show")
    if show == "sampled":
        query = query.where(Claim.line.in_(chosen))
    elif show == "denied":
        struck = AuditFinding.struck_on.is_(None)
        query = query.where(Claim.id.in_(select(AuditFinding.claim_id).where(struck)))
    elif show == "held":
        query = query.where(Claim.fate == Fate.HOLD)
    total = count(query)
    found = list(session.scalars(cut(query.order_by(Claim.line), ask)))
    why = _findings(found)
    return [
        LineRow(one, why[one.id][0], tuple(why[one.id][1]), one.line in chosen) for one in found
    ], Page(ask.page, ask.size, total)


def _findings(claims: list[Claim]) -> dict[int, tuple[int, list[str]]]:
    found: dict[int, tuple[int, list[str]]] = defaultdict(lambda: (0, []))
    query = select(AuditFinding).where(
        AuditFinding.claim_id.in_([one.id for one in claims]), AuditFinding.struck_on.is_(None)
    )
    for one in session.scalars(query.order_by(AuditFinding.id)):
        amount, reasons = found[one.claim_id]
        found[one.claim_id] = amount + one.amount, [*reasons, one.reason_text]
    return found


def payments(actor: Actor, ask: Asked) -> tuple[list[Disbursement], Page]:
    """Transfers in the actor's scope, the newest first: what the finance system takes over."""
    query = (
        select(Disbursement)
        .join(Institution, Disbursement.institution_id == Institution.id)
        .join(Statement, Disbursement.statement_id == Statement.id)
    )
    query = scope.visible(query, actor, Institution.pooling_region, Disbursement.institution_id)
    query = query.where(*named(ask, Statement.number, Disbursement.voucher), *of_family(ask))
    if ask.day("from_on"):
        query = query.where(Disbursement.paid_on >= ask.day("from_on"))
    if ask.day("to_on"):
        query = query.where(Disbursement.paid_on <= ask.day("to_on"))
    total = count(query)
    rows = session.scalars(cut(query.order_by(Disbursement.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)
