"""事实更正: what is recorded against a run, which run took it in, and who came out differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, FactCorrection, Rating
from queries import cycles, rating_objections
from queries.rating_objections import said as said
from rules.lifecycle import CycleState

NOTHING = object()


def of_cycle(cycle_id: int) -> list[FactCorrection]:
    """Every correction against a run, in order."""
    query = select(FactCorrection).where(FactCorrection.cycle_id == cycle_id)
    return list(session.scalars(query.order_by(FactCorrection.id)))


def is_waiting(cycle_id: int) -> bool:
    """Is there a correction that no run has taken in?"""
    return any(row.run_id is None for row in of_cycle(cycle_id))


def pending(cycle_id: int) -> bool:
    """Is an objection not answered, or a correction in no result? Then the run may not be thrown away."""
    return is_waiting(cycle_id) or bool(rating_objections.open_of_cycle(cycle_id))


def recorders(run_id: int) -> set[int | None]:
    """Who recorded the corrections that a run took in."""
    query = select(FactCorrection.recorded_by_id).where(FactCorrection.run_id == run_id)
    return set(session.scalars(query))


def changes(corrections: Iterable[FactCorrection]) -> dict[tuple[str, str], Any]:
    """(subject, column) → what is right; of several the latest."""
    return {(row.subject, row.fact): row.after for row in corrections}


def as_corrected(cycle: Cycle, subject: str) -> dict[str, Any]:
    """One subject's frozen facts as corrected so far."""
    key = cycles.scheme_of(cycle).subject.key
    row = next((dict(row) for row in cycle.facts if str(row[key]) == subject), {})
    own = [one for one in of_cycle(cycle.id) if one.subject == subject]
    return row | {one.fact: one.after for one in own}


def run_of(cycle_id: int) -> Cycle | None:
    """The run that was worked out from this one's corrections and is not void."""
    query = select(Cycle).where(Cycle.replaces_id == cycle_id, Cycle.state != CycleState.SUPERSEDED)
    return session.scalar(query)


@dataclass(frozen=True)
class Difference:
    """One who came out differently: before and after, and why."""

    rating: Rating
    name: str
    score_milli: tuple[int, int]
    grade: tuple[str, str]
    rank: tuple[int, int]
    why: str

    @property
    def is_told(self) -> bool:
        """Score or grade changed: a new letter. A rank alone stands in no letter."""
        return self.score_milli[0] != self.score_milli[1] or self.grade[0] != self.grade[1]


def differences(run: Cycle) -> list[Difference]:
    """Everyone whose score, grade or rank is not what it was in the run this one corrects, best first."""
    if run.replaces_id is None:
        return []
    before = {row.subject: row for row in ratings_of(run.replaces_id)}
    own = _corrected_facts(run)
    pairs = ((before.get(row.subject), row) for row in ratings_of(run.id))
    return [
        _difference(then, now, own.get(str(now.subject), []))
        for then, now in pairs
        if then is not None and _result(then) != _result(now)
    ]


def taken_in(run: Cycle) -> list[FactCorrection]:
    """The corrections this run was worked out with."""
    facts = {(subject, name): value for subject, name, _, value in _changed(run)}
    rows = of_cycle(run.replaces_id or 0)
    return [row for row in rows if facts.get((row.subject, row.fact), NOTHING) == row.after]


def _corrected_facts(run: Cycle) -> dict[str, list[str]]:
    """Subject → what was put right in its facts, in words."""
    labels, found = cycles.scheme_of(run).labels, defaultdict[str, list[str]](list)
    for subject, name, before, after in _changed(run):
        found[subject].append(f"{labels.get(name, name)}由{said(before)}更正为{said(after)}")
    return found


def _changed(run: Cycle) -> Iterator[tuple[str, str, Any, Any]]:
    """Where the frozen facts of a run and of the one it corrects differ."""
    if run.replaces is None:
        return
    key = cycles.scheme_of(run).subject.key
    for then, now in zip(run.replaces.facts, run.facts, strict=True):
        for name, value in now.items():
            if then.get(name) != value:
                yield str(now[key]), name, then.get(name), value


def ratings_of(cycle_id: int) -> list[Rating]:
    """The results of a run, best first."""
    query = select(Rating).options(joinedload(Rating.institution))
    query = query.where(Rating.cycle_id == cycle_id)
    return list(session.scalars(query.order_by(Rating.rank, Rating.id)))


def _result(row: Rating) -> tuple[int, str, int]:
    return (row.score_milli, row.grade, row.rank)


def _difference(then: Rating, now: Rating, corrected: list[str]) -> Difference:
    own = "；".join([*corrected, *_moved(then, now)])
    why = own if corrected else "其他机构更正后，按方案重新排列名次"
    return Difference(
        rating=now,
        name=now.name,
        score_milli=(then.score_milli, now.score_milli),
        grade=(then.grade, now.grade),
        rank=(then.rank, now.rank),
        why=why,
    )


def _moved(then: Rating, now: Rating) -> list[str]:
    """The lines whose points changed."""
    earlier = {line["indicator"]: line for line in then.lines}
    found = []
    for line in now.lines:
        old = earlier.get(line["indicator"])
        if old and old["gain_milli"] != line["gain_milli"]:
            points = f"{old['gain_milli'] / 1000:g}→{line['gain_milli'] / 1000:g}"
            found.append(f"“{line['label']}”计入总分{points}")
        elif old and old["remark"] != line["remark"] and line["part"] == "veto":
            found.append(f"“{line['label']}”：{line['remark'] or '不再触及'}")
    return found
