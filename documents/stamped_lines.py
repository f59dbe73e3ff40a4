"""Where the fields of a laid out letter stand, and other texts in their places: by the layout engine's own means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint import HTML, Document
from weasyprint.draw.text import draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream

from documents.stamped_texts import (
    Known,
    Ops,
    Unstampable,
    aside,
    picture_ops,
    renamed,
    retold,
    spare,
    text_ops,
    with_picture,
)

SEEDS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-,.年月日号第〔〕（）"  # in every base
ROOM = 1.0  # pixels that a line must leave, so that no rounding decides whether it breaks
MOST_REPEATS = 60


@dataclass
class Leaf:
    """A text on a line: a field (its number), or constant. `at`: page and operators that draw it."""

    box: Any
    field: int | None
    at: tuple[int, int, int] = (0, 0, 0)


@dataclass
class Line:
    """The only line of its block, `room` wide."""

    left: float
    room: float
    align: str
    leaves: list[Leaf]


class Places:
    """Lines with fields, and the QR; `pages` are the operators of each page once it is drawn."""

    def __init__(self, source: HTML, document: Document, fields: int, *, with_qr: bool) -> None:
        self._fonts = document.fonts
        found = [e for e in source.etree_element.iter() if e.get("class") == "field"]
        numbers = {id(element): number for number, element in enumerate(found)}
        if len(found) != fields:
            raise Unstampable("a field is lost")
        self.lines: list[tuple[int, Line]] = []
        self.qr: tuple[int, Any, int, int] | None = None
        self._qr_box: tuple[int, Any] | None = None
        for number, page in enumerate(document.pages):
            self._look((number, numbers), page._page_box, None, in_qr=False)  # noqa: SLF001 the engine shows its boxes nowhere else
        known = {leaf.field for _page, line in self.lines for leaf in line.leaves}
        if known - {None} != set(range(fields)) or with_qr != (self._qr_box is not None):
            raise Unstampable("a field stands nowhere")

    def _look(
        self, where: tuple[int, dict[int, int]], box: Any, parent: Any, *, in_qr: bool
    ) -> None:
        page, numbers = where
        in_qr = in_qr or (box.element is not None and box.element.get("class") == "qr")
        if in_qr and isinstance(box, boxes.ReplacedBox):
            if self._qr_box is not None:
                raise Unstampable("there are two QR")
            self._qr_box = (page, box)
        if isinstance(box, boxes.LineBox):
            leaves = [Leaf(leaf, numbers.get(id(leaf.element))) for leaf in _texts(box)]
            if any(leaf.field is not None for leaf in leaves):
                self.lines.append((page, _line(box, parent, leaves)))
        for child in box.children:
            self._look(where, getattr(child, "_box", child), box, in_qr=in_qr)

    def seed(self) -> None:
        """Draw signs that are in most fields aside, so that the fonts of the base have them."""
        stream = aside(self._fonts)
        leaves = [
            leaf.box for _page, line in self.lines for leaf in line.leaves if leaf.field is not None
        ]
        for box in {id(box.style): box for box in leaves}.values():
            draw_text(stream, retold(box, SEEDS), 0, "clip", "none")

    def find(self, pdf: Any) -> None:
        """Which operators of the drawn pages draw what is to be replaced."""
        streams = [o for o in pdf.objects if isinstance(o, Stream) and "Type" not in o.extra]
        if len(streams) != pdf.pages["Count"]:
            raise Unstampable("a page is drawn by several streams")
        self.pages = {stream.number: stream.stream for stream in streams}
        self.numbers = [stream.number for stream in streams]
        for page, line in self.lines:
            self._as_is(line)
            for leaf in line.leaves:
                wanted = text_ops(self._fonts, leaf.box)
                leaf.at = (page, *_only(streams[page].stream, wanted))
        if self._qr_box is not None:
            page, box = self._qr_box
            self.qr = (page, box, *_only(streams[page].stream, picture_ops(box)))
        self._known = {font.hash: {*font.to_unicode} for font in self._fonts.values()}

    def _as_is(self, line: Line) -> None:
        """The texts that are there must be where this module would put them."""
        texts = [leaf.box.text for leaf in line.leaves]
        for leaf, box in zip(line.leaves, self._set_line(line, texts), strict=True):
            if abs(box.position_x - leaf.box.position_x) > 1e-6:  # noqa: PLR2004 pixels, of rounding
                raise Unstampable("a text stands elsewhere than its line says")

    def filled(self, fields: Sequence[str], qr: str) -> tuple[dict[int, Ops], dict[str, Any]]:
        """The operators of each page, and further fonts: those that have what the base's have not."""
        changes: dict[int, list[tuple[int, int, Ops]]] = {n: [] for n in range(len(self.numbers))}
        fonts: dict[str, Any] = {}
        for page, line in self.lines:
            boxes_told = self._set_line(line, _told(line, fields))
            for leaf, box in zip(line.leaves, boxes_told, strict=True):
                if leaf.field is not None or box.position_x != leaf.box.position_x:
                    changes[page].append((*leaf.at[1:], self._drawn(box, fonts)))
        if self.qr is not None:
            page, box, start, end = self.qr
            changes[page].append((start, end, picture_ops(with_picture(box, qr))))
        return {
            self.numbers[page]: _changed(self.pages[self.numbers[page]], parts)
            for page, parts in changes.items()
            if parts
        }, fonts

    def _drawn(self, box: Any, fonts: dict[str, Any]) -> Ops:
        own = {key: spare(font) for key, font in self._fonts.items()}
        ops = text_ops(Known(own), box)
        for font in own.values():
            base = font.hash.removesuffix("X")
            if not font.to_unicode:
                continue
            if {*font.to_unicode} <= self._known[base]:
                ops = [renamed(op, font.hash, base) for op in ops]
            elif font.hash in fonts:
                fonts[font.hash].to_unicode |= font.to_unicode
                fonts[font.hash].widths |= font.widths
            else:
                fonts[font.hash] = font
        return ops

    def _set_line(self, line: Line, texts: Sequence[str]) -> list[Any]:
        """The boxes of a line with these texts; Unstampable if one of them does not belong there."""
        made = [
            leaf.box.copy() if text == leaf.box.text else retold(leaf.box, text)
            for leaf, text in zip(line.leaves, texts, strict=True)
        ]
        width = sum(box.width for box in made)
        if width > line.room - ROOM:
            raise Unstampable("the texts do not fit on their line")
        x = (
            line.left
            + {"start": 0.0, "center": (line.room - width) / 2, "end": line.room - width}[
                line.align
            ]
        )
        for box in made:
            box.position_x = x
            x += box.width
        return made

    def longest(self, fields: Sequence[str]) -> tuple[str, ...]:
        """Each field in turn as long as its lines allow, made of its own signs."""
        grown = list(fields)
        for number, text in enumerate(fields):
            for _ in range(MOST_REPEATS):
                longer = [*grown[:number], grown[number] + text, *grown[number + 1 :]]
                if not self.fit(longer, number):
                    break
                grown = longer
        return tuple(grown)

    def fit(self, fields: Sequence[str], number: int | None = None) -> bool:
        """Whether they can be set in their places, those on the lines of this one or all."""
        try:
            for _page, line in self.lines:
                if number is None or any(leaf.field == number for leaf in line.leaves):
                    self._set_line(line, _told(line, fields))
        except Unstampable:
            return False
        return True


