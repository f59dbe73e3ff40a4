"""信用等级 that have been published: the only ones institutions and the public may know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, func, select

from database import session
from models import Cycle, Rating
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CycleState
from scoring import reading
from scoring.reading import SchemeError
from scoring.scheme import Scheme


@dataclass(frozen=True)
class Line:
    """Why so many points: what was found, by which rule, on which basis."""

    label: str
    raw: str
    points: str
    full: str
    rule: str
    basis: str
    remark: str


@dataclass(frozen=True)
class Grade:
    cycle: str
    published_on: date
    from_on: date
    to_on: date
    scheme: str
    score: float
    grade: str
    meaning: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Distribution:
    cycle: str
    published_on: date
    rows: list[tuple[str, int]]
    total: int


def latest(institution_ids: Collection[int], *, on: date) -> dict[int, str]:
    """The label of each institution's newest published grade."""
    query = _published(on).where(Rating.institution_id.in_(institution_ids))
    found = session.execute(query.order_by(Cycle.published_on, Cycle.id))
    return {rating.institution_id: _label(cycle, rating.grade)[0] for rating, cycle in found}


def latest_grade(institution_id: int, *, on: date) -> str:
    """The key of the newest published grade of one institution; empty without any."""
    query = _published(on).where(Rating.institution_id == institution_id)
    found = session.execute(query.order_by(Cycle.published_on.desc(), Cycle.id.desc())).first()
    return str(found[0].grade) if found else ""


def of_institution(institution_id: int, *, on: date) -> list[Grade]:
    """Every published grade of an institution with its lines, newest first."""
    query = _published(on).where(Rating.institution_id == institution_id)
    found = session.execute(query.order_by(Cycle.published_on.desc(), Cycle.id.desc()))
    return [_grade(rating, cycle) for rating, cycle in found]


def distribution(*, on: date) -> list[Distribution]:
    """Grades of the institutions in the newest published cycle of every region, best first."""
    newest = (
        select(func.max(Cycle.id))
        .where(
            Cycle.state == CycleState.PUBLISHED,
            Cycle.published_on <= on,
            Cycle.subject == INSTITUTION,
        )
        .group_by(Cycle.pooling_region)
    )
    cycles = session.scalars(select(Cycle).where(Cycle.id.in_(newest)).order_by(Cycle.id)).all()
    return [_distribution(cycle) for cycle in cycles]


def _published(day: date) -> Any:
    return (
        select(Rating, Cycle)
        .join(Cycle, Rating.cycle_id == Cycle.id)
        .where(and_(Cycle.state == CycleState.PUBLISHED, Cycle.published_on <= day))
    )


def _distribution(cycle: Cycle) -> Distribution:
    counted = Counter(session.scalars(select(Rating.grade).where(Rating.cycle_id == cycle.id)))
    order = list(_labels(cycle.scheme_text))
    known = sorted(counted, key=lambda grade: order.index(grade) if grade in order else len(order))
    rows = [(_label(cycle, grade)[0], counted[grade]) for grade in known]
    return Distribution(cycle.name, cycle.published_on or cycle.to_on, rows, counted.total())


def _grade(rating: Rating, cycle: Cycle) -> Grade:
    label, meaning = _label(cycle, rating.grade)
    return Grade(
        cycle=cycle.name,
        published_on=cycle.published_on or cycle.to_on,
        from_on=cycle.from_on,
        to_on=cycle.to_on,
        scheme=_scheme_name(cycle),
        score=rating.score,
        grade=label,
        meaning=meaning,
        lines=tuple(_line(line) for line in rating.lines),
    )


def _line(line: dict[str, object]) -> Line:
    def text(*names: str) -> str:
        found = next((line[name] for name in names if line.get(name) not in (None, "")), "")
        return f"{found:g}" if isinstance(found, float) else str(found)

    return Line(
        label=text("label", "name", "indicator"),
        raw=text("raw"),
        points=text("points"),
        full=text("full"),
        rule=text("rule"),
        basis=text("basis"),
        remark=text("remark"),
    )


def _label(cycle: Cycle, grade: str) -> tuple[str, str]:
    """Label and meaning of a grade by the scheme frozen with the cycle; a stored label stays what it is."""
    return _labels(cycle.scheme_text).get(grade, (grade, ""))


def _scheme_name(cycle: Cycle) -> str:
    """The scheme as people call it, with its edition."""
    scheme = _scheme(cycle.scheme_text)
    return f"{scheme.label if scheme else cycle.scheme}（{cycle.edition}版）"


def _labels(scheme_text: str) -> dict[str, tuple[str, str]]:
    scheme = _scheme(scheme_text)
    return {grade.key: (grade.label, grade.meaning) for grade in scheme.grades} if scheme else {}


@lru_cache(maxsize=16)
def _scheme(scheme_text: str) -> Scheme | None:
    try:
        return reading.load(scheme_text if "\n" in scheme_text else f"{scheme_text}\n")
    except SchemeError:
        return None
