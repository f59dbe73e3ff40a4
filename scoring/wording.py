"""Two schemes laid side by side in the words of their pages: what a lawyer sees that is not the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scoring.explain import describe
from scoring.scheme import Scheme
from scoring.scheme_words import Section

NEW, GONE, WHOLE = "没有", "删去", "整行"


@dataclass(frozen=True)
class Wording:
    """One cell, sentence or row that reads otherwise. `what`: the row it stands in; `column`: its heading."""

    section: str
    what: str
    column: str
    before: str
    after: str


def differences(before: Scheme, after: Scheme) -> list[Wording]:
    """Every word of the two pages that is not the same, in the order of the page."""
    old, new = ({one.title: one for one in describe(scheme)} for scheme in (before, after))
    titles = [*new, *(title for title in old if title not in new)]
    return [
        one
        for title in titles
        for one in _sections(old.get(title, Section(title)), new.get(title, Section(title)))
    ]


def _sections(old: Section, new: Section) -> Iterator[Wording]:
    gone = [one for one in old.text if one not in new.text]
    come = [one for one in new.text if one not in old.text]
    for n in range(max(len(gone), len(come))):
        before, after = (row[n] if n < len(row) else "" for row in (gone, come))
        yield Wording(new.title, "", "", before or NEW, after or GONE)
    yield from _rows(old, new)


def _rows(old: Section, new: Section) -> Iterator[Wording]:
    """Rows are known by their name; two of one name by their order."""
    was, now = _keyed(old), _keyed(new)
    for key, row in now.items():
        if key not in was:
            yield Wording(new.title, key[0], WHOLE, NEW, _whole(row))
            continue
        for column, before, after in zip(_head(new), was[key], row, strict=False):
            if before != after:
                yield Wording(new.title, key[0], column, before or "—", after or "—")
    for key, row in was.items():
        if key not in now:
            yield Wording(new.title, key[0], WHOLE, _whole(row), GONE)


def _keyed(section: Section) -> dict[tuple[str, int], tuple[str, ...]]:
    """The cells after the name, by the name."""
    at, found = _named_at(section), {}
    times: Counter[str] = Counter()
    for row in section.rows:
        found[row[at], times[row[at]]] = row[at + 1 :]
        times[row[at]] += 1
    return found


def _head(section: Section) -> tuple[str, ...]:
    return section.head[_named_at(section) + 1 :]


def _named_at(section: Section) -> int:
    """A running number is no name."""
    return int(section.head[:1] == ("序号",))


def _whole(cells: tuple[str, ...]) -> str:
    return "；".join(cell for cell in cells if cell)
