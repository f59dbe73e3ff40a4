"""One text or picture of a laid out letter, set and drawn by the layout engine's own means, aside from its page."""

from __future__ import annotations

import copy
import itertools
from typing import Any
from xml.etree import ElementTree as ET

from weasyprint.draw import draw_replacedbox
from weasyprint.draw.text import draw_text
from weasyprint.images import SVGImage
from weasyprint.pdf.stream import Stream
from weasyprint.text.line_break import split_first_line

Ops = list[Any]


class Unstampable(Exception):
    """A letter that must be laid out in full; the text says why, for those who look into it."""


class Known(dict[Any, Any]):
    """Fonts of the base and no other: the engine asks for one by its key before it takes a new one."""

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key):
            raise Unstampable("a text needs a font that the base has not")
        return True


def retold(box: Any, text: str) -> Any:
    """The box with another text, as high as before."""
    if not text or not text.isprintable() or text != " ".join(text.split()):
        raise Unstampable("a text has line breaks, wide spaces or invisible signs")
    layout, _length, rest, width, height, baseline = split_first_line(
        text, box.style, None, None, 0
    )
    if rest is not None or height != box.height or baseline + box.margin_top != box.baseline:
        raise Unstampable("a text changes the height of its line")
    made = box.copy_with_text(text)
    made.pango_layout, made.width = layout, width
    return made


def spare(font: Any) -> Any:
    """The font once more under another name, with nothing in it."""
    other = copy.copy(font)
    other.widths, other.to_unicode, other.missing = {}, {}, {}
    other.hash = font.hash + "X"
    other.name = font.name.replace(font.hash.encode(), font.hash[1:].encode() + b"X")
    return other


def aside(fonts: dict[Any, Any]) -> Any:
    return Stream(fonts, None, {"ExtGState": {}}, {}, None, {}, None)


def text_ops(fonts: dict[Any, Any], box: Any) -> Ops:
    stream = aside(fonts)
    draw_text(stream, box, 0, "clip", "none")
    ops: Ops = [*itertools.dropwhile(b"BT".__ne__, stream.stream)]
    if not ops or ops.index(b"ET") != len(ops) - 1:
        raise Unstampable("a text is drawn with something beside it")
    return ops


def picture_ops(box: Any) -> Ops:
    stream = aside({})
    draw_replacedbox(stream, box)
    start = next(
        n for n, op in enumerate(stream.stream) if isinstance(op, bytes) and op.endswith(b" cm")
    )
    return list(stream.stream[start:])


def with_picture(box: Any, svg: str) -> Any:
    made = box.copy()
    made.replacement = SVGImage(ET.fromstring(svg), None, None, None)  # noqa: S314 drawn by this process
    return made


def renamed(op: Any, old: str, new: str) -> Any:
    return (
        op.replace(f"/{old} ".encode(), f"/{new} ".encode())
        if isinstance(op, bytes) and op.endswith(b" Tf")
        else op
    )