def _told(line: Line, fields: Sequence[str]) -> list[str]:
    """The texts of a line with these fields."""
    return [leaf.box.text if leaf.field is None else fields[leaf.field] for leaf in line.leaves]


def _line(box: Any, parent: Any, leaves: list[Leaf]) -> Line:
    if len(parent.children) != 1:
        raise Unstampable("a field is in a text of several lines")
    if not all(isinstance(leaf.box, boxes.TextBox) for leaf in leaves):
        raise Unstampable("a field stands beside something that is no text")
    align = box.style["text_align_last"]  # it is the only line, and so the last
    align = box.style["text_align_all"] if align == "auto" else align
    align = {"left": "start", "right": "end"}.get(align, align)
    if align not in ("start", "center", "end"):
        raise Unstampable("the line of a field is justified")
    return Line(parent.content_box_x(), parent.width, align, leaves)


def _texts(box: Any) -> Iterator[Any]:
    """What stands on a line; an inline box that takes room of its own comes after its texts."""
    for child in box.children:
        if type(child) is boxes.InlineBox:
            yield from _texts(child)
            if child.margin_width() == child.width:
                continue
        yield child


def _only(ops: Ops, wanted: Ops) -> tuple[int, int]:
    """From where to where these operators stand among the others; Unstampable unless exactly once."""
    length = len(wanted)
    found = [n for n, op in enumerate(ops) if op == wanted[0] and ops[n : n + length] == wanted]
    if len(found) != 1:
        raise Unstampable(f"drawn {len(found)} times")
    return found[0], found[0] + length


def _changed(ops: Ops, parts: list[tuple[int, int, Ops]]) -> Ops:
    made: Ops = []
    position = 0
    for start, end, instead in sorted(parts, key=lambda part: part[0]):
        made += ops[position:start] + instead
        position = end
    return made + ops[position:]
