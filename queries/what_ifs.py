"""权重试算: the frozen facts of a cycle by a changed scheme, with names beside the subjects. Only reads."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Text, cast, func, select

from database import session
from models import Cycle, Institution, Practitioner, Rating
from queries import credit_subjects
from queries.paging import Page
from rules.lifecycle import CycleState
from rules.refusal import Refused
from scoring import catalogue, credit, frames, what_if
from scoring import changes as change
from scoring.changes import Changes, Difference
from scoring.elimination import Bottom, bottom
from scoring.scheme import Scheme
from scoring.what_if import Changed, Start, Trial

KEPT = 4  # cycles whose points a process keeps; a county tries one at a time
CHUNK = 500
UNRATED = (CycleState.FROZEN, CycleState.SELF_ASSESSING)
_keeping = Lock()  # several threads serve pages
_kept: OrderedDict[tuple[str, str], Start] = OrderedDict()


@dataclass(frozen=True)
class Tried:
    """One trial: the scheme it used, what differs from the frozen one, and both results."""

    cycle: Cycle
    scheme: Scheme
    differences: list[Difference]
    trial: Trial

    @property
    def labels(self) -> dict[str, str]:
        return {grade.key: grade.label for grade in self.scheme.grades}


@dataclass(frozen=True)
class Row:
    """One who moved, named. `rating_id`: none for whom the cycle itself could give no grade."""

    who: Changed
    name: str
    code: str
    rating_id: int | None
    reason: str


@dataclass(frozen=True)
class Last:
    """One at the bottom of a group, or spared there for standing level with others across the line."""

    who: Bottom
    name: str
    rating_id: int | None
    grade: str | None


def start(cycle: Cycle) -> Start:
    """Points and result of the cycle, kept under the content they came from, so that nothing else is ever meant."""
    facts = session.scalar(select(cast(Cycle.facts, Text)).where(Cycle.id == cycle.id)) or "[]"
    key = (hashlib.sha256(facts.encode()).hexdigest(), cycle.scheme_text)
    with _keeping:
        found = _kept.pop(key, None)
    if found is None:
        scheme = change.scheme(cycle.scheme_text, {})
        found = what_if.start(frames.frame(json.loads(facts), scheme), scheme)
    with _keeping:
        _kept[key] = found  # the one last asked for stays longest
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def tried(cycle: Cycle, changes: Changes) -> Tried:
    """Raises ChangeError when the changes make no scheme. Refused before the cycle has a result to compare with."""
    if cycle.state in UNRATED:
        raise Refused("本周期还没有测算，没有结果可以比较。", cure="请在测算以后再试算。")
    begun = start(cycle)
    scheme = change.scheme(cycle.scheme_text, changes)
    differences = change.differences(begun.scheme, scheme)
    return Tried(cycle, scheme, differences, what_if.tried(begun, scheme))


def by_text(cycle: Cycle, text: str) -> Tried:
    """A whole scheme on the facts frozen with a cycle; what it asks for and they lack stays empty."""
    begun, scheme = start(cycle), catalogue.parsed(text)
    return Tried(cycle, scheme, change.differences(begun.scheme, scheme), _by(cycle, begun, scheme))


def lacking(cycle: Cycle, text: str) -> list[str]:
    """What the scheme asks for and is not among the facts frozen with the cycle."""
    frozen, scheme = catalogue.parsed(cycle.scheme_text), catalogue.parsed(text)
    known = {*frozen.fact_columns, *(source.name for source in frozen.sources)}
    wanted = [(fact.column, fact.label) for fact in scheme.facts]
    wanted += [(source.name, source.label) for source in scheme.sources]
    return [label for name, label in wanted if name not in known]


def _by(cycle: Cycle, begun: Start, scheme: Scheme) -> Trial:
    """The frame kept for the cycle holds the columns of its own scheme alone."""
    if {*scheme.facts, *scheme.sources} <= {*begun.scheme.facts, *begun.scheme.sources}:
        return what_if.tried(begun, scheme)
    facts = frames.frame(cycle.facts, scheme)
    return Trial(begun.rated, credit.rate(facts, scheme))


def compared(cycle: Cycle, one: str, two: str) -> Tried:
    """Two texts on the same cycle, the first in the place of what was."""
    begun = start(cycle)
    first, second = catalogue.parsed(one), catalogue.parsed(two)
    results = [_by(cycle, begun, scheme).after for scheme in (first, second)]
    return Tried(cycle, second, change.differences(first, second), Trial(*results))


def rows(found: Tried, page: Page, way: str = "") -> list[Row]:
    """One page of those who moved, with the reason of each."""
    moved = found.trial.changed((page.number - 1) * page.per_page, page.per_page, way)
    return _named(found, moved)


def everyone(found: Tried) -> list[Row]:
    return _named(found, found.trial.changed())


def _named(found: Tried, moved: list[Changed]) -> list[Row]:
    subjects = [row.subject for row in moved]
    people, reasons = _people(found.cycle, subjects), found.trial.reasons(subjects)
    return [Row(row, *people[row.subject], reasons[row.subject]) for row in moved]


def bottom_of(cycle: Cycle) -> list[Last]:
    """The same for the result of the cycle itself, by the rule of its own scheme."""
    return last(tried(cycle, {}))


def last(found: Tried) -> list[Last]:
    """Who would stand at the bottom of each group."""
    those = bottom(found.trial.after)
    people = _people(found.cycle, [one.subject for one in those])
    return [Last(one, people[one.subject][0], people[one.subject][2], one.grade) for one in those]


def _people(cycle: Cycle, subjects: Collection[Any]) -> dict[Any, tuple[str, str, int | None]]:
    """Subject → name, code, number of the rating. Who has no rating is called by the number in the register."""
    found: dict[Any, tuple[str, str, int | None]] = {
        key: (f"未评定等级的对象（{key}）", "", None) for key in subjects
    }
    who, every = credit_subjects.column(cycle), list(subjects)
    query = (
        select(
            who,
            func.coalesce(Institution.name, Rating.subject_name),
            func.coalesce(Institution.code, Practitioner.code, ""),
            Rating.id,
        )
        .outerjoin(Institution, Institution.id == Rating.institution_id)
        .outerjoin(Practitioner, Practitioner.id == Rating.practitioner_id)
        .where(Rating.cycle_id == cycle.id)
    )
    for first in range(0, len(every), CHUNK):
        part = query.where(who.in_(every[first : first + CHUNK]))
        found |= {row[0]: (row[1], row[2], row[3]) for row in session.execute(part)}
    return found
