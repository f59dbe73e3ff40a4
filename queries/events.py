"""The event log: a page of it, and the whole of it checked against its chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, or_, select, text

import database
from database import session
from models import Event, Institution
from queries.paging import like
from rules import chain
from rules.chain import Check, Fault

SHOWN_FAULTS = 20
BATCH = 2000
NAMES = (*chain.FIELDS, "hash")
_AT, _DAY, _FACTS = (NAMES.index(name) for name in ("at", "day", "facts"))
Line = list[Any]


@dataclass(frozen=True)
class Filters:
    """What the query string asks for; the same object feeds the page and the export."""

    actor: str = ""
    verb: str = ""
    subject: str = ""
    subject_id: int | None = None
    institution: str = ""
    q: str = ""
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None
    size: int = 50


@dataclass(frozen=True)
class Verdict:
    """What the check of the whole log found. `faults` are the first ones, `fault_count` counts all."""

    rows: int
    head: str
    fault_count: int
    faults: tuple[Fault, ...]
    unanchored: int

    @property
    def whole(self) -> bool:
        return self.fault_count == 0

    @property
    def first_bad(self) -> int | None:
        return min((fault.seq for fault in self.faults), default=None)


def rows(filters: Filters) -> list[Event]:
    """One page, newest first; one row more than asked tells that there is another page."""
    query = _filtered(filters).order_by(Event.seq.desc()).limit(filters.size + 1)
    return list(session.scalars(query))


def every(filters: Filters, limit: int) -> list[Event]:
    """For an export: newest first, at most `limit`."""
    return list(session.scalars(_filtered(filters).order_by(Event.seq.desc()).limit(limit)))


def count(filters: Filters) -> int:
    query = _filtered(filters).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(query) or 0


def verbs() -> list[str]:
    return list(session.scalars(select(Event.verb).distinct().order_by(Event.verb)))


def subjects() -> list[str]:
    found = session.scalars(select(Event.subject).distinct().order_by(Event.subject))
    return [name for name in found if name]


def institution_names(ids: set[int]) -> dict[int, str]:
    found = session.execute(select(Institution.id, Institution.name).where(Institution.id.in_(ids)))
    return {row.id: row.name for row in found}


def _filtered(filters: Filters) -> Select[Any]:
    query = select(Event)
    exact = {
        Event.verb: filters.verb,
        Event.subject: filters.subject,
        Event.subject_id: filters.subject_id,
    }
    for column, value in exact.items():
        if value:
            query = query.where(column == value)
    if filters.actor:
        query = query.where(Event.actor.like(like(filters.actor), escape="\\"))
    if filters.institution:
        named = select(Institution.id).where(
            or_(
                Institution.name.like(like(filters.institution), escape="\\"),
                Institution.code == filters.institution,
            )
        )
        query = query.where(Event.institution_id.in_(named))
    if filters.q:
        query = query.where(Event.title.like(like(filters.q), escape="\\"))
    if filters.from_on:
        query = query.where(Event.day >= filters.from_on)
    if filters.to_on:
        query = query.where(Event.day <= filters.to_on)
    return query.where(Event.seq < filters.before) if filters.before else query


def check(anchor: Path, *, each: Callable[[Line], None] | None = None) -> Verdict:
    """Walk the whole log and hold it against the hashes kept in the anchor file.

    A log without that file is not certified: nobody could tell whether its end is missing.
    """
    upto = session.scalar(select(func.max(Event.seq))) or 0
    walk, found = _begin(anchor, upto)
    count = len(found)
    for fault in walk.faults(_passed_on(lines(), each)):
        count += 1
        if len(found) < SHOWN_FAULTS:
            found.append(fault)
    return Verdict(walk.rows, walk.head, count, tuple(found), len(walk.unanchored))


def _begin(anchor: Path, upto: int) -> tuple[Check, list[Fault]]:
    if not anchor.exists():
        missing = [Fault(1, f"库外留存文件 {anchor} 不存在，无法发现末尾被删除。")] if upto else []
        return Check(upto=upto), missing
    try:
        with anchor.open(encoding="ascii", errors="replace") as file:
            return Check(chain.anchors_in(file), upto=upto), []
    except ValueError as unreadable:
        return Check(upto=upto), [Fault(1, str(unreadable))]


def _passed_on(found: Iterator[Line], each: Callable[[Line], None] | None) -> Iterator[Line]:
    for line in found:
        if each is not None:
            each(line)
        yield line


def lines() -> Iterator[Line]:
    """Every line as its canonical fields and behind them its hash, in order, a batch at a time.

    Read past the column types: what somebody put there by hand must be named, not stumbled over.
    """
    found = session.execute(
        text(f"SELECT {', '.join(NAMES)} FROM event ORDER BY seq"),  # noqa: S608  # names of our own columns
        execution_options={"yield_per": BATCH},
    )
    canonical = _from_postgresql if database.is_postgresql() else _from_sqlite
    for batch in found.partitions(BATCH):
        yield from map(canonical, batch)


def _from_postgresql(row: Any) -> Line:
    line = list(row)
    line[_AT], line[_DAY] = chain.plain(line[_AT]), chain.plain(line[_DAY])
    return line


def _from_sqlite(row: Any) -> Line:
    """SQLite keeps an instant as «2026-06-15 01:00:00.000000» and JSON as text."""
    line = list(row)
    line[_AT] = f"{line[_AT]}Z".replace(" ", "T", 1)
    with suppress(TypeError, ValueError):  # no JSON is left as it is: its hash will not fit
        line[_FACTS] = json.loads(line[_FACTS])
    return line
