"""One rating explained: its domains and lines, its peers, what was different the time before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import Rating
from queries import cycles, ratings
from queries.paging import Asked
from queries.ratings import Entry
from rules import peers
from scoring import kept
from scoring.kept import Part
from scoring.scheme import Scheme

NEIGHBOURS = 3
ENOUGH = 500  # a mean over more peers than this is not worked out while somebody waits


@dataclass(frozen=True)
class PartRow:
    """A domain beside the mean of the peers (percent of what could be earned)."""

    part: Part
    mean: float | None


@dataclass(frozen=True)
class Detail:
    rating: Rating
    scheme: Scheme
    before: Rating | None
    group: str
    peers_key: str
    place: int
    of: int
    parts: list[PartRow]
    peers: list[Entry]


def detail(rating: Rating) -> Detail:
    cycle, scheme = rating.cycle, cycles.scheme_of(rating.cycle)
    who = rating.institution
    group = peers.group_of(who.kind, who.level) if who else peers.named(rating.peer_group)
    same = ratings.entries(cycle, Asked(words={"peers": group.key}))
    return Detail(
        rating=rating,
        scheme=scheme,
        before=ratings.before_of(rating),
        group=group.label,
        peers_key=group.key,
        place=rating.rank,
        of=len(same),
        parts=_parts(rating, scheme, same),
        peers=_around(rating.id, same),
    )


def _parts(rating: Rating, scheme: Scheme, same: Sequence[Entry]) -> list[PartRow]:
    means = _means(scheme, same) if len(same) <= ENOUGH else {}
    return [PartRow(part, means.get(part.key)) for part in kept.parts(rating.lines, scheme)]


def _means(scheme: Scheme, same: Sequence[Entry]) -> dict[str, float]:
    percents: dict[str, list[float]] = {}
    for lines in ratings.lines_of([entry.id for entry in same]).values():
        for part in kept.parts(lines, scheme):
            percents.setdefault(part.key, []).append(part.percent)
    return {key: round(sum(own) / len(own), 1) for key, own in percents.items()}


def _around(key: int, same: Sequence[Entry]) -> list[Entry]:
    """The neighbours in the order of the group, the one itself among them."""
    place = next((n for n, entry in enumerate(same) if entry.id == key), 0)
    first = max(0, place - NEIGHBOURS)
    return list(same[first : place + NEIGHBOURS + 1])


def losses(lines: list[dict[str, Any]]) -> dict[str, int]:
    """Thousandths of the score that each line leaves to be earned, or has taken from it."""
    return {
        line["indicator"]: line["weight_milli"] - line["gain_milli"]
        for line in lines
        if line["weight_milli"] is not None and line["weight_milli"] > line["gain_milli"]
    }
