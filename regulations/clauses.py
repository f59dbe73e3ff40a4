"""The model agreement by edition: chapters of clauses with their placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "clauses"


@dataclass(frozen=True)
class Clause:
    """`kind` is medical, pharmacy or empty for both."""

    key: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Chapter:
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Edition:
    since: date
    chapters: tuple[Chapter, ...]


def edition(day: date) -> Edition:
    """The edition of the model agreement in force on a day; LookupError before the first."""
    fitting = [one for one in _editions() if one.since <= day]
    if not fitting:
        raise LookupError(f"no model agreement on {day}")
    return fitting[-1]


@lru_cache(maxsize=1)
def _editions() -> tuple[Edition, ...]:
    read = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(
        Edition(
            raw["since"],
            tuple(
                Chapter(chapter["title"], tuple(Clause(**clause) for clause in chapter["clauses"]))
                for chapter in raw["chapters"]
            ),
        )
        for raw in sorted(read, key=lambda raw: raw["since"])
    )
