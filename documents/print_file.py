"""Many letters as one file for the printer: as each stands, seals and all, and each beginning on a front side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

A4 = (0, 0, 595.28, 841.89)
KEPT = ("/MediaBox", "/Resources", "/Contents")
Name = generic.pdf_name


def merged(letters: Iterable[bytes]) -> bytes:
    """The pages of all letters one after the other; after a letter with an odd number of them comes an empty one.

    A copy for the printer: what a signature shows is drawn into its page, the signatures themselves stay behind.
    """
    writer = PdfFileWriter()
    count = 0
    for letter in letters:
        if count % 2:
            writer.insert_page(_blank(writer))
            count += 1
        for page in _copied(PdfFileReader(BytesIO(letter)), writer):
            writer.insert_page(page)
            count += 1
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _blank(writer: PdfFileWriter) -> PageObject:
    return PageObject(writer.add_object(generic.StreamObject(stream_data=b"")), A4)


def _copied(reader: PdfFileReader, writer: PdfFileWriter) -> Iterator[generic.DictionaryObject]:
    """The pages in the other file. Imported together, so that they go on sharing their fonts."""
    pages = list(_pages(reader.root["/Pages"]))
    shown = [_shown(page) for page in pages]
    bare = generic.ArrayObject(_bare(page, drawn) for page, drawn in zip(pages, shown, strict=True))
    bare.container_ref = pages[0].get_container_ref()
    imported: Any = writer.import_object(bare)
    for page, drawn in zip(imported, shown, strict=True):
        if drawn:
            _draw(page, [place for _appearance, place in drawn], writer)
        yield page


def _pages(node: Any) -> Iterator[generic.DictionaryObject]:
    if node["/Type"] == "/Page":
        yield node
        return
    for number in range(len(node["/Kids"])):
        yield from _pages(node["/Kids"][number])


def _shown(page: generic.DictionaryObject) -> list[tuple[Any, tuple[float, float]]]:
    """Each signature on the page: what it shows, and where its lower left corner is."""
    found = []
    for one in page.get("/Annots", ()):
        field = one.get_object() if isinstance(one, generic.IndirectObject) else one
        looks = field.get("/AP")
        if field.get("/Subtype") == "/Widget" and looks and float(field["/Rect"][2]) > 0:
            place = (float(field["/Rect"][0]), float(field["/Rect"][1]))
            found.append((looks.raw_get("/N"), place))
    return found


def _bare(page: generic.DictionaryObject, drawn: list[Any]) -> generic.DictionaryObject:
    """What a printer needs of a page, and among its resources what its signatures show."""
    kept = generic.DictionaryObject({Name("/Type"): Name("/Page")})
    for name in KEPT:
        kept[Name(name)] = page.raw_get(name)
    if drawn:
        resources = generic.DictionaryObject(page["/Resources"])
        pictures = generic.DictionaryObject(resources.get("/XObject", {}))
        for number, (appearance, _place) in enumerate(drawn):
            pictures[Name(f"/Signature{number}")] = appearance
        resources[Name("/XObject")] = pictures
        kept[Name("/Resources")] = resources
    return kept


def _draw(
    page: generic.DictionaryObject, places: list[tuple[float, float]], writer: PdfFileWriter
) -> None:
    words = "".join(
        f" q 1 0 0 1 {left} {bottom} cm /Signature{number} Do Q"
        for number, (left, bottom) in enumerate(places)
    )
    streams = [generic.StreamObject(stream_data=data) for data in (b"q ", f" Q{words}".encode())]
    before, after = (writer.add_object(stream) for stream in streams)
    own = page["/Contents"]
    several = isinstance(own, generic.ArrayObject)
    inside = [own.raw_get(n) for n in range(len(own))] if several else [page.raw_get("/Contents")]
    page[Name("/Contents")] = generic.ArrayObject([before, *inside, after])
