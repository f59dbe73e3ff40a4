"""Entries into 结算台账, inside the transaction of whatever causes them, under one order of locks.

Institution, agreement, statement, ledger: whoever suspends, terminates or holds takes the institution first as well,
so that nothing is paid beside a measure that is just being written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actions import holds
from database import session
from models import Agreement, Institution, LedgerEntry, Statement
from queries import ledger as ask
from rules import ledger as rule
from rules.insurance import InsuranceKind
from rules.ledger import Entry, Transfer
from rules.permissions import Actor
from rules.refusal import Refused


def lock(
    institution_id: int, *, agreement_id: int | None = None, statement_id: int | None = None
) -> None:
    """Institution → agreement → statement, each read anew: what they said before may be over."""
    session.flush()
    holds.lock(institution_id)
    if agreement_id is not None:
        session.get_one(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if statement_id is not None:
        session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)


def post(
    transfers: Sequence[Transfer],
    *,
    institution: Institution,
    cause: Any,
    actor: Actor,
    on: date,
    agreement: Agreement | None = None,
    statement: Statement | None = None,
    year: int | None = None,
    insurance: InsuranceKind | None = None,
) -> list[LedgerEntry]:
    """Enter transfers; those of nothing are left out. `year`: the settlement year, else that of the statement or day.

    `insurance`: whose fund, where no statement says so; ValueError when a fund's money is entered without. Refused when
    a transfer is of less than nothing, or an account of the statement or of the agreement's fund (without an agreement:
    of what the institution has apart) would give out more than it holds.
    """
    given = [rule.entry(one, on) for one in transfers if one.amount]
    fund = statement.insurance if statement else insurance
    rule.check_fund(given, fund, of_agreement=agreement is not None)
    _take(institution, agreement, statement)
    made = [
        _row(
            one, institution, agreement, statement, cause, year=year, fund=fund, actor=actor, on=on
        )
        for one in given
    ]
    session.add_all(made)
    session.flush()
    _check(institution, agreement, statement, fund, on)
    return made


def reverse(row: LedgerEntry, *, cause: Any, actor: Actor, on: date) -> LedgerEntry:
    """Answer an entry by the same the other way. Refused a second time, and for what was itself a reversal."""
    lock(row.institution_id, agreement_id=row.agreement_id, statement_id=row.statement_id)
    if row.reverses_id is not None or ask.reversal_of(row.id) is not None:
        raise Refused("该笔台账已经冲销，或者本身是冲销。", cure="请核对台账。")
    institution = session.get_one(Institution, row.institution_id)
    agreement = session.get(Agreement, row.agreement_id) if row.agreement_id else None
    statement = session.get(Statement, row.statement_id) if row.statement_id else None
    made = _row(
        row.plain.reversed,
        institution,
        agreement,
        statement,
        cause,
        year=row.year,
        fund=row.insurance,
        actor=actor,
        on=on,
    )
    made.reverses_id = row.id
    session.add(made)
    session.flush()
    _check(institution, agreement, statement, row.insurance, on)
    return made


def _take(
    institution: Institution, agreement: Agreement | None, statement: Statement | None
) -> None:
    lock(
        institution.id,
        agreement_id=agreement.id if agreement else None,
        statement_id=statement.id if statement else None,
    )


def _row(
    one: Entry,
    institution: Institution,
    agreement: Agreement | None,
    statement: Statement | None,
    cause: Any,
    *,
    year: int | None,
    fund: InsuranceKind | None,
    actor: Actor,
    on: date,
) -> LedgerEntry:
    return LedgerEntry(
        institution_id=institution.id,
        agreement_id=agreement.id if agreement else None,
        statement_id=statement.id if statement else None,
        day=on,
        year=year or (statement.year if statement else on.year),
        insurance=fund,
        kind=one.kind,
        debit=one.debit,
        credit=one.credit,
        amount=one.amount,
        article=one.article[:200],
        cause=cause.__tablename__,
        cause_id=cause.id,
        made_by_id=actor.id,
    )


def _check(
    institution: Institution,
    agreement: Agreement | None,
    statement: Statement | None,
    fund: InsuranceKind | None,
    on: date,
) -> None:
    if statement is not None:
        rule.check(ask.balances(statement_id=statement.id), on)
    if agreement is not None:
        rule.check(ask.balances(agreement_id=agreement.id, insurance=fund), on)
    else:
        rule.check(ask.apart_from_agreements(institution.id), on)
