"""Numbers on explanation lines as links to the pages of what they name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from queries import evidence as ask

PAGES = {
    "violation": "violations.show",
    "deduction": "deductions.show",
    "application": "applications.show",
    "document": "documents.show",
}


def links(lines: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Number → address, for every number on these lines that is on file."""
    numbers = {number for line in lines for number in line["evidence"]}
    found = ask.found(numbers)
    return {number: url_for(PAGES[noun], key=key) for number, (noun, key) in found.items()}
