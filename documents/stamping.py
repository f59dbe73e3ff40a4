"""Letters that differ in a few fields only: laid out once, and the fields are set in it letter by letter.

A template marks a field: `{{ fact | field }}`. Letters whose HTML is equal but for fields, title and QR share a base.
A field is set by the engine itself, in the style and on the line of its place. Where it does not fit on that line,
needs a font the base has not or would change the height of its line, the letter is laid out in full like any other.
A base is used only after a letter in hand and one with fields as long as can be came out as their full layouts do.
"""

from __future__ import annotations

import gc
import hashlib
import html
import io
import re
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from markupsafe import Markup
from weasyprint import DEFAULT_OPTIONS, HTML, Document
from weasyprint.pdf import VARIANTS, generate_pdf

from documents.stamped_file import File, plain
from documents.stamped_lines import Places
from documents.stamped_texts import Unstampable as Unstampable

FIELD = re.compile(r'<span class="field">([^<]*)</span>')
TITLE = re.compile(r"<title>([^<]*)</title>")
QR = re.compile(r'(<div class="qr"[^>]*>)(.*?)(</div>)', re.DOTALL)
NEUTRAL = "中"
NEUTRAL_QR = '<svg viewBox="0 0 2 2"><path d="M0 0h1v1h-1z"/></svg>'
VARIANT = "pdf/a-3a"
OPTIONS = {**DEFAULT_OPTIONS, "pdf_variant": VARIANT, **VARIANTS[VARIANT][1]}
LAID_OUT_BEFORE = 2  # letters, as a base takes three layouts
MOST_BASES, SEEN = 6, 60
MOST_PAGES = 16  # of a letter with a base: making one takes three layouts
MOST_TRIES = 4  # at a base, with another letter each time

Kept = TypeVar("Kept")
LayOut = Callable[[str], tuple[HTML, Document]]


def field(value: object) -> Markup:
    """A fact that may be set into a letter laid out with another one in its place."""
    return Markup('<span class="field">{}</span>').format(value)


def drawn(document: Document) -> Any:
    """The PDF of a laid out letter, not yet written."""
    return generate_pdf(document, None, 1, **OPTIONS)


def written(pdf: Any) -> bytes:
    output = io.BytesIO()
    pdf.write(output, OPTIONS["pdf_version"], OPTIONS["pdf_identifier"], True)
    return output.getvalue()


@dataclass(frozen=True)
class Filling:
    """What letters of one base differ in: title of the file, QR as it is drawn, fields in their order."""

    title: str
    qr: str
    fields: tuple[str, ...]


def taken_apart(page: str) -> tuple[str, Filling]:
    """The HTML without what is filled in, and that."""
    title, qr = TITLE.search(page), QR.search(page)
    filling = Filling(
        html.unescape(title[1]) if title else "",
        qr[2] if qr else "",
        tuple(html.unescape(text) for text in FIELD.findall(page)),
    )
    return put_together(page, Filling("", "", ("",) * len(filling.fields))), filling


def put_together(page: str, filling: Filling) -> str:
    """The HTML with this filled in."""
    texts = iter(filling.fields)
    page = TITLE.sub(lambda _old: f"<title>{html.escape(filling.title)}</title>", page, count=1)
    page = QR.sub(lambda old: f"{old[1]}{filling.qr}{old[3]}", page, count=1)
    return FIELD.sub(lambda _old: str(field(next(texts))), page)


class Base:
    """A letter laid out with nothing in its fields but a sign each."""

    def __init__(self, skeleton: str, filling: Filling, lay_out: LayOut) -> None:
        self.skeleton, self.lay_out = skeleton, lay_out
        count = len(filling.fields)
        neutral = Filling(NEUTRAL, NEUTRAL_QR if filling.qr else "", (NEUTRAL,) * count)
        source, document = lay_out(put_together(skeleton, neutral))
        self.places = Places(source, document, count, with_qr=bool(filling.qr))
        self.places.seed()
        pdf = drawn(document)
        self.places.find(pdf)
        self.file = File(document, pdf, self.places.pages)

    def print(self, filling: Filling) -> bytes:
        """The letter. Unstampable when one of its fields cannot be set in its place."""
        pages, fonts = self.places.filled(filling.fields, filling.qr)
        return self.file.written(filling.title, pages, fonts)

    def prove(self, filling: Filling, pdf: Any) -> None:
        """Unstampable unless a letter with fields as long as can be, and this one where it fits, are as laid out."""
        fits = self.places.fit(filling.fields)
        if fits:
            self._compare(filling, pdf)
        texts = filling.fields if fits else (NEUTRAL,) * len(filling.fields)
        longest = replace(filling, fields=self.places.longest(texts))
        _source, document = self.lay_out(put_together(self.skeleton, longest))
        self._compare(longest, drawn(document))

    def _compare(self, filling: Filling, pdf: Any) -> None:
        pages, fonts = self.places.filled(filling.fields, filling.qr)
        if len(pdf.objects) != self.file.count:
            raise Unstampable("its full layout has other parts")
        expected = self.file.objects(filling.title, pages, fonts)
        if self.file.info(filling.title).data != pdf.info.data or expected != {
            number: plain(pdf.objects[number]) for number in expected
        }:
            raise Unstampable("it is not what its full layout is")


class Stamps:
    """The bases of a printing process, those in use lately. Whatever is wrong with one, the letter is laid out."""

    def __init__(self) -> None:
        self._bases: OrderedDict[bytes, Base] = OrderedDict()
        self._seen: OrderedDict[bytes, int] = OrderedDict()

    def print(self, page: str) -> bytes | None:
        """The letter set into its base; None when it is to be laid out."""
        skeleton, filling = taken_apart(page)
        key = _key(skeleton)
        if key not in self._bases:
            return None
        self._bases.move_to_end(key)
        try:
            return self._bases[key].print(filling)
        except Unstampable:
            return None
        except Exception:  # noqa: BLE001 no letter waits for what only saves time
            traceback.print_exc()
            del self._bases[key]
            return None

    def learn(self, page: str, pdf: Any, lay_out: LayOut) -> None:
        """A letter was laid out, to this unwritten PDF; the next like it may be stamped."""
        skeleton, filling = taken_apart(page)
        key = _key(skeleton)
        if not filling.fields or key in self._bases or pdf.pages["Count"] > MOST_PAGES:
            return
        seen = _put(self._seen, key, self._seen.pop(key, 0) + 1, SEEN)
        if not LAID_OUT_BEFORE <= seen < LAID_OUT_BEFORE + MOST_TRIES:
            return
        try:
            gc.collect()  # what earlier layouts left behind is not to lie beside these
            base = Base(skeleton, filling, lay_out)
            gc.collect()
            base.prove(filling, pdf)
        except Unstampable:
            return
        except Exception:  # noqa: BLE001 no letter waits for what only saves time
            traceback.print_exc()
            return
        _put(self._bases, key, base, MOST_BASES)


def _key(skeleton: str) -> bytes:
    return hashlib.sha256(skeleton.encode()).digest()


def _put(kept: OrderedDict[bytes, Kept], key: bytes, value: Kept, most: int) -> Kept:
    """The latest of so many at most."""
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
    return value
