"""Printing a dossier: who printed what when goes into the log, the paper itself is kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import documents
from actions import events, letters
from documents.dossier import Dossier, Fact, section
from rules.permissions import Actor

Table = tuple[str, tuple[str, ...], list[list[Any]]]  # title, columns, rows
WARNING = "本档案含个人信息和监管信息，仅供办理医疗保障业务使用，不得外传。"


def printed(
    title: str, name: str, facts: Sequence[tuple[str, Any]], tables: Sequence[Table], *, by: str
) -> bytes:
    """The PDF. `by` says who printed it when. Raises RenderFailed."""
    shown = Dossier(
        title=title,
        name=name,
        agency=letters.head().agency,
        printed=by,
        facts=tuple(Fact(label, str(value or "—")) for label, value in facts),
        sections=tuple(section(*table) for table in tables),
        warning=WARNING,
    )
    return documents.render_dossier(shown)


def note(subject: Any, title: str, *, actor: Actor, on: date) -> None:
    """A whole file left the house on paper."""
    events.record(subject, "print_dossier", f"打印{title}", actor=actor, on=on)
