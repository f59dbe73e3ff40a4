"""Claims that are not paid yet when a measure is decided: how much by state, and what of it the measure would stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from database import session
from models import AuditFinding, Claim, Institution, Statement, Violation, Withdrawal
from queries import case_measures
from queries.affected import Hit
from rules import payment_stops
from rules import statements as rule
from rules.eligibility import Stop, stopped
from rules.ladder import Step
from rules.lifecycle import STATEMENT
from rules.measures import SUSPEND, TERMINATE
from rules.statements import Fate

GONE = ("returned", "withdrawn")
CODES = {
    SUSPEND: "institution_suspension",
    TERMINATE: "institution_termination",
    "not_renew": "agreement_lapsed",
}
HOLDING = "institution_case_measure"


@dataclass(frozen=True)
class Unpaid:
    """Statements of one state, or of one branch: `left` less what was denied, `stopped` of it; in 分."""

    label: str
    count: int
    left: int
    stopped: int


@dataclass(frozen=True)
class OpenClaims:
    """`stops`: from which day what is no longer paid, a sentence each. `branches`: others that end with it."""

    stops: tuple[str, ...]
    rows: tuple[Unpaid, ...]
    branches: tuple[Unpaid, ...] = ()


def of_violation(violation: Violation, hits: Iterable[Hit], on: date) -> OpenClaims | None:
    """What the measures of a case would do if they were decided today; None where none of them stops payment."""
    stops = _planned(violation, on)
    if violation.decided_on is not None or not stops:
        return None
    place = violation.institution
    keys = dict.fromkeys(hit.institution_id for hit in hits if hit.agreement_id is not None)
    branches = [_branch(session.get_one(Institution, key), stops, on) for key in keys]
    return OpenClaims(
        tuple(payment_stops.said(stop, place.kind.family, on) for stop in stops),
        by_state(place.id, stops, on),
        tuple(one for one in branches if one.count),
    )


def of_withdrawal(row: Withdrawal, on: date) -> OpenClaims | None:
    """What leaving would do on its planned day; None once it is done or declined."""
    if row.state not in ("requested", "agreed"):
        return None
    stops = [_stop(CODES[row.act], max(row.from_on, on), row.to_on)]
    family = row.institution.kind.family
    return OpenClaims(
        tuple(payment_stops.said(stop, family, on) for stop in stops),
        by_state(row.institution_id, stops, on),
    )


def _planned(violation: Violation, on: date) -> list[Stop]:
    """A day that has passed meanwhile becomes today."""
    held = [row for row in case_measures.living(violation) if row.step is Step.HOLD_PAYMENT]
    found = [_stop(HOLDING, max(row.from_on or on, on), row.to_on) for row in held]
    if violation.measure in CODES:
        start = max(violation.suspend_from or on, on)
        found.append(_stop(CODES[violation.measure], start, violation.suspend_to))
    return found


def _stop(code: str, from_on: date, to_on: date | None) -> Stop:
    return Stop(code, "", "", from_on, to_on)


def by_state(institution_id: int, stops: Sequence[Stop], on: date) -> tuple[Unpaid, ...]:
    """Statements that still move or keep something back, in the order of their states."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _key, state, left in session.execute(_unpaid(institution_id)):
        if left or state != "paid":
            counted[state][0] += 1
            counted[state][1] += int(left)
    for state, left in _inside(institution_id, stops, on):
        counted[state][2] += left
    return tuple(
        Unpaid(shown.label, *counted[word])
        for word, shown in STATEMENT.states.items()
        if word in counted
    )


def _branch(place: Institution, stops: Sequence[Stop], on: date) -> Unpaid:
    rows = by_state(place.id, stops, on)
    return Unpaid(
        place.name,
        sum(one.count for one in rows),
        sum(one.left for one in rows),
        sum(one.stopped for one in rows),
    )


def _denied() -> Any:
    """What standing findings take off a line."""
    query = select(func.coalesce(func.sum(AuditFinding.amount), 0))
    query = query.where(AuditFinding.claim_id == Claim.id, AuditFinding.struck_on.is_(None))
    return query.correlate(Claim).scalar_subquery()


def _open(institution_id: int) -> list[ColumnElement[bool]]:
    return [
        Statement.institution_id == institution_id,
        Statement.state.not_in(GONE),
        Claim.disbursement_id.is_(None),
    ]


def _unpaid(institution_id: int) -> Select[Any]:
    left = func.sum(Claim.amount - _denied())
    query = select(Statement.id, Statement.state, left).join(
        Claim, Claim.statement_id == Statement.id
    )
    return query.where(*_open(institution_id)).group_by(Statement.id, Statement.state)


def _inside(institution_id: int, stops: Sequence[Stop], on: date) -> Iterable[tuple[str, int]]:
    """State and what is left of each line whose day would be stopped; inpatients of before where the law pays them."""
    inside = [Claim.service_date.between(one.from_on, one.to_on or date.max) for one in stops]
    query = select(Statement.state, Claim, Claim.amount - _denied()).join(
        Claim, Claim.statement_id == Statement.id
    )
    query = query.where(*_open(institution_id), or_(*inside))
    for state, line, left in session.execute(query):
        reasons = stopped(stops, line.service_date)
        if rule.fate(line, reasons, on=on).fate is not Fate.PAY:
            yield state, int(left)
