"""Pages of a list, and the query string read once for list, export and print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func

from database import session

SIZES = (50, 100, 200)
PRINT_LIMIT = 500
LONGEST = 9  # digits of a page number


@dataclass(frozen=True)
class Page:
    """One page of a result, as the pager macro wants it."""

    number: int
    per_page: int
    total: int
    sizes: tuple[int, ...] = SIZES

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True)
class Asked:
    """What every list may be asked: a text, a page, a size; further words by name."""

    q: str = ""
    page: int = 1
    size: int = 50
    words: Mapping[str, str] = None  # type: ignore[assignment]  # always given by `asked`

    def word(self, name: str) -> str:
        return self.words.get(name, "")

    def day(self, name: str) -> date | None:
        """A day of the query string; nonsense counts as not asked."""
        try:
            return date.fromisoformat(self.word(name))
        except ValueError:
            return None


def asked(args: Mapping[str, str]) -> Asked:
    """Read a query string. Sizes outside the offered ones fall back to the smallest; print asks for all rows."""
    words = {name: value.strip()[:100] for name, value in args.items()}
    everything = words.get("print") or words.get("format")
    size = PRINT_LIMIT if words.get("print") else _number(words.get("per_page"), SIZES[0])
    if words.get("format"):
        size = 100_000
    elif not everything and size not in SIZES:
        size = SIZES[0]
    page = 1 if everything else min(max(1, _number(words.get("page"), 1)), 1_000_000)
    return Asked(words.get("q", ""), page, size, words)


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) <= LONGEST
        else otherwise
    )


def like(text: str) -> str:
    """The pattern of «contains», with its own signs taken literally (escape with a backslash)."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def count(query: Select[Any]) -> int:
    return (
        session.scalar(
            query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
        )
        or 0
    )


def cut(query: Select[Any], ask: Asked) -> Select[Any]:
    return query.limit(ask.size).offset((ask.page - 1) * ask.size)
