"""The model agreement: chapters of clauses, each with its wordings by the first day they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import regulations
from regulations.reader import CONFIDENCES, FAMILIES, Invalid

FOLDER = Path(__file__).parent / "clauses"
RANKS = ("mandatory", "local")
PARTS = ("fixed", "annual", "annex", "supplementary", "fixed_only")
_CLAUSE = {"key", "rank", "kinds", "parts", "texts", "until", "both", *FAMILIES}


@dataclass(frozen=True)
class Citation:
    source: str
    article: str
    confidence: str

    @property
    def basis(self) -> str:
        return regulations.sources()[self.source].cite(self.article)


@dataclass(frozen=True)
class Wording:
    """`until`: the last day on which new agreements take this wording; None: still."""

    since: date
    text: str
    until: date | None = None

    def used_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Clause:
    """`citations` by family; `kinds` empty: every kind of the families that are cited."""

    key: str
    chapter: str
    rank: str
    citations: Mapping[str, Citation]
    kinds: frozenset[str]
    parts: frozenset[str]
    wordings: tuple[Wording, ...]

    def wording(self, day: date) -> Wording | None:
        return next((one for one in self.wordings if one.used_on(day)), None)

    def binds(self, family: str, kind: str) -> bool:
        return family in self.citations and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Chapter:
    """`key` is the file's name without its place; the title may differ by family."""

    key: str
    titles: Mapping[str, str]
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """In the order of the agreement."""
    return tuple(_chapter(path) for path in sorted(FOLDER.glob("*.yaml")))


def clauses() -> tuple[Clause, ...]:
    return tuple(clause for chapter in chapters() for clause in chapter.clauses)


def editions() -> list[date]:
    """The days on which some wording begins, or the first day without one that ended."""
    days = {one.since for clause in clauses() for one in clause.wordings}
    ends = {one.until for clause in clauses() for one in clause.wordings if one.until}
    return sorted(days | {day_after(end) for end in ends})


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def _chapter(path: Path) -> Chapter:
    raw = yaml.safe_load(path.read_text("utf-8"))
    key, title = path.stem.split("_", 1)[1], raw["title"]
    titles = title if isinstance(title, dict) else dict.fromkeys(FAMILIES, title)
    return Chapter(key, titles, tuple(_clause(key, one) for one in raw["clauses"]))


def _clause(chapter: str, raw: dict[str, Any]) -> Clause:
    key = str(raw.get("key"))
    if unknown := raw.keys() - _CLAUSE:
        raise Invalid(f"clause {key}: unknown fields {sorted(unknown)}")
    if raw["rank"] not in RANKS:
        raise Invalid(f"clause {key}: unknown rank {raw['rank']!r}")
    if unknown := set(raw.get("parts", ())) - set(PARTS):
        raise Invalid(f"clause {key}: unknown parts {sorted(unknown)}")
    cited = dict.fromkeys(FAMILIES, raw["both"]) if "both" in raw else raw
    return Clause(
        key=key,
        chapter=chapter,
        rank=raw["rank"],
        citations={name: _citation(key, cited[name]) for name in FAMILIES if name in cited},
        kinds=frozenset(raw.get("kinds", ())),
        parts=frozenset(raw.get("parts", ("fixed",))),
        wordings=_wordings(raw["texts"], raw.get("until")),
    )


def _citation(key: str, raw: dict[str, str]) -> Citation:
    found = Citation(raw["source"], raw["article"], raw.get("confidence", "official"))
    if found.confidence not in CONFIDENCES:
        raise Invalid(f"clause {key}: unknown confidence {found.confidence!r}")
    return found


def _wordings(texts: dict[date, str], until: date | None) -> tuple[Wording, ...]:
    """A wording ends the day before the next one begins."""
    days = sorted(texts)
    ends = [day - timedelta(days=1) for day in days[1:]] + [until]
    return tuple(Wording(day, texts[day], end) for day, end in zip(days, ends, strict=True))
