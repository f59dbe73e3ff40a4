"""Letters: frozen facts in, PDF out. Pure: no database, no web, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents import dossier, seal_drawing
from documents.drawable import undrawn as undrawn
from documents.facts import WrongFact as WrongFact
from documents.facts import dump
from documents.letters import freeze
from documents.press import RenderFailed as RenderFailed
from documents.presses import configure as configure
from documents.presses import press as press
from documents.presses import presses as presses


def render(kind: str, facts: Mapping[str, Any]) -> bytes:
    """PDF of a letter from its frozen facts; raises WrongFact or RenderFailed, and stores nothing."""
    return presses().print(kind, freeze(kind, **facts))


def render_seal(name: str, *, sample: bool) -> bytes:
    """PDF of a seal alone, 42 mm square; raises RenderFailed."""
    return presses().print(seal_drawing.KEY, {"name": name, "sample": sample})


def render_dossier(shown: dossier.Dossier) -> bytes:
    """PDF of a dossier; raises WrongFact or RenderFailed. Nothing of it is stored."""
    return presses().print(dossier.KEY, dump(dossier.thaw(dump(shown))))
