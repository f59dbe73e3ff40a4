"""What the fonts of the letters lack for a text: asked where words are taken in, before anything is numbered."""

from __future__ import annotations

from functools import cache

from documents import glyphs
from documents.fonts import Fonts
from documents.presses import press


def undrawn(text: str) -> str:
    """The characters of the text that no letter can print; empty when it can be printed."""
    return glyphs.missing(text, _drawn(press().fonts))


@cache
def _drawn(fonts: Fonts) -> frozenset[int]:
    return glyphs.coverage(file for file, _family in fonts.files())
