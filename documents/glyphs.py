"""Which characters the fonts of the letters can draw. A letter with one that none of them can draw is not printed.

Text taken out of a PDF does not show a wrong or empty glyph, and a name with an empty box in it is no name.
"""

from __future__ import annotations

import gc
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # published without types
from PIL import ImageFont

NEEDED = "䶮堃喆犇镕㛃𬸦□√×㎡℃￥‰〔〕—①"  # rare names, and the signs of forms
BOXES = {"☐": "", "☑": "√", "☒": "×"}  # in no font of ours: a square □ and what stands in it
YUAN, DOLLAR = "￥", "$"  # there are fonts that draw the one as the other


class NoGlyph(Exception):
    """Characters that cannot be drawn; its text is these characters."""


def coverage(files: Iterable[Path]) -> frozenset[int]:
    """All that any of the fonts draws: what one of them lacks is taken from another."""
    found: set[int] = set()
    for file in files:
        with TTFont(file, lazy=True, fontNumber=0) as font:
            # glyphs by their numbers: 30,000 names for each font would be the most a press ever holds
            font.setGlyphOrder(range(font["maxp"].numGlyphs))
            drawn = font.getBestCmap()
        if ord(YUAN) in drawn and _alike(file, YUAN, DOLLAR):
            raise NoGlyph(YUAN)
        found |= drawn.keys()
        del font, drawn
        gc.collect()  # a font knows its tables and they know it: the next one is not to lie beside it
    return frozenset(found)


def _alike(file: Path, one: str, other: str) -> bool:
    """Whether the font draws two signs as one picture."""
    font = ImageFont.truetype(file, 64, layout_engine=ImageFont.Layout.BASIC)
    first, second = (font.getmask(sign) for sign in (one, other))
    return first.size == second.size and bytes(first) == bytes(second)


def require(text: str, drawn: frozenset[int]) -> None:
    """NoGlyph for whatever in the text has a shape that no font knows."""
    if shapes := missing(text, drawn):
        raise NoGlyph(shapes)


def missing(text: str, drawn: frozenset[int]) -> str:
    """The first twenty characters of the text that have a shape and cannot be drawn."""
    unknown = {sign for sign in set(text) if ord(sign) not in drawn and sign not in BOXES}
    return "".join(sorted(one for one in unknown if _is_shown(unicodedata.category(one)))[:20])


def _is_shown(category: str) -> bool:
    """Letters, numbers, signs, and what a font may have of its own."""
    return category[0] in "LNPS" or category == "Co"


def boxed(html: str) -> str:
    """The page with its tick boxes drawn, as no font has them."""
    for sign, inside in BOXES.items():
        html = html.replace(sign, f'<span class="box" data-inside="{inside}">□</span>')
    return html
