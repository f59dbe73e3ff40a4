"""The table of a negotiation: every clause with its comments, the special clauses, two versions compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models import Agreement, ClauseComment, SpecialClause
from models.special_clause import SpecialState
from queries import agreement_texts as texts
from rules.clauses import Rank
from rules.differences import ClauseChange


@dataclass(frozen=True)
class Line:
    """A clause of the text as it stands. `open`: its wording may be negotiated."""

    number: int
    key: str
    text: str
    rank: Rank
    basis: str
    open: bool
    comments: tuple[ClauseComment, ...]


@dataclass(frozen=True)
class Special:
    row: SpecialClause
    comments: tuple[ClauseComment, ...]
    waiting: bool
    carried: bool


@dataclass(frozen=True)
class Table:
    """`old` and `new` name the two versions compared; `moved`: keys whose model wording is newer than the draft."""

    chapters: tuple[tuple[str, tuple[Line, ...]], ...]
    specials: tuple[Special, ...]
    versions: tuple[tuple[str, str], ...]
    old: str
    new: str
    changes: tuple[ClauseChange, ...]
    moved: tuple[str, ...]
    waiting: int


def table(agreement: Agreement, asked: Mapping[str, str], *, on: date) -> Table:
    """The table, comparing the versions asked for; by default the model with the latest draft."""
    offered = texts.versions(agreement, on=on)
    known = [value for value, _ in offered]
    old = asked.get("old", "") if asked.get("old") in known else texts.MODEL
    new = asked.get("new", "") if asked.get("new") in known else known[-1]
    specials = tuple(_special(agreement, row) for row in agreement.special_clauses)
    return Table(
        chapters=tuple(
            (one["title"], tuple(_line(agreement, c) for c in one["clauses"]))
            for one in agreement.chapters
        ),
        specials=specials,
        versions=tuple(offered),
        old=old,
        new=new,
        changes=tuple(texts.compared(agreement, old, new, on=on)),
        moved=tuple(texts.moved(agreement, on=on)),
        waiting=sum(one.waiting for one in specials),
    )


def since_last(agreement: Agreement, *, on: date) -> list[ClauseChange] | None:
    """What changed since the previous agreement; None for a first one."""
    if agreement.previous is None or not agreement.previous.chapters:
        return None
    return texts.compared(agreement, texts.PREVIOUS, "", on=on)


def _line(agreement: Agreement, clause: Mapping[str, object]) -> Line:
    rank = Rank(str(clause.get("rank", Rank.MANDATORY)))
    key = str(clause.get("key", ""))
    return Line(
        number=int(str(clause["number"])),
        key=key,
        text=str(clause["text"]),
        rank=rank,
        basis=str(clause.get("basis", "")),
        open=rank is Rank.LOCAL,
        comments=_comments(agreement, key),
    )


def _special(agreement: Agreement, row: SpecialClause) -> Special:
    waiting = row.state is SpecialState.PROPOSED
    return Special(row, _comments(agreement, row.key), waiting, bool(row.carried_from))


def _comments(agreement: Agreement, key: str) -> tuple[ClauseComment, ...]:
    return tuple(one for one in agreement.comments if one.clause == key)
