"""信用评价简报: the credit board on A4, from the same figures; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import documents
from actions import letters
from documents.dossier import Dossier, Fact, section


@dataclass(frozen=True)
class Part:
    """A table of the board. `chart`: the picture of it (`documents.charts`); `note`: below the table."""

    title: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    chart: str = ""
    note: str = ""


def printed(
    name: str, facts: Sequence[tuple[str, str]], parts: Sequence[Part], *, by: str, warning: str
) -> bytes:
    """The PDF. `warning`: filters, and what is not published yet. Raises RenderFailed."""
    shown = Dossier(
        title="信用评价简报",
        name=name,
        agency=letters.head().agency,
        printed=by,
        facts=tuple(Fact(label, value) for label, value in facts),
        sections=tuple(section(one.title, one.columns, one.rows, **_more(one)) for one in parts),
        warning=warning,
    )
    return documents.render_dossier(shown)


def _more(one: Part) -> dict[str, str]:
    return {"chart": one.chart} | ({"note": one.note} if one.note else {})
