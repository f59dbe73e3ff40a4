"""The file of a letter that was laid out once: everything but its fields is made into bytes a single time."""

from __future__ import annotations

import copy
import hashlib
import zlib
from collections.abc import Mapping
from math import ceil, log
from typing import Any

import pydyf  # type: ignore[import-untyped]  # published without types
from weasyprint import Document
from weasyprint.pdf.fonts import build_fonts_dictionary

LEVEL = 6
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
Ops = list[Any]


def plain(known: Any) -> bytes:
    """An object's bytes, neither compressed nor measured."""
    if isinstance(known, pydyf.Stream):
        return bytes(pydyf.Dictionary(known.extra).data + _content(known.stream))
    return bytes(known.data)


def _content(ops: Ops) -> bytes:
    bare: bytes = pydyf.Stream(ops).data
    return bare[bare.index(b"stream\n") + len(b"stream\n") : -len(b"\nendstream")]


def is_font(extra: Mapping[str, Any]) -> bool:
    return "Length1" in extra or extra.get("Subtype") == "/OpenType"


class File:
    """Numbers of objects are those of the base; after them come Info, the packed objects, further fonts."""

    def __init__(self, document: Document, pdf: Any, pages: Mapping[int, Ops]) -> None:
        self.pages, self.count = dict(pages), len(pdf.objects)
        self._info, self._catalog, self._told_of = pdf.info, pdf.catalog, document.metadata
        self._metadata = int(pdf.catalog["Metadata"].split()[0])
        resources = next(
            o for o in pdf.objects if isinstance(o, dict) and "Font" in o and "ExtGState" in o
        )
        self._font_names = int(resources["Font"].split()[0])
        self._fonts = pdf.objects[self._font_names]
        first_font = min(
            known.number
            for known in pdf.objects
            if isinstance(known, pydyf.Stream) and is_font(known.extra)
        )
        own = range(first_font, self._font_names + 1)
        changing = {0, self._metadata, self._font_names, *self.pages}
        self._plain = {o.number: plain(o) for o in pdf.objects if o.number not in {*own, *changing}}
        self._entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        self._prefix = self._put([o for o in pdf.objects if o.number not in changing])
        self._digest = hashlib.md5(self._prefix, usedforsecurity=False)

    def _put(self, known: list[Any]) -> bytes:
        """What is the same in every letter."""
        out = HEADER
        for each in known:
            if isinstance(each, pydyf.Stream):
                self._entries[each.number] = (1, len(out), 0)
                out += _stream(each.number, each.stream, each.extra)
        packed = [each for each in known if not isinstance(each, pydyf.Stream)]
        place, heads, bodies = 0, [], []
        for index, each in enumerate(packed):
            self._entries[each.number] = (2, self.count + 1, index)
            heads.append(f"{each.number} {place}")
            bodies.append(each.data)
            place += len(bodies[-1]) + 1
        head = " ".join(heads).encode()
        extra = {"Type": "/ObjStm", "N": len(packed), "First": len(head) + 1}
        self._entries[self.count + 1] = (1, len(out), 0)
        return out + _stream(self.count + 1, [head, *bodies], extra)

    def objects(
        self, title: str, pages: Mapping[int, Ops], fonts: Mapping[str, Any]
    ) -> dict[int, bytes]:
        """Bytes of every object but fonts, to be compared with those of a full layout."""
        written = self._plain | {
            n: plain(pydyf.Stream(ops)) for n, ops in (self.pages | dict(pages)).items()
        }
        for name in fonts:
            for number in self.pages:
                written[number] = written[number].replace(
                    f"/{name} ".encode(), f"/{name[:-1]} ".encode()
                )
        written[self._metadata] = plain(self._told(title))
        return written

    def info(self, title: str) -> Any:
        return pydyf.Dictionary({**self._info, "Title": pydyf.String(title)})

    def _told(self, title: str) -> Any:
        """The metadata with this title."""
        metadata = copy.copy(self._told_of)
        metadata.title = title
        aside = pydyf.PDF()
        metadata.include_in_pdf(aside, "a", 3, "A", True)
        return aside.objects[-1]

    def written(self, title: str, pages: Mapping[int, Ops], fonts: Mapping[str, Any]) -> bytes:
        """The file."""
        aside = pydyf.PDF()
        aside.objects = [None] * (self.count + 2)  # only to number what follows
        names = dict(self._fonts)
        if fonts:
            names |= build_fonts_dictionary(
                aside, fonts, False, True, {"hinting": False, "pdf_version": "1.7"}
            )
        told = self._told(title)
        made = {
            number: _stream(number, ops, {}) for number, ops in (self.pages | dict(pages)).items()
        }
        made[self._metadata] = _stream(self._metadata, told.stream, told.extra)
        made[self._font_names] = _object(self._font_names, pydyf.Dictionary(names).data)
        made[self.count] = _object(self.count, self.info(title).data)
        for each in aside.objects[self.count + 2 :]:
            made[each.number] = (
                _stream(each.number, each.stream, each.extra)
                if isinstance(each, pydyf.Stream)
                else _object(each.number, each.data)
            )
        return self._closed(made)

    def _closed(self, made: dict[int, bytes]) -> bytes:
        """Everything in a row, with the table of where it is."""
        entries, place = dict(self._entries), len(self._prefix)
        for number, data in made.items():
            entries[number] = (1, place, 0)
            place += len(data)
        last = max(entries) + 1
        entries[last] = (1, place, 0)
        sizes = (1, ceil(log(place + 1, 256)), 2)
        table = b"".join(
            value.to_bytes(size, "big")
            for number in range(last + 1)
            for size, value in zip(sizes, entries[number], strict=True)
        )
        body = b"".join(made.values())
        digest = self._digest.copy()
        digest.update(body)
        mark = pydyf.String(digest.hexdigest()).data
        extra = {
            "Type": "/XRef",
            "Index": pydyf.Array((0, last + 1)),
            "W": pydyf.Array(sizes),
            "Size": last + 1,
            "Root": self._catalog.reference,
            "Info": f"{self.count} 0 R",
            "ID": pydyf.Array((mark, mark)),
        }
        end = f"startxref\n{place}\n%%EOF\n".encode()
        return self._prefix + body + _stream(last, [table], extra) + end


def _stream(number: int, content: Ops, extra: Mapping[str, Any]) -> bytes:
    packed = zlib.compress(_content(content), LEVEL)
    return _object(number, pydyf.Stream([packed], {**extra, "Filter": "/FlateDecode"}).data)


def _object(number: int, data: bytes) -> bytes:
    return f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
