"""扣款率 from the settlements themselves: what was denied of what was claimed.

A statement counts in the period in which it was settled; one that was sent back counts once it is settled anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from database import session
from models import AuditFinding, Institution, Statement
from queries.credit_period import Life, Period, Values, living, note, regional
from rules.lifecycle import StatementState as S

RATE, EVIDENCE = "denial_rate", "denial_evidence"
SETTLED = (S.SETTLED, S.APPROVED, S.PAID)


def rates(period: Period, lives: list[Life]) -> Values:
    """Rate in percent and the numbers of the statements, of those of whom anything was settled.

    Where places are gathered under one code they share the rate of all their statements together.
    """
    shared: dict[Any, list[tuple[str, int, int]]] = defaultdict(list)
    subject = _subjects(period, living(lives, period))
    for place, *one in _statements(period):
        if place in subject:
            shared[subject[place]].append((one[0], one[1], one[2]))
    found = {key: _rate(rows) for key, rows in shared.items()}
    return {place: found[key] for place, key in subject.items() if key in found}


def _rate(rows: Iterable[tuple[str, int, int]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    claimed = denied = 0
    for number, total, off in rows:
        claimed, denied = claimed + total, denied + off
        note(values, EVIDENCE, number)
    return values | {RATE: round(denied * 100 / claimed, 6)}


def _statements(period: Period) -> Iterable[Any]:
    """Institution, number, claimed and denied in 分 of every statement settled in the period."""
    off = (
        select(AuditFinding.statement_id, func.sum(AuditFinding.amount).label("denied"))
        .where(AuditFinding.struck_on.is_(None))
        .group_by(AuditFinding.statement_id)
        .subquery()
    )
    query = select(
        Statement.institution_id, Statement.number, Statement.total, func.coalesce(off.c.denied, 0)
    ).outerjoin(off, off.c.statement_id == Statement.id)
    query = regional(query, Statement, period).where(
        Statement.state.in_(SETTLED), Statement.settled_on.between(period.from_on, period.to_on)
    )
    for place, number, claimed, denied in session.execute(
        query.order_by(Statement.settled_on, Statement.id)
    ):
        yield place, number, int(claimed), int(denied)


def _subjects(period: Period, places: set[int]) -> dict[int, Any]:
    """Place → under what it is rated: its 统一社会信用代码 where the scheme gathers by it, else itself."""
    query = select(Institution.id, Institution.uscc)
    found = session.execute(query.where(Institution.pooling_region == period.region))
    gathers = period.scheme.subject.one_per is not None
    return {key: (gathers and uscc) or key for key, uscc in found if key in places}
