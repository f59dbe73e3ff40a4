"""What the book of payment says: of one service, of many, now or as it was known at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from database import session
from models import Agreement, Hold, Institution, Practitioner, Registration
from models import PaymentPeriod as Line
from queries import agreement_terms, eligibility
from rules.eligibility import NOT_REGISTERED, Reason, Verdict

NOT_KNOWN = Reason("not_recorded", "")  # as it was known then: the institution stood in no book


def of_service(
    institution: Institution,
    practitioner: Practitioner | None,
    day: date,
    *,
    emergency: bool = False,
    department: str = "",
    known_at: datetime | None = None,
) -> Verdict:
    """May a service of this day be paid, by the book. `known_at`: as it would have been answered at that instant.

    Whom the book does not hold yet is answered from the tables; looking back, nobody knew.
    """
    person = practitioner.id if practitioner else 0
    lines = _lines(institution.id, person, department, day, known_at)
    if (institution.id, 0, "") not in lines or (
        person and (institution.id, person, "") not in lines and known_at is None
    ):
        if known_at is None:
            return eligibility.of_service(
                institution, practitioner, day, emergency=emergency, department=department
            )
        return Verdict(False, (NOT_KNOWN,))
    reasons = [reason for line in lines.values() for reason in _reasons(line, emergency)]
    if person and (institution.id, person, "") not in lines:
        reasons.append(NOT_REGISTERED)
    return Verdict(not reasons, tuple(reasons))


def _lines(
    place: int, person: int, department: str, day: date, known_at: datetime | None
) -> dict[tuple[int, int, str], list[Any]]:
    """The lines about the institution, its department, the person everywhere and the person here, on the day."""
    here = and_(
        Line.institution_id == place,
        Line.practitioner_id.in_({0, person}),
        Line.department.in_({"", department}),
    )
    whose = (
        or_(here, and_(Line.institution_id == 0, Line.practitioner_id == person))
        if person
        else here
    )
    query = select(
        Line.institution_id,
        Line.practitioner_id,
        Line.department,
        Line.reasons,
    ).where(whose, Line.from_on <= day, Line.to_on >= day, known(known_at))
    return {
        (*key,): reasons
        for *key, reasons in session.execute(query.order_by(Line.practitioner_id, Line.id))
    }


def known(at: datetime | None) -> ColumnElement[bool]:
    """The lines that hold now, or that held at an instant."""
    if at is None:
        return Line.known_until.is_(None)
    return and_(
        Line.known_from <= at,
        or_(Line.known_until.is_(None), Line.known_until > at),
    )


def _reasons(line: list[Any], emergency: bool) -> Iterable[Reason]:
    for code, article, from_on, to_on, stands in line:
        if stands or not emergency:
            yield Reason(code, article, _day(from_on), _day(to_on))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def institutions_missing() -> list[int]:
    """Institutions that were ever designated or stopped and stand in no line."""
    held = select(Line.institution_id).where(Line.practitioner_id == 0)
    stopped = select(Hold.institution_id).where(Hold.practitioner_id.is_(None))
    query = select(Institution.id).where(
        or_(
            Institution.id.in_(
                select(Agreement.institution_id).where(agreement_terms.designating())
            ),
            Institution.id.in_(stopped),
        ),
        Institution.id.not_in(held),
    )
    return list(session.scalars(query.order_by(Institution.id)))


def people_missing() -> list[int]:
    """People who were ever registered and stand in no line."""
    held = select(Line.practitioner_id)
    query = select(Registration.practitioner_id).where(Registration.practitioner_id.not_in(held))
    return sorted(set(session.scalars(query)))


def lines(
    *, places: Iterable[int] | None = None, people: Iterable[int] | None = None
) -> dict[str, list[Any]]:
    """The lines that hold now as columns, for questions by the thousand (`scoring.payments`): all, or those of some."""
    names = (
        "institution_id",
        "practitioner_id",
        "department",
        "from_on",
        "to_on",
        "codes",
        "emergency_codes",
    )
    query = select(*(getattr(Line, name) for name in names)).where(known(None))
    if places is not None and people is not None:
        query = query.where(
            Line.institution_id.in_([0, *places]), Line.practitioner_id.in_([0, *people])
        )
    rows = session.execute(query).all()
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return dict(zip(names, map(list, columns), strict=True))


def numbers_of_institutions(
    codes: Collection[str] | None = None, *, region: str = ""
) -> dict[str, int]:
    """National code → key: of all, of these codes, of one pooling region."""
    query = select(Institution.code, Institution.id).where(Institution.code.is_not(None))
    if codes is not None:
        query = query.where(Institution.code.in_(codes))
    if region:
        query = query.where(Institution.pooling_region == region)
    return {str(code): key for code, key in session.execute(query)}


def numbers_of_people(codes: Collection[str] | None = None) -> dict[str, int]:
    query = select(Practitioner.code, Practitioner.id)
    if codes is not None:
        query = query.where(Practitioner.code.in_(codes))
    return {str(code): key for code, key in session.execute(query)}
