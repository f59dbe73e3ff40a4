"""信用等级 that have been published: the only ones institutions and the public may know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from database import session
from models import Cycle, GradeChange, Rating
from queries import credit_subjects, grade_standing, rating_objections
from rules import told_basis
from rules.credit_subjects import INSTITUTION
from rules.lifecycles_credit import VALID
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
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grade:
    """`grade` is the one in force: the published one, or what it was `changed` to. `objected`: 异议标注."""

    cycle: str
    published_on: date
    from_on: date
    to_on: date
    scheme: str
    score: float
    grade: str
    meaning: str
    lines: tuple[Line, ...]
    rating_id: int = 0
    objected: bool = False
    changed: str = ""

    @property
    def marked_grade(self) -> str:
        """As it is shown to anybody."""
        return self.grade + (grade_standing.MARK if self.objected else "")


@dataclass(frozen=True)
class Distribution:
    cycle: str
    published_on: date
    rows: list[tuple[str, int]]
    total: int


def latest(institution_ids: Collection[int], *, on: date) -> dict[int, str]:
    """The label of each institution's grade in force, marked while an objection is looked into."""
    found = grade_standing.standings(institution_ids, on=on)
    return {key: standing.marked_label for key, standing in found.items()}


def latest_grade(institution_id: int, *, on: date) -> str:
    """The key of one institution's grade in force; empty without any."""
    found = grade_standing.of(institution_id, on=on)
    return found.grade if found else ""


def of_institution(institution_id: int, *, on: date) -> list[Grade]:
    """Every published grade of an institution with its lines, newest first."""
    places = list(credit_subjects.asked_as([institution_id]))
    query = grade_standing.published(on).where(Rating.institution_id.in_(places))
    query = query.order_by(Cycle.to_on.desc(), Cycle.published_on.desc(), Cycle.id.desc())
    found = [
        (rating, cycle)
        for rating, cycle in session.execute(query)
        if rating.institution_id == institution_id or grade_standing.gathers(cycle)
    ]
    keys = [rating.id for rating, _ in found]
    changes, marked = grade_standing.effective(keys, on), rating_objections.marked(keys)
    return [
        _grade(rating, cycle, changes.get(rating.id), rating.id in marked)
        for rating, cycle in found
    ]


def distribution(*, on: date) -> list[Distribution]:
    """Grades of the institutions in the newest published cycle of every region, best first."""
    newest = (
        select(func.max(Cycle.id))
        .where(
            Cycle.state.in_(VALID),
            Cycle.published_on <= on,
            Cycle.subject == INSTITUTION,
        )
        .group_by(Cycle.pooling_region)
    )
    cycles = session.scalars(select(Cycle).where(Cycle.id.in_(newest)).order_by(Cycle.id)).all()
    return [_distribution(cycle, on) for cycle in cycles]


def _distribution(cycle: Cycle, on: date) -> Distribution:
    query = select(Rating.id, Rating.grade).where(Rating.cycle_id == cycle.id)
    given = {row[0]: row[1] for row in session.execute(query)}
    changed = grade_standing.effective_in(cycle.id, on)
    counted = Counter((given | {key: row.to_grade for key, row in changed.items()}).values())
    order = list(_labels(cycle.scheme_text))
    known = sorted(counted, key=lambda grade: order.index(grade) if grade in order else len(order))
    rows = [(_label(cycle, grade)[0], counted[grade]) for grade in known]
    return Distribution(cycle.name, cycle.published_on or cycle.to_on, rows, counted.total())


def _grade(rating: Rating, cycle: Cycle, change: GradeChange | None, objected: bool) -> Grade:
    label, meaning = _label(cycle, change.to_grade if change else rating.grade)
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
        rating_id=rating.id,
        objected=objected,
        changed=_changed(cycle, change) if change else "",
    )


def _changed(cycle: Cycle, change: GradeChange) -> str:
    """What became of the published grade since."""
    before = _label(cycle, change.from_grade)[0]
    return f"{change.effective_on} 起由{before}变动（{change.cause.label}）：{change.reason}"


def _line(line: dict[str, Any]) -> Line:
    def text(*names: str) -> str:
        found = next((line[name] for name in names if line.get(name) not in (None, "")), "")
        return f"{found:g}" if isinstance(found, float) else str(found)

    return Line(
        label=text("label", "name", "indicator"),
        raw=text("raw"),
        points=text("points"),
        full=text("full"),
        rule=text("rule"),
        basis=told_basis.told(text("basis"), text("confidence")),
        remark=text("remark"),
        evidence=tuple(map(str, line.get("evidence") or ())),
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
