"""信用评价简报: the credit board on A4, from the same figures; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence

import documents
from actions import letters
from actions.dossiers import Table
from documents.dossier import Dossier, Fact, section


def printed(
    name: str, facts: Sequence[tuple[str, str]], tables: Sequence[Table], *, by: str, warning: str
) -> bytes:
    """The PDF. `warning`: filters, and what is not published yet. Raises RenderFailed."""
    shown = Dossier(
        title="信用评价简报",
        name=name,
        agency=letters.head().agency,
        printed=by,
        facts=tuple(Fact(label, value) for label, value in facts),
        sections=tuple(section(*table) for table in tables),
        warning=warning,
    )
    return documents.render_dossier(shown)
