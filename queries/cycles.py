"""Rating cycles: which a person may see, which comes before another, the scheme frozen with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from database import session
from models import Cycle, Institution, Rating, User
from queries import scope
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CYCLE, State
from rules.lifecycles_credit import VALID
from rules.permissions import Actor, Permission, may
from scoring import catalogue
from scoring.scheme import Scheme, UseValue


@dataclass(frozen=True)
class CycleRow:
    cycle: Cycle
    state: State
    scheme_label: str
    rated: int


def visible(actor: Actor) -> list[Cycle]:
    """Newest period first. Before publication only the agency's own staff see a cycle; superseded ones last."""
    query = scope.visible(select(Cycle), actor, Cycle.pooling_region, None)
    if not may(actor, Permission.VIEW_DRAFT_RATING):
        query = query.where(Cycle.state.in_(VALID))
    rows = session.scalars(query.order_by(Cycle.to_on.desc(), Cycle.id.desc())).all()
    return sorted(rows, key=lambda row: row.state == "superseded")


def find(key: int, actor: Actor) -> Cycle | None:
    return next((row for row in visible(actor) if row.id == key), None)


def chosen(key: int | None, actor: Actor) -> Cycle | None:
    """The cycle asked for; else of those of institutions the newest published one, else the newest; else any."""
    rows = visible(actor)
    asked = [row for row in rows if row.id == key]
    own = [row for row in rows if row.subject == INSTITUTION]
    done = [row for row in own if row.state in VALID]
    return next(iter([*asked, *done, *own, *rows]), None)


def previous(cycle: Cycle) -> Cycle | None:
    """The published cycle of the same scheme whose period ended last before this one's."""
    query = select(Cycle).where(
        Cycle.pooling_region == cycle.pooling_region,
        Cycle.scheme == cycle.scheme,
        Cycle.state.in_(VALID),
        Cycle.to_on < cycle.to_on,
    )
    return session.scalars(query.order_by(Cycle.to_on.desc(), Cycle.id.desc())).first()


def history(cycle: Cycle, limit: int = 5) -> list[Cycle]:
    """This cycle and those before it by the same scheme, oldest first."""
    line = [cycle]
    while len(line) < limit and (before := previous(line[-1])):
        line.append(before)
    return line[::-1]


def scheme_of(cycle: Cycle) -> Scheme:
    """The scheme as it was when the cycle was started."""
    return catalogue.parsed(cycle.scheme_text)


def rows(actor: Actor) -> list[CycleRow]:
    """Every visible cycle with what became of it."""
    cycles = visible(actor)
    query = select(Rating.cycle_id, func.count()).group_by(Rating.cycle_id)
    query = query.where(Rating.cycle_id.in_([cycle.id for cycle in cycles]))
    counts = {row[0]: row[1] for row in session.execute(query)}
    return [
        CycleRow(c, CYCLE.states[c.state], scheme_of(c).label, counts.get(c.id, 0)) for c in cycles
    ]


def people(cycle: Cycle) -> dict[str, str]:
    """Who did what: started, reviewed, published."""
    keys = {
        "started": cycle.started_by_id,
        "reviewed": cycle.reviewed_by_id,
        "published": cycle.published_by_id,
    }
    query = select(User.id, User.name).where(User.id.in_([k for k in keys.values() if k]))
    names = {row[0]: row[1] for row in session.execute(query)}
    return {verb: names[key] for verb, key in keys.items() if key}


def named(name: str, region: str) -> Cycle | None:
    """The cycle of this name that was not superseded; beside a run that corrects it, the one whose grades hold."""
    query = select(Cycle).where(
        Cycle.name == name, Cycle.pooling_region == region, Cycle.state != "superseded"
    )
    return session.scalars(query.order_by(Cycle.id)).first()


def regions() -> list[str]:
    """Pooling regions that have institutions."""
    return list(session.scalars(select(Institution.pooling_region).distinct()))


def uses_of(scheme: Scheme, grade: str, on: date) -> list[UseValue]:
    """What a grade suggests on a day: one value for each use the scheme knows by then."""
    known = [key for key, use in scheme.uses.items() if min(use.values) <= on]
    return [scheme.use(key, grade, on=on) for key in known]
