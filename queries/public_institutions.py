"""定点医药机构查询: what everybody may know about a designated institution, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from database import session
from models import Institution
from queries import public_standing, published_ratings
from queries.paging import Page, like
from queries.remembered import remembered
from rules.clocks import Light
from rules.kinds import InstitutionKind
from rules.standing import Standing, Word

LONGEST = 50
LAST_PAGE = 100_000
PER_PAGE = 20
SIZES = (20, 50, 100)
WORDS = [Word.IN_FORCE, Word.SUSPENDED, Word.TERMINATED, Word.PENDING, Word.LAPSED, Word.EXPIRED]


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks for, already shortened and checked against the known words."""

    q: str = ""
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    page: int = 1
    size: int = PER_PAGE


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Entry:
    """One institution in public. No person, no account, no inner note has a field here."""

    id: int
    name: str
    kind_label: str
    level: str
    code: str
    address: str
    phone: str
    light: Light
    until: str
    grade: str


@dataclass(frozen=True)
class Found:
    entries: list[Entry]
    page: Page
    kinds: list[Option]
    words: list[Option]


def wanted(q: str, kinds: Collection[str], words: Collection[str], page: str, size: str) -> Wanted:
    """Read a visitor's query. What is not known is left out; nothing here can fail."""
    number = int(page[:9]) if page.isascii() and page.isdigit() else 1
    per_page = int(size) if size in map(str, SIZES) else PER_PAGE
    return Wanted(
        q=q.strip()[:LONGEST],
        kinds=tuple(kind for kind in InstitutionKind if kind in kinds),
        words=tuple(word for word in WORDS if word in words),
        page=min(max(1, number), LAST_PAGE),
        size=per_page,
    )


def lookup(ask: Wanted, *, on: date) -> Found:
    """One page, with the number of hits behind every choice of kind and standing."""
    counts = _counts(ask.q, on)
    chosen = [row for row in counts if _in(row[0], ask.kinds) and _in(row[1], ask.words)]
    query: Any = select(Institution.id).where(*_matches(ask.q), public_standing.designated(on))
    if ask.kinds:
        query = query.where(Institution.kind.in_(ask.kinds))
    if ask.words:
        told = public_standing.words(on, _named(ask.q))
        query = query.join(told, told.c.institution_id == Institution.id)
        query = query.where(told.c.word.in_([str(word) for word in ask.words]))
    query = query.order_by(Institution.name, Institution.id)
    ids = session.scalars(query.limit(ask.size).offset((ask.page - 1) * ask.size)).all()
    of_words = [(kind, number) for kind, word, number in counts if _in(word, ask.words)]
    of_kinds = [(word, number) for kind, word, number in counts if _in(kind, ask.kinds)]
    return Found(
        entries=entries(ids, on=on),
        page=Page(ask.page, ask.size, sum(row[2] for row in chosen), SIZES),
        kinds=_options(list(InstitutionKind), ask.kinds, of_words),
        words=_options(WORDS, ask.words, of_kinds),
    )


def _counts(q: str, day: date) -> list[tuple[str, str, int]]:
    """Designated institutions by kind and standing. The whole county is counted once for every change of the log."""
    return _counted(q, day) if q else remembered(("public counts", day), lambda: _counted("", day))


def _counted(q: str, day: date) -> list[tuple[str, str, int]]:
    told = public_standing.words(day, _named(q))
    query: Any = (
        select(Institution.kind, told.c.word, func.count())
        .join(told, told.c.institution_id == Institution.id)
        .group_by(Institution.kind, told.c.word)
    )
    return [(str(kind), word, number) for kind, word, number in session.execute(query)]


def _named(q: str) -> Any:
    return select(Institution.id).where(*_matches(q)) if q else None


def _matches(q: str) -> list[ColumnElement[bool]]:
    """Part of the name, of the code, or of the pinyin initials; no text asks for everything."""
    if not q:
        return []
    pattern = like(q)
    named = Institution.name.like(pattern, escape="\\")
    coded = Institution.code.like(pattern.upper(), escape="\\")
    spelled = Institution.pinyin.like(pattern.lower(), escape="\\")
    return [or_(named, coded, spelled)]


def _in(value: str, chosen: tuple[str, ...]) -> bool:
    return not chosen or value in chosen


def _options(
    members: list[Any], chosen: tuple[str, ...], counts: list[tuple[str, int]]
) -> list[Option]:
    """Members that occur or are chosen, with their numbers."""
    sums: dict[str, int] = {}
    for value, number in counts:
        sums[value] = sums.get(value, 0) + number
    return [
        Option(str(member), member.label, sums.get(member, 0), member in chosen)
        for member in members
        if member in sums or member in chosen
    ]


def entries(ids: Collection[int], *, on: date) -> list[Entry]:
    """These institutions as the public sees them, by name."""
    rows = session.scalars(
        select(Institution)
        .where(Institution.id.in_(ids))
        .order_by(Institution.name, Institution.id)
    ).all()
    standing = public_standing.standings(ids, on)
    grades = published_ratings.latest(ids, on=on)
    return [_entry(row, standing[row.id], grades.get(row.id, "")) for row in rows]


def one(key: int, *, on: date) -> Entry | None:
    """An institution's public page; None when it was never designated, as if it did not exist."""
    query = select(Institution.id).where(Institution.id == key, public_standing.designated(on))
    return next(iter(entries([key], on=on)), None) if session.scalar(query) else None


def _entry(row: Institution, standing: Standing, grade: str) -> Entry:
    return Entry(
        id=row.id,
        name=row.name,
        kind_label=row.kind.label,
        level=row.level,
        code=row.code or "",
        address=row.address,
        phone=row.phone,
        light=Light(standing.light, standing.label),
        until=public_standing.until(standing),
        grade=grade,
    )


def by_kind_and_word(day: date) -> dict[tuple[str, str], int]:
    """How many designated institutions of each kind stand how."""
    return {(kind, word): number for kind, word, number in _counts("", day)}
