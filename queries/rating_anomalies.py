"""核对: the ratings of a cycle a reviewer looks at first, each with what is odd about it; and who is at the bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, Rating
from queries import cycles, rating_objections, ratings, what_ifs
from queries.paging import Asked, Page
from queries.ratings import Entry
from queries.what_ifs import UNRATED, Last
from rules import anomalies as rule
from rules.anomalies import Anomaly
from scoring.scheme import Scheme

Lines = Mapping[int, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Odd:
    """`signs`: anomaly → what it is about; `evidence`: numbers the vetoes rest on."""

    entry: Entry
    signs: dict[Anomaly, str]
    evidence: list[str]


def page(cycle: Cycle, ask: Asked, *, on: date) -> tuple[list[Odd], Page]:
    """One page of those with an anomaly, under the same filters as the list of grades."""
    rows = of_cycle(cycle, on=on, ask=ask)
    first = (ask.page - 1) * ask.size
    return rows[first : first + ask.size], Page(ask.page, ask.size, len(rows))


def of_cycle(cycle: Cycle, *, on: date, ask: Asked | None = None) -> list[Odd]:
    """Everyone with an anomaly, in the order of the anomalies, the worst place first."""
    given = ask or Asked(words={})
    wanted = given.word("sign")
    found = [row for row in _all(cycle, given, on) if not wanted or wanted in row.signs]
    order = list(Anomaly)
    return sorted(found, key=lambda row: (order.index(next(iter(row.signs))), -row.entry.rank))


def counts(rows: Sequence[Odd]) -> Counter[Anomaly]:
    """How many ratings have each anomaly; one may have several."""
    return Counter(sign for row in rows for sign in row.signs)


def bottom(cycle: Cycle) -> list[Last]:
    """末位 by the frozen scheme, with those spared at the line; nobody without such a rule or a result."""
    if cycle.state in UNRATED or cycles.scheme_of(cycle).elimination is None:
        return []
    return what_ifs.bottom_of(cycle)


def _all(cycle: Cycle, ask: Asked, on: date) -> list[Odd]:
    scheme, limits, lines = cycles.scheme_of(cycle), rule.limits(on), _lines(cycle)
    usual = _usual(lines, scheme)
    objected = {row.rating_id for row in rating_objections.open_of_cycle(cycle.id)}
    last = {row.rating_id: _place(row) for row in bottom(cycle)}
    found = []
    for entry in ratings.entries(cycle, ask):
        own = lines.get(entry.id, [])
        rated = _rated(entry, own, scheme, usual, entry.id in objected, last.get(entry.id, ""))
        if signs := rule.found(rated, limits):
            found.append(Odd(entry, signs, _evidence(own)))
    return found


def _lines(cycle: Cycle) -> Lines:
    query = select(Rating.id, Rating.lines).where(Rating.cycle_id == cycle.id)
    return {row[0]: row[1] for row in session.execute(query)}


def _usual(lines: Lines, scheme: Scheme) -> set[str]:
    """Items that nobody has a number for: said once on the page of the cycle, not of each."""
    asked, without = Counter[str](), Counter[str]()
    for own in lines.values():
        asked.update(line["indicator"] for line in own)
        without.update(line["indicator"] for line in _gaps(own, scheme))
    return {key for key, number in without.items() if number == asked[key]}


def _gaps(own: Sequence[Mapping[str, Any]], scheme: Scheme) -> list[Mapping[str, Any]]:
    domains = {domain.key for domain in scheme.domains}
    return [line for line in own if line["part"] in domains and not line["raw"]]


def _rated(
    entry: Entry,
    own: Sequence[Mapping[str, Any]],
    scheme: Scheme,
    usual: set[str],
    objected: bool,
    last: str,
) -> rule.Rated:
    place = {grade.key: n for n, grade in enumerate(scheme.grades)}
    known = entry.before in place and entry.before_milli is not None
    return rule.Rated(
        score=entry.score,
        before=(entry.before_milli or 0) / 1000 if known else None,
        moved=place[entry.grade] - place[entry.before or ""] if known else None,
        span=scheme.combine.ceiling - scheme.combine.floor,
        lines=() if scheme.graded_by else _grade_lines(scheme),
        vetoes=[line["label"] for line in own if line["part"] == "veto"],
        gaps=[line["label"] for line in _gaps(own, scheme) if line["indicator"] not in usual],
        objected=objected,
        bottom=last,
    )


def _grade_lines(scheme: Scheme) -> list[float]:
    return [grade.at_least for grade in scheme.grades if grade.at_least is not None]


def _place(row: Last) -> str:
    tied = "，并列跨线，不列入" if row.who.spared else "，并列" if row.who.tied else ""
    return f"第{row.who.place}名，共{row.who.of}{tied}"


def _evidence(own: Sequence[Mapping[str, Any]]) -> list[str]:
    return [number for line in own if line["part"] == "veto" for number in line["evidence"]]
