"""The periods of payment of an institution or a person, worked out from what the tables hold now.

Everything is read anew: what this transaction loaded earlier must not stand in for what another one wrote.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import selectinload

from database import session
from models import Agreement, Hold, Institution, QualificationMeasure, Registration
from queries import agreement_terms, eligibility, qualification_measures
from rules import payability
from rules.eligibility import Facts, Stop
from rules.payability import Ended, Filing, Period
from rules.standing import AgreementFacts

EVERYWHERE = 0
Stops = dict[tuple[int, str], list[Stop]]


def of_institution(institution_id: int) -> dict[str, list[Period]]:
    """Under "" the institution's own; under a department's name what stops that department alone."""
    kind = session.scalar(select(Institution.kind).where(Institution.id == institution_id))
    if kind is None:
        return {}
    stops = _stops(
        and_(Hold.institution_id == institution_id, Hold.practitioner_id.is_(None)),
        by_department=True,
    )
    own = Facts(kind.family, _agreements(institution_id), stops.pop((institution_id, ""), []))
    departments = {name: payability.of_stops(found) for (_id, name), found in stops.items()}
    return {"": payability.of_institution(own), **departments}


def of_person(practitioner_id: int) -> dict[int, list[Period]]:
    """By institution; under `EVERYWHERE` what stops the person wherever he works."""
    stops = _stops(Hold.practitioner_id == practitioner_id, by_department=False)
    filings = _filings(practitioner_id)
    begun = [one.from_on for here in filings.values() for one in here]
    measures = _measures(practitioner_id)
    found = {EVERYWHERE: payability.of_stops(stops.pop((EVERYWHERE, ""), []))}
    for place in {*filings, *(place for place, _department in stops)}:
        here, held = filings.get(place, []), stops.get((place, ""), [])
        found[place] = payability.of_filing(here, held, measures, begun)
    return found


def _agreements(institution_id: int) -> list[AgreementFacts]:
    query = (
        select(Agreement)
        .where(Agreement.institution_id == institution_id, agreement_terms.designating())
        .options(selectinload(Agreement.suspensions), selectinload(Agreement.terminations))
        .order_by(Agreement.id.desc())
        .execution_options(populate_existing=True)
    )
    return [agreement_terms.facts_of(row) for row in session.scalars(query)]


def _stops(whose: ColumnElement[bool], *, by_department: bool) -> Stops:
    query = select(Hold).where(whose).order_by(Hold.from_on, Hold.id)
    found: Stops = defaultdict(list)
    for hold in session.scalars(query.execution_options(populate_existing=True)):
        key = (hold.institution_id or EVERYWHERE, hold.department if by_department else "")
        found[key].append(eligibility.stop_of(hold))
    return found


def _filings(practitioner_id: int) -> dict[int, list[Filing]]:
    found: dict[int, list[Filing]] = defaultdict(list)
    query = select(
        Registration.institution_id, Registration.id, Registration.from_on, Registration.to_on
    ).where(Registration.practitioner_id == practitioner_id)
    for place, key, from_on, to_on in session.execute(query.order_by(Registration.id)):
        found[place].append(Filing(key, from_on, to_on))
    return found


def _measures(practitioner_id: int) -> list[Ended]:
    query = (
        select(QualificationMeasure)
        .where(QualificationMeasure.practitioner_id == practitioner_id)
        .order_by(QualificationMeasure.id)
        .execution_options(populate_existing=True)
    )
    return [
        Ended(qualification_measures.fact_of(row), frozenset(row.registrations))
        for row in session.scalars(query)
    ]
