"""A dossier (一户一档, 一人一档): everything on record about one subject on one day, to be printed and filed.

No letter: it has no number, decides nothing and is not kept; printed again it says what is on record then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from documents import facts as checked

KEY = "dossier"
MOST_ROWS = 300  # of one section: the latest
ONE_LINE = 16  # half characters


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """One table. `empty` is printed when there are no rows; `note` below it. An empty cell is a dash.

    `chart`: which picture of the table stands above it, a kind of `documents.charts`; empty for none.
    `text`: paragraphs, `blank`: lines to be written on by hand, before the table or in its place.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    empty: str = "没有记录。"
    note: str = ""
    chart: str = ""
    text: tuple[str, ...] = ()
    blank: int = 0

    @staticmethod
    def on_one_line(cell: str) -> bool:
        """A day, a name or a code is not broken beside a long text; a Chinese character is two wide."""
        return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in cell) <= ONE_LINE


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """`printed` says who printed it when; `warning` stands under the title; `signatures` are signed by hand."""

    title: str
    name: str
    agency: str
    printed: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    warning: str = ""
    signatures: tuple[str, ...] = ()


def section(
    title: str, columns: tuple[str, ...] = (), rows: Sequence[Sequence[Any]] = (), **more: Any
) -> Section:
    """A section of anything that can be said in words, cut to the first rows: of what is dated, the latest."""
    cells = tuple(tuple(_word(cell) for cell in row) for row in rows[:MOST_ROWS])
    note = f"共 {len(rows)} 条，只列最近 {MOST_ROWS} 条。" if len(rows) > MOST_ROWS else ""
    return Section(title, columns, cells, **{"note": note, **more})


def _word(cell: Any) -> str:
    text = "" if cell is None else str(getattr(cell, "label", cell))
    return " ".join(text.split()) or "—"


def thaw(given: Mapping[str, Any]) -> Dossier:
    """Raises WrongFact, naming what is missing or of the wrong shape."""
    return checked.build(Dossier, given, KEY)
