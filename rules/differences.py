"""Word-level differences of two texts, and clause by clause of two agreements. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Any

from rules.clauses import by_key

SAME, OLD, NEW = "same", "old", "new"
# a number or a Latin word is one token, every other sign its own: Chinese has no spaces between words
_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+|\s+|.", re.DOTALL)
_ISLAND = 1  # a single sign that stayed between two changes is read more easily as part of them


@dataclass(frozen=True)
class Piece:
    """`op`: same, old (struck out), new (inserted)."""

    op: str
    text: str


@dataclass(frozen=True)
class ClauseChange:
    """`change`: same, changed, added, removed. The pieces of both texts."""

    key: str
    title: str
    number: int
    rank: str
    change: str
    pieces: tuple[Piece, ...]


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one, with what was struck out and what was inserted."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = [
        (op == "equal", "".join(a[a1:a2]), "".join(b[b1:b2]))
        for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    ]
    inner = range(1, len(steps) - 1)
    kept = [
        (equal and not (place in inner and len(was) <= _ISLAND), was, now)
        for place, (equal, was, now) in enumerate(steps)
    ]
    return tuple(
        piece
        for same, run in groupby(kept, key=itemgetter(0))
        for piece in _pieces(list(run), same=same)
    )


def _pieces(run: list[tuple[bool, str, str]], *, same: bool) -> Iterable[Piece]:
    was, now = "".join(one[1] for one in run), "".join(one[2] for one in run)
    if same:
        yield Piece(SAME, was)
        return
    if was:
        yield Piece(OLD, was)
    if now:
        yield Piece(NEW, now)


def clauses(
    old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]
) -> list[ClauseChange]:
    """Every clause of the newer text in its order, then those that fell away."""
    before, after = by_key(old), by_key(new)
    titles = {
        c.get("key"): chapter["title"]
        for chapters in (old, new)
        for chapter in chapters
        for c in chapter["clauses"]
    }
    keys = [*after, *(key for key in before if key not in after)]
    return [_change(key, titles[key], before.get(key), after.get(key)) for key in keys]


def changed(found: Iterable[ClauseChange]) -> list[ClauseChange]:
    return [one for one in found if one.change != SAME]


def _change(
    key: str, title: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> ClauseChange:
    shown = new or old or {}
    was, now = str(old["text"]) if old else "", str(new["text"]) if new else ""
    change = "added" if old is None else "removed" if new is None else ""
    return ClauseChange(
        key=key,
        title=title,
        number=int(shown.get("number", 0)),
        rank=str(shown.get("rank", "mandatory")),
        change=change or (SAME if was == now else "changed"),
        pieces=words(was, now),
    )
