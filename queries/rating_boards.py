"""信用看板: the cycle as numbers, each of them the length of a list that `queries.ratings` gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, Institution, Rating
from queries import credit_subjects, cycles, ratings
from queries.paging import Asked
from queries.ratings import Entry
from rules import peers
from rules.peers import Peers
from scoring.scheme import Scheme

NARROWING = ("kind", "area")  # filters of the whole board


@dataclass(frozen=True)
class Change:
    """A grade that is another than the time before, and the line that had most to do with it."""

    entry: Entry
    reason: str
    evidence: list[str]
    difference: float


@dataclass(frozen=True)
class Area:
    name: str
    score: float
    count: int
    level: int


@dataclass(frozen=True)
class Board:
    """`narrowed`: the filters under which it was counted; every number leads to a list under the same."""

    cycle: Cycle
    scheme: Scheme
    previous: Cycle | None
    entries: list[Entry]
    now: Counter[str]
    then: Counter[str]
    by_group: dict[Peers, Counter[str]]
    migration: Counter[tuple[str, str]]
    up: int
    down: int
    narrowed: dict[str, str]

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def keys(self) -> list[str]:
        return [grade.key for grade in self.scheme.grades]

    @property
    def met_before(self) -> int:
        """Institutions of the list that were rated the time before."""
        return self.then.total()


def board(cycle: Cycle, ask: Asked) -> Board:
    """All counts of a cycle under the given filters."""
    scheme, found = cycles.scheme_of(cycle), ratings.entries(cycle, ask)
    place = {grade.key: n for n, grade in enumerate(scheme.grades)}
    known = [e for e in found if e.before is not None]
    moved = [place[e.grade] - place.get(str(e.before), 0) for e in known]
    return Board(
        cycle=cycle,
        scheme=scheme,
        previous=cycles.previous(cycle),
        entries=found,
        now=Counter(e.grade for e in found),
        then=Counter(str(e.before) for e in known),
        by_group=_by_group(found),
        migration=Counter((str(e.before), e.grade) for e in known),
        up=sum(step < 0 for step in moved),
        down=sum(step > 0 for step in moved),
        narrowed={name: ask.word(name) for name in NARROWING if ask.word(name)},
    )


def divisions(cycle: Cycle) -> list[str]:
    """Every division of which somebody is rated in the cycle."""
    query = select(Institution.division).distinct().join(Rating)
    query = query.where(Rating.cycle_id == cycle.id, Institution.division != "")
    return list(session.scalars(query.order_by(Institution.division)))


def _by_group(found: Iterable[Entry]) -> dict[Peers, Counter[str]]:
    counted: dict[Peers, Counter[str]] = defaultdict(Counter)
    for entry in found:
        counted[entry.peers][entry.grade] += 1
    persons = sorted(counted.keys() - set(peers.GROUPS), key=lambda group: group.key)
    return {group: counted[group] for group in (*peers.GROUPS, *persons) if group in counted}


def trend(cycle: Cycle) -> list[tuple[Cycle, dict[str, int]]]:
    """How many had each grade, cycle by cycle."""
    line = cycles.history(cycle)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(Rating.cycle_id, Rating.grade, func.count())
    query = query.where(Rating.cycle_id.in_([one.id for one in line]))
    for key, grade, number in session.execute(query.group_by(Rating.cycle_id, Rating.grade)):
        found[key][grade] = number
    return [(one, found[one.id]) for one in line]


def areas(found: Iterable[Entry]) -> list[Area]:
    """Mean score of each division, best first; nothing while there is only one."""
    scores: dict[str, list[int]] = defaultdict(list)
    for entry in found:
        scores[entry.division or "未登记"].append(entry.score_milli)
    if len(scores) <= 1:
        return []
    means = {name: sum(own) / len(own) / 1000 for name, own in scores.items()}
    order = sorted(means, key=lambda name: -means[name])
    return [
        Area(name, round(means[name], 1), len(scores[name]), 3 - 3 * n // len(order))
        for n, name in enumerate(order)
    ]


def changes(shown: Board, limit: int = 6) -> list[Change]:
    """The largest changes of score among those whose grade changed."""
    moved = [e for e in shown.entries if e.before not in (None, e.grade)]
    moved.sort(key=lambda e: -abs(e.score_milli - (e.before_milli or 0)))
    top = moved[:limit]
    if shown.previous is None or not top:
        return []
    now = ratings.lines_of([e.id for e in top])
    who = credit_subjects.column(shown.cycle)
    query = select(who, Rating.lines).where(
        Rating.cycle_id == shown.previous.id, who.in_([e.subject for e in top])
    )
    then: dict[Any, list[dict[str, Any]]] = {row[0]: row[1] for row in session.execute(query)}
    return [_change(e, now[e.id], then.get(e.subject, [])) for e in top]


def _change(entry: Entry, now: list[dict[str, Any]], then: list[dict[str, Any]]) -> Change:
    line = cause(now, then)
    difference = round((entry.score_milli - (entry.before_milli or 0)) / 1000, 2)
    known = line["part"] == "veto" or not line["remark"]
    reason = line["label"] if known else f"{line['label']}（{line['remark']}）"
    return Change(entry, reason, line["evidence"], difference)


def cause(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> dict[str, Any]:
    """The veto that came or went; else the line whose gain moved most."""
    vetoes = [
        {line["indicator"]: line for line in own if line["part"] == "veto"} for own in (now, then)
    ]
    for key in sorted(vetoes[0].keys() ^ vetoes[1].keys()):
        return (vetoes[0] | vetoes[1])[key]
    before = {line["indicator"]: line["gain_milli"] for line in then}
    return max(now, key=lambda line: abs(line["gain_milli"] - before.get(line["indicator"], 0)))


def vetoes(cycle: Cycle) -> list[tuple[Rating, list[dict[str, Any]]]]:
    """Ratings that a veto settled or held down, with the vetoes; looked at before anything is published."""
    query = select(Rating).options(joinedload(Rating.institution)).order_by(Rating.id)
    found = [
        (row, [line for line in row.lines if line["part"] == "veto"])
        for row in session.scalars(query.where(Rating.cycle_id == cycle.id))
    ]
    return [(row, lines) for row, lines in found if lines]


def main_loss(lines: list[dict[str, Any]]) -> str:
    """A veto, or the item that cost most; empty when nothing was lost."""
    veto = next((line["label"] for line in lines if line["part"] == "veto"), "")
    losses = [((line["weight_milli"] or 0) - line["gain_milli"], line) for line in lines]
    lost, worst = max(losses, key=lambda pair: pair[0], default=(0, None))
    return veto or (worst["label"] if worst and lost > 0 else "")
