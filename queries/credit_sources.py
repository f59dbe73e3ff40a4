"""Where the facts of a rating come from: each source is one statement for a whole region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from database import session
from models import (
    Application,
    Deduction,
    Document,
    Evaluation,
    Institution,
    Opinion,
    QualificationMeasure,
    Registration,
    Suspension,
    Termination,
    Violation,
)
from queries import points_ledger, qualification_measures
from rules import bans

ONE_DAY = timedelta(days=1)
DECIDED = {"decided", "closed"}
NO_CASE = ("clue", "set_aside", "dismissed")
Values = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Period:
    """Both days count. `year_from`: the first day of the calendar year points are counted in."""

    region: str
    from_on: date
    to_on: date

    @property
    def year_from(self) -> date:
        return date(self.to_on.year, 1, 1)

    def holds(self, day: date | None) -> bool:
        return day is not None and self.from_on <= day <= self.to_on


class Life(NamedTuple):
    """An agreement from its first to its last day, as far as known."""

    institution_id: int
    agreement_id: int
    signed_on: date
    first: date
    last: date


class Source(NamedTuple):
    """Where some columns come from. `nothing`: what no record means, for an institution we know."""

    nothing: dict[str, Any]
    read: Callable[[Period, list[Life]], Values]


def regional(query: Any, model: Any, period: Period) -> Any:
    """Only rows of institutions of the region."""
    joined = query.join(Institution, Institution.id == model.institution_id)
    return joined.where(Institution.pooling_region == period.region)


def _service(period: Period, lives: list[Life]) -> Values:
    """Full years since the first signature."""
    first: dict[int, date] = {}
    for life in lives:
        known = first.get(life.institution_id, life.signed_on)
        first[life.institution_id] = min(known, life.signed_on)
    return {key: {"years_of_service": _years(day, period.to_on)} for key, day in first.items()}


def _years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _violations(period: Period, _lives: list[Life]) -> Values:
    """Decided in the period; or found by its end and not decided by then. A clue or a dismissed case counts not."""
    query = regional(
        select(Violation.institution_id, Violation.number, Violation.state, Violation.decided_on),
        Violation,
        period,
    ).where(Violation.found_on <= period.to_on, Violation.state.not_in(NO_CASE))
    found = _counted("violations_confirmed", "violations_open")
    for key, number, state, decided_on in session.execute(query.order_by(Violation.number)):
        decided = state in DECIDED
        if decided and period.holds(decided_on):
            found[key]["violations_confirmed"] += 1
        elif not decided or decided_on > period.to_on:
            found[key]["violations_open"] += 1
        else:
            continue
        _note(found[key], "violations_evidence", number)
    return found


def _suspensions(period: Period, lives: list[Life]) -> Values:
    """Natural days of the period on which an agreement that still lived was suspended; a day counts once."""
    lasts = {life.agreement_id: life.last for life in lives}
    query = regional(
        select(
            Suspension.institution_id,
            Suspension.agreement_id,
            Suspension.from_on,
            Suspension.ended_on,
            Document.number,
        ).outerjoin(Document, Document.id == Suspension.document_id),
        Suspension,
        period,
    ).where(Suspension.from_on <= period.to_on)
    days: dict[int, set[int]] = defaultdict(set)
    found: Values = defaultdict(dict)
    for key, agreement, first, ended, number in session.execute(query.order_by(Suspension.id)):
        end = min(period.to_on, lasts.get(agreement, period.to_on))
        end = min(end, ended - ONE_DAY) if ended else end
        hit = range(max(first, period.from_on).toordinal(), end.toordinal() + 1)
        if hit:
            days[key].update(hit)
            _note(found[key], "suspension_evidence", number)
    return {key: {"suspension_days": len(days[key]), **found[key]} for key in days}


def _terminations(period: Period, _lives: list[Life]) -> Values:
    """Ended in the period on a ground of breaking law or agreement."""
    query = regional(
        select(Termination.institution_id, Document.number).outerjoin(
            Document, Document.id == Termination.document_id
        ),
        Termination,
        period,
    ).where(
        Termination.effective_on.between(period.from_on, period.to_on),
        Termination.ban_class != bans.NONE,
    )
    found: Values = defaultdict(lambda: {"agreement_terminated": True})
    for key, number in session.execute(query.order_by(Termination.id)):
        _note(found[key], "veto_evidence", number)
    return found


def _people(period: Period, _lives: list[Life]) -> Values:
    """Registered on the last day."""
    here = or_(Registration.to_on.is_(None), Registration.to_on >= period.to_on)
    query = regional(
        select(
            Registration.institution_id, func.count(func.distinct(Registration.practitioner_id))
        ),
        Registration,
        period,
    ).where(Registration.from_on <= period.to_on, here)
    counted = session.execute(query.group_by(Registration.institution_id))
    return {key: {"practitioners": number} for key, number in counted}


def _points(period: Period, _lives: list[Life]) -> Values:
    """Confirmed points of the calendar year, at the institution where the conduct was."""
    query = regional(
        select(Deduction.institution_id, Deduction.points, Deduction.number), Deduction, period
    ).where(
        Deduction.state == "confirmed",
        points_ledger.not_taken_back(),
        Deduction.decided_on.between(period.year_from, period.to_on),
    )
    found = _counted("practitioner_points")
    for key, points, number in session.execute(query.order_by(Deduction.number)):
        found[key]["practitioner_points"] += points
        _note(found[key], "points_evidence", number)
    return found


def _stopped(period: Period, _lives: list[Life]) -> Values:
    """People suspended or revoked in the calendar year while they were registered here, wherever it came from."""
    measure = QualificationMeasure
    here = and_(
        Registration.practitioner_id == measure.practitioner_id,
        Registration.from_on <= measure.from_on,
        or_(Registration.to_on.is_(None), Registration.to_on >= measure.from_on),
    )
    query = regional(
        select(Registration.institution_id, func.count(func.distinct(measure.practitioner_id)))
        .select_from(measure)
        .join(Registration, here),
        Registration,
        period,
    ).where(
        measure.from_on.between(period.year_from, period.to_on), qualification_measures.not_void()
    )
    counted = session.execute(query.group_by(Registration.institution_id))
    return {key: {"practitioners_stopped": number} for key, number in counted}


def _supplements(period: Period, _lives: list[Life]) -> Values:
    query = regional(
        select(Application.institution_id, Application.number), Application, period
    ).where(Application.supplement_requested_on.between(period.from_on, period.to_on))
    found = _counted("supplement_rounds")
    for key, number in session.execute(query.order_by(Application.number)):
        found[key]["supplement_rounds"] += 1
        _note(found[key], "supplement_evidence", number)
    return found


def _evaluations(period: Period, _lives: list[Life]) -> Values:
    """The last evaluation finished in the period: its items, and those at least one member found wanting."""
    query = regional(
        select(Application.institution_id, Application.number, Evaluation.id, Opinion.items)
        .select_from(Evaluation)
        .join(Application, Application.id == Evaluation.application_id)
        .join(Opinion, Opinion.evaluation_id == Evaluation.id),
        Application,
        period,
    ).where(Evaluation.finished_on.between(period.from_on, period.to_on))
    order = (Evaluation.finished_on, Evaluation.id)
    last: dict[int, tuple[int, str, list[Any]]] = {}
    for key, number, evaluation, items in session.execute(query.order_by(*order)):
        same = key in last and last[key][0] == evaluation
        last[key] = (evaluation, number, [*(last[key][2] if same else []), *items])
    return {key: _items(number, items) for key, (_, number, items) in last.items()}


def _items(number: str, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    every = {item["key"] for item in items}
    failed = {item["key"] for item in items if not item["passed"]}
    counts = {"evaluation_items": len(every), "evaluation_items_failed": len(failed)}
    return {**counts, "evaluation_evidence": number}


def _counted(*names: str) -> Values:
    return defaultdict(lambda: dict.fromkeys(names, 0))


def _note(values: dict[str, Any], column: str, number: str | None) -> None:
    """One more number in a column of evidence."""
    if number:
        values[column] = f"{values[column]}、{number}" if values.get(column) else number


SOURCES = (
    Source({"years_of_service": None}, _service),
    Source(
        {"violations_confirmed": 0, "violations_open": 0, "violations_evidence": ""}, _violations
    ),
    Source({"suspension_days": 0, "suspension_evidence": ""}, _suspensions),
    Source({"agreement_terminated": False, "veto_evidence": ""}, _terminations),
    Source({"practitioners": 0}, _people),
    Source({"practitioner_points": 0, "points_evidence": ""}, _points),
    Source({"practitioners_stopped": 0}, _stopped),
    Source({"supplement_rounds": 0, "supplement_evidence": ""}, _supplements),
    Source(
        {"evaluation_items": None, "evaluation_items_failed": None, "evaluation_evidence": ""},
        _evaluations,
    ),
)
