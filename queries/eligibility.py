"""The dated facts that decide whether a service may be paid, and the answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, or_, select

from database import session
from models import Hold, Institution, Practitioner
from queries import agreements, practitioners, qualification_measures
from rules import eligibility
from rules.eligibility import Facts, Stop, Verdict


def of_service(
    institution: Institution,
    practitioner: Practitioner | None,
    day: date,
    *,
    emergency: bool = False,
    department: str = "",
) -> Verdict:
    """May a service of this day at the institution, by this practitioner or department, be paid?"""
    known = facts(institution, practitioner, day, department=department)
    return eligibility.judge(known, day, emergency=emergency)


def facts(
    institution: Institution,
    practitioner: Practitioner | None,
    day: date,
    *,
    department: str = "",
) -> Facts:
    """Agreements, holds and the registration, as they stand in the database."""
    whole = and_(Hold.practitioner_id.is_(None), Hold.department.in_({"", department}))
    subjects = [and_(Hold.institution_id == institution.id, whole)]
    registered, revoked = None, False
    if practitioner is not None:
        here = or_(Hold.institution_id.is_(None), Hold.institution_id == institution.id)
        subjects.append(and_(Hold.practitioner_id == practitioner.id, here))
        registered = practitioners.is_registered(practitioner.id, institution.id, day)
        revoked = qualification_measures.revoked_at(practitioner.id, institution.id, day)
    holds = session.scalars(select(Hold).where(or_(*subjects)).order_by(Hold.from_on, Hold.id))
    return Facts(
        family=institution.kind.family,
        agreements=[agreements.facts_of(row) for row in agreements.designating(institution.id)],
        stops=[stop_of(hold) for hold in holds],
        registered=registered,
        revoked_here=revoked,
    )


def institution_by_code(code: str) -> Institution | None:
    return session.scalar(select(Institution).where(Institution.code == code.strip().upper()))


def stop_of(hold: Hold) -> Stop:
    """What a hold stops, in the words of the rule."""
    whose = (
        "practitioner"
        if hold.practitioner_id
        else "department"
        if hold.department
        else "institution"
    )
    return Stop(
        f"{whose}_{hold.source}",
        hold.source,
        hold.basis,
        hold.from_on,
        hold.to_on,
        hold.emergency_exempt,
    )
