"""The facts a rating scheme asks for: one row per subject, institutions with an agreement living in the period.

The number of statements does not grow with the number of subjects. What the house does not record yet is left empty:
the scheme says how missing facts count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Agreement, Institution, Termination
from queries import agreement_terms, credit_persons
from queries.credit_period import ONE_DAY, Life, Period, Values, living, regional
from queries.credit_sources import SOURCES
from rules import peers
from rules.credit_subjects import CreditSubject
from rules.refusal import Refused
from scoring.scheme import Fact, Scheme

_PERSONS: dict[str, Callable[[Period], Values]] = {
    CreditSubject.PRACTITIONER: credit_persons.practitioners,
    CreditSubject.LEGAL_REPRESENTATIVE: credit_persons.representatives,
}


def rows(scheme: Scheme, region: str, *, from_on: date, to_on: date) -> list[dict[str, Any]]:
    """The facts in the order of the subjects, each row with exactly the scheme's columns and its lists of events."""
    period, subject = Period(region, from_on, to_on, scheme), scheme.subject.key
    if subject == CreditSubject.INSTITUTION:
        known = _institutions(period)
    elif subject in _PERSONS:
        known = _PERSONS[subject](period)
    else:
        raise Refused(
            f"本系统没有{scheme.subject.label}的名册，不能自行取数。",
            cure="请在开展信用评价时上传事实表。",
        )
    names = (*scheme.fact_columns, *(source.name for source in scheme.sources))
    return [{name: values.get(name) for name in names} for _, values in sorted(known.items())]


def unsourced(scheme: Scheme) -> list[Fact]:
    """Numbers and flags of the scheme that nothing in the house records yet; they stay empty."""
    persons = {key: set(columns) for key, columns in credit_persons.COLUMNS.items()}
    institutions = {name for source in SOURCES for name in source.nothing}
    sourced = {CreditSubject.INSTITUTION: institutions, **persons}.get(
        CreditSubject(scheme.subject.key), {fact.column for fact in scheme.facts}
    )
    return [fact for fact in scheme.facts if fact.type != "text" and fact.column not in sourced]


def empty(facts: Sequence[Mapping[str, Any]], scheme: Scheme) -> list[Fact]:
    """Numbers and flags of which no subject has one in these frozen facts."""
    return [
        fact
        for fact in scheme.facts
        if fact.type != "text" and all(row.get(fact.column) is None for row in facts)
    ]


def _institutions(period: Period) -> Values:
    lives = _lives(period)
    rated = living(lives, period)
    known = {key: values for key, values in _identities(period).items() if key in rated}
    wanted = {*period.scheme.fact_columns, *(source.name for source in period.scheme.sources)}
    merging: dict[str, Callable[[list[Any]], Any]] = {}
    for source in SOURCES:
        if source.nothing.keys() & wanted:
            merging |= dict.fromkeys(source.nothing, source.merge)
            found = source.read(period, lives)
            for key, values in known.items():
                values.update(source.nothing | found.get(key, {}))
    return _one_per_code(known, merging) if period.scheme.subject.one_per else known


def _one_per_code(known: Values, merging: Mapping[str, Callable[[list[Any]], Any]]) -> Values:
    """Places under one 统一社会信用代码 are one subject, known by the one that was on file first."""
    places: dict[str, list[int]] = defaultdict(list)
    for key in sorted(known):
        places[known[key]["uscc"] or str(key)].append(key)
    return {keys[0]: _merged([known[key] for key in keys], merging) for keys in places.values()}


def _merged(
    places: list[dict[str, Any]], merging: Mapping[str, Callable[[list[Any]], Any]]
) -> dict[str, Any]:
    if len(places) == 1:
        return places[0]
    found = {name: merge([place.get(name) for place in places]) for name, merge in merging.items()}
    return places[0] | found


def _identities(period: Period) -> Values:
    query = select(Institution.id, Institution.kind, Institution.level, Institution.uscc)
    found: Iterable[Any] = session.execute(query.where(Institution.pooling_region == period.region))
    return {
        key: {
            "institution": key,
            "family": kind.family,
            "peer_group": peers.group_of(kind, level).label,
            "uscc": uscc,
        }
        for key, kind, level, uscc in found
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
            Agreement.number,
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
    institution_id: int, key: int, signed: date, first: date, last: date,
    lapsed: date | None, number: str, ended: date | None,
) -> Life:  # fmt: skip
    """A lapse or termination ends it the day before."""
    lasts = [end - ONE_DAY for end in (lapsed, ended) if end is not None]
    return Life(institution_id, key, signed, max(first, signed), min([last, *lasts]), number)
