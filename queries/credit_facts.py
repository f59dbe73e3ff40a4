"""The facts a rating scheme asks for: one row per institution with an agreement living in the period.

The number of statements does not grow with the number of institutions. What the house does not record yet is left
empty: the scheme says how missing facts count.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Agreement, Institution, Termination
from queries import agreement_terms
from queries.credit_sources import ONE_DAY, SOURCES, Life, Period, Values, regional
from rules import peers
from scoring.scheme import Fact, Scheme


def rows(scheme: Scheme, region: str, *, from_on: date, to_on: date) -> list[dict[str, Any]]:
    """The facts in the order of the institutions, each row with exactly the scheme's columns."""
    period = Period(region, from_on, to_on)
    lives = _lives(period)
    living = {life.institution_id for life in lives if life.last >= max(from_on, life.first)}
    known = {key: values for key, values in _identities(period).items() if key in living}
    for source in SOURCES:
        if source.nothing.keys() & set(scheme.fact_columns):
            found = source.read(period, lives)
            for key, values in known.items():
                values.update(source.nothing | found.get(key, {}))
    return [
        {name: values.get(name) for name in scheme.fact_columns}
        for _, values in sorted(known.items())
    ]


def unsourced(scheme: Scheme) -> list[Fact]:
    """Numbers and flags of the scheme that nothing in the house records yet; they stay empty."""
    sourced = {name for source in SOURCES for name in source.nothing}
    return [fact for fact in scheme.facts if fact.type != "text" and fact.column not in sourced]


def _identities(period: Period) -> Values:
    query = select(Institution.id, Institution.kind, Institution.level)
    found = session.execute(query.where(Institution.pooling_region == period.region))
    return {
        key: {
            "institution": key,
            "family": kind.family,
            "peer_group": peers.group_of(kind, level).label,
        }
        for key, kind, level in found
    }


def _lives(period: Period) -> list[Life]:
    """Every agreement that had begun by the end of the period."""
    query = regional(
        select(
            Agreement.institution_id,
            Agreement.id,
            Agreement.agency_signed_on,
            Agreement.term_from,
            Agreement.term_to,
            Agreement.lapsed_on,
            Termination.effective_on,
        ).outerjoin(Termination, Termination.agreement_id == Agreement.id),
        Agreement,
        period,
    )
    lives = [
        _life(*row)
        for row in session.execute(
            query.where(Agreement.agency_signed_on.is_not(None), agreement_terms.designating())
        )
    ]
    return [life for life in lives if life.first <= period.to_on]


def _life(
    institution_id: int, key: int, signed: date, first: date, last: date, *ends: date | None
) -> Life:
    """A lapse or termination ends it the day before."""
    lasts = [end - ONE_DAY for end in ends if end is not None]
    return Life(institution_id, key, signed, max(first, signed), min([last, *lasts]))
