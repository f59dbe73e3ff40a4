"""自评: the own facts an institution is shown, what was handed in, who has not answered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from database import session
from models import Cycle, Institution, SelfAssessment
from queries import cycles
from queries.rating_objections import said
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CycleState
from rules.self_assessments import OwnFact


def open_for(institution_id: int, on: date) -> list[Cycle]:
    """Cycles in which this institution may assess itself today."""
    region = select(Institution.pooling_region).where(Institution.id == institution_id)
    query = select(Cycle).where(
        Cycle.state == CycleState.SELF_ASSESSING,
        Cycle.subject == INSTITUTION,
        Cycle.assess_until >= on,
        Cycle.pooling_region == region.scalar_subquery(),
    )
    rows = session.scalars(query.order_by(Cycle.id)).all()
    return [row for row in rows if facts_of(row, institution_id)]


def facts_of(cycle: Cycle, institution_id: int) -> list[OwnFact]:
    """The frozen facts of one institution in the order of the scheme; none for whoever is not rated."""
    scheme = cycles.scheme_of(cycle)
    row = next((row for row in cycle.facts if row[scheme.subject.key] == institution_id), None)
    if row is None:
        return []
    return [
        OwnFact(fact.column, fact.label, fact.unit, _found(row.get(fact.column)))
        for fact in scheme.facts
        if fact.type != "text"
    ]


def _found(value: object) -> str:
    return "" if value is None else said(value)


def of_institution(cycle_id: int, institution_id: int) -> SelfAssessment | None:
    query = select(SelfAssessment).where(
        SelfAssessment.cycle_id == cycle_id, SelfAssessment.institution_id == institution_id
    )
    return session.scalar(query)


def of_cycle(cycle_id: int) -> list[SelfAssessment]:
    """Everything handed in, those that differ first."""
    query = select(SelfAssessment).where(SelfAssessment.cycle_id == cycle_id)
    rows = session.scalars(query.order_by(SelfAssessment.id)).all()
    return sorted(rows, key=lambda row: not row.items)


def missing(cycle: Cycle) -> int:
    """How many of those to be rated have not answered."""
    query = select(func.count(SelfAssessment.id)).where(SelfAssessment.cycle_id == cycle.id)
    return len(cycle.facts) - (session.scalar(query) or 0)
