"""What the book of payment says: of one service, of many, now or as it was known at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, String, and_, bindparam, or_, select

from database import Instant, look_up, session
from models import Agreement, ApiToken, Hold, Institution, Practitioner, Registration
from models import PaymentPeriod as Line
from queries import agreement_terms, api_tokens, eligibility
from rules.eligibility import NOT_REGISTERED, Reason, Verdict

Lines = Sequence[Row[Any]]
NOT_KNOWN = Reason("not_recorded", "")  # as it was known then: the institution stood in no book


class UnknownCode(LookupError):
    """Nobody here bears the code: `institution` or `practitioner`."""


@dataclass(frozen=True)
class Question:
    """May a service of this day be paid? `practitioner` empty: nobody is asked about.

    `known_at`: as it would have been answered at that instant.
    """

    institution: str
    practitioner: str
    day: date
    emergency: bool = False
    department: str = ""
    known_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        return {
            "institution": self.institution.strip().upper(),
            "practitioner": self.practitioner.strip().upper(),
            "department": self.department,
            "day": self.day,
            "known_at": self.known_at,
        }


def of_codes(institution: str, practitioner: str, day: date, **more: Any) -> Verdict:
    """The answer by the book: one statement. Raises UnknownCode."""
    question = Question(institution, practitioner, day, **more)
    lines = look_up(_NOW if question.known_at is None else _THEN, question.values())
    return judged(question, lines)


def with_key(question: Question, digest: str) -> Lines:
    """What `judged` needs, and in every row how the key with this digest stands; no row: nobody has such a key.

    One statement, because the settlement system asks it for every service.
    """
    statement = _NOW_BY_KEY if question.known_at is None else _THEN_BY_KEY
    return look_up(statement, question.values() | {"digest": digest})


def judged(question: Question, lines: Lines, *, region: str | None = None) -> Verdict:
    """The answer from the lines about it. `region`: whose institutions may be asked about.

    Whom the book does not hold yet is answered from the tables; looking back, nobody knew. Raises UnknownCode.
    """
    if not lines or lines[0].place is None or region not in {None, lines[0].region}:
        raise UnknownCode("institution")
    place, person = lines[0].place, lines[0].person or 0
    if question.practitioner and not person:
        raise UnknownCode("practitioner")
    held = {(line.institution_id, line.practitioner_id) for line in lines if not line.department}
    whole = (place, 0) in held
    if question.known_at is None and not (whole and (place, person) in held):
        return _of_tables(place, person, question)
    if not whole:
        return Verdict(False, (NOT_KNOWN,))
    reasons = [
        reason for line in lines for reason in _reasons(line.reasons or (), question.emergency)
    ]
    if (place, person) not in held:
        reasons.append(NOT_REGISTERED)
    return Verdict(not reasons, tuple(reasons))


def _of_tables(place: int, person: int, asked: Question) -> Verdict:
    institution = session.get_one(Institution, place)
    practitioner = session.get_one(Practitioner, person) if person else None
    return eligibility.of_service(
        institution, practitioner, asked.day, emergency=asked.emergency, department=asked.department
    )


def _statement(*whether_known: ColumnElement[bool], by_key: bool = False) -> Select[Any]:
    """The lines about the institution, its department, the person everywhere and the person here, on the day.

    Whoever bears the codes stands in every row, also when there is no line. Built once: putting it together costs
    more than running it.
    """
    place, person = Line.institution_id == Institution.id, Line.practitioner_id == Practitioner.id
    department = Line.department.in_(["", bindparam("department", type_=String)])
    about = or_(  # three whole keys, so that each is looked up and nothing is read through
        and_(place, Line.practitioner_id == 0, department),
        and_(place, person, Line.department == ""),
        and_(Line.institution_id == 0, person, Line.department == ""),
    )
    day = bindparam("day", type_=Date)
    holds = and_(about, Line.from_on <= day, Line.to_on >= day, *whether_known)
    columns: list[Any] = [
        Institution.id.label("place"),
        Institution.pooling_region.label("region"),
        Practitioner.id.label("person"),
        Line.institution_id,
        Line.practitioner_id,
        Line.department,
        Line.reasons,
    ]
    found = Institution.code == bindparam("institution", type_=String)
    if by_key:
        key = ApiToken.digest == bindparam("digest", type_=String)
        query = select(*columns, *api_tokens.STANDING).select_from(ApiToken).where(key)
        query = query.outerjoin(Institution, found)
    else:
        query = select(*columns).select_from(Institution).where(found)
    bears = Practitioner.code == bindparam("practitioner", type_=String)
    query = query.outerjoin(Practitioner, bears).outerjoin(Line, holds)
    return query.order_by(Line.practitioner_id, Line.id)


_AT = bindparam("known_at", type_=Instant)
_NOW_KNOWN = (Line.known_until.is_(None),)
_THEN_KNOWN = (Line.known_from <= _AT, or_(Line.known_until.is_(None), Line.known_until > _AT))
_NOW, _THEN = _statement(*_NOW_KNOWN), _statement(*_THEN_KNOWN)
_NOW_BY_KEY = _statement(*_NOW_KNOWN, by_key=True)
_THEN_BY_KEY = _statement(*_THEN_KNOWN, by_key=True)


def _reasons(line: Iterable[list[Any]], emergency: bool) -> Iterable[Reason]:
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
    query = select(*(getattr(Line, name) for name in names)).where(Line.known_until.is_(None))
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
