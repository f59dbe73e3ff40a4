"""等级变动: the list, the changes of a rating, and the facts by which a change is judged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from database import session
from models import GradeChange, Institution, Rating
from queries import calendar_days, grade_standing, rating_objections, scope
from queries import cycles as ask_cycles
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules import grade_changes as rule
from rules.clocks import Light
from rules.cycle_decisions import FAMILY
from rules.grade_changes import Cause, GradeFacts
from rules.lifecycle import GRADE_CHANGE
from rules.lifecycles_credit import VALID
from rules.permissions import Actor

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"
OPEN = ("requested", "proposed")


@dataclass(frozen=True)
class ChangeRow:
    id: int
    number: str
    institution: str
    cycle: str
    cause: str
    from_label: str
    to_label: str
    requested_on: date
    effective_on: date | None
    state: str
    light: Light


def page(actor: Actor, ask: Asked) -> tuple[list[ChangeRow], Page]:
    """Changes in the actor's scope, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(GradeChange.id.desc()), ask))
    return [row_of(row) for row in rows], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(GradeChange).outerjoin(Institution, GradeChange.institution_id == Institution.id)
    region = func.coalesce(Institution.pooling_region, GradeChange.region)
    query = scope.visible(query, actor, region, GradeChange.institution_id)
    query = query.where(*named(ask, GradeChange.number), *of_family(ask))
    if ask.word("state") in GRADE_CHANGE.states:
        query = query.where(GradeChange.state == ask.word("state"))
    if ask.word("cause") in list(Cause):
        query = query.where(GradeChange.cause == ask.word("cause"))
    return query


def row_of(row: GradeChange) -> ChangeRow:
    scheme = ask_cycles.scheme_of(row.rating.cycle)
    shown = GRADE_CHANGE.states[row.state]
    return ChangeRow(
        id=row.id,
        number=row.number,
        institution=_named(row),
        cycle=row.rating.cycle.name,
        cause=row.cause.label,
        from_label=scheme.grade(row.from_grade).label,
        to_label=scheme.grade(row.to_grade).label if row.to_grade else "—",
        requested_on=row.requested_on,
        effective_on=row.effective_on,
        state=row.state,
        light=Light(shown.light, shown.label),
    )


def _named(row: GradeChange) -> str:
    if row.rating.institution_id is None and row.institution:
        return f"{row.rating.name}（{row.institution.name}）"
    return str(row.rating.name)


def of_rating(rating_id: int) -> list[GradeChange]:
    """Every change of a rating, newest first."""
    return of_ratings([rating_id])


def of_ratings(rating_ids: Collection[int]) -> list[GradeChange]:
    query = select(GradeChange).where(GradeChange.rating_id.in_(rating_ids))
    return list(session.scalars(query.order_by(GradeChange.id.desc())))


def of_institution(institution_id: int) -> list[GradeChange]:
    """Every change of an institution's grades, newest first."""
    query = select(GradeChange).where(GradeChange.institution_id == institution_id)
    return list(session.scalars(query.order_by(GradeChange.id.desc())))


def facts(rating: Rating, on: date, *, without: int | None = None) -> GradeFacts:
    """How the grade of this rating stands, with what is waiting beside `without`."""
    cycle, scheme = rating.cycle, ask_cycles.scheme_of(rating.cycle)
    change = grade_standing.effective([rating.id], on).get(rating.id)
    grade = change.to_grade if change else rating.grade
    since = (change.effective_on if change else cycle.published_on) or on
    keys = tuple(one.key for one in scheme.grades)
    waits_from = since if change else _first_given(rating, keys, since)
    family = rating.institution.kind.family if rating.institution else FAMILY
    wait = clocks.due(
        rule="credit.restoration_wait",
        start=waits_from,
        kind=family,
        workdays=calendar_days.workdays(),
        strict=False,
    )
    return GradeFacts(
        grade=grade,
        place=keys.index(grade),
        grades=keys,
        since=since,
        in_force=cycle.state in VALID,
        objected=rating.id in rating_objections.marked([rating.id]),
        open=any(row.state in OPEN and row.id != without for row in of_rating(rating.id)),
        waits_from=waits_from,
        wait_until=wait.due + timedelta(days=1),
        basis=wait.basis,
    )


def _first_given(rating: Rating, keys: Sequence[str], since: date) -> date:
    """The day from which it waits: a correction goes on from the day before it where the rule says so."""
    row, day = rating, since
    while (earlier := rating_objections.replaced(row)) is not None:
        given = earlier.cycle.published_on
        places = (keys.index(row.grade), keys.index(earlier.grade))
        if given is None or not rule.start_of_wait(*places, since):
            break
        row, day = earlier, given
    return day
