"""Letters, and what becomes a letter, as rows of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.batches import Item


def items(rows: Iterable[Any]) -> list[Item]:
    """Each letter, to be printed."""
    return [Item("document", row.id, row.recipient, f"{row.title} {row.number}") for row in rows]


def agreements(rows: Iterable[Any]) -> list[Item]:
    """Each agreement of the ledger, to be signed."""
    return [Item("agreement", row.id, row.institution, _term(row)) for row in rows]


def _term(row: Any) -> str:
    return f"{row.form_label} {row.number}，期限 {row.term_from} 至 {row.term_to}"
