"""Signatures put into a PDF: places found, fields made, seals put. Asks no clock, no database.

Every field is made before the first signature: one that is added after a signature would count as a change of what
was signed. A later signature is appended, so that the file as the first signer left it stays inside, byte for byte.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from pkcs11.exceptions import PKCS11Error
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle

from documents.own_thread import in_own_thread
from documents.seal_keys import DIGEST, NoKey

MILLIMETRE = 72 / 25.4
SEAL = 42 * MILLIMETRE  # points, the whole seal
PLACE = "seal-"  # a letter marks the place of a seal with this and the name of the field
BESIDE_CERTIFICATES = 2048  # bytes of a signature; that of a key of 8192 bits takes half of them
EDGE_HEIGHT = 0.45  # of the page, from below: where the seal across the edges lies


@dataclass(frozen=True)
class Place:
    """Where a seal goes: page from 0, left and lower edge in points."""

    field: str
    page: int
    left: float
    bottom: float


def places(reader: PdfFileReader) -> dict[str, Place]:
    """The places that the letter marked, by field."""
    found = {}
    for name, destination in _destinations(reader.root):
        if name.startswith(PLACE):
            page, left, top = _page_number(reader, destination), destination[2], destination[3]
            field = name.removeprefix(PLACE)
            found[field] = Place(field, page, float(left), float(top) - SEAL)
    return found


def _destinations(root: Any) -> Iterable[tuple[str, Any]]:
    names = root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    for number in range(0, len(names), 2):
        yield str(names[number]), names[number + 1]


def _page_number(reader: PdfFileReader, destination: Any) -> int:
    wanted = destination.raw_get(0).idnum
    pages = range(int(reader.root["/Pages"]["/Count"]))
    return next(
        number for number in pages if reader.find_page_for_modification(number)[0].idnum == wanted
    )


def sign(
    pdf: bytes,
    field: str,
    key: signers.Signer,
    *,
    seal: bytes,
    making: Sequence[str] = (),
    reason: str = "",
    timestamper: TimeStamper | None = None,
) -> bytes:
    """The file with one signature more, PAdES, its seal (a PDF of 42 mm) drawn in the field.

    The first signature makes the fields of all signers, `making`, and puts its seal across the edges of the pages, if
    there are several: nothing may be added after it. KeyError when the letter marks no place for one of them.
    Its time is the machine's, and with a `timestamper` that of the authority as well. NoKey when either fails.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    drawing = _drawn_in(writer, seal)
    if making:
        _across(writer, drawing)
        _fields(writer, making)
    told = signers.PdfSignatureMetadata(
        field_name=field,
        reason=reason or None,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm=DIGEST,
    )
    look = StaticStampStyle(border_width=0, background=_Drawing(drawing), background_layout=WHOLE)
    signer = signers.PdfSigner(told, key, timestamper=timestamper, stamp_style=look)
    room = None if timestamper else _room(key)
    return _signed(writer, signer, existing_fields_only=True, bytes_reserved=room)


_reading = threading.Lock()


def _drawn_in(writer: IncrementalPdfFileWriter, seal: bytes) -> generic.IndirectObject:
    """The seal as a drawing in the file, once for all places where it is shown."""
    with _reading:
        return writer.import_page_as_xobject(_seal(seal))


@lru_cache(maxsize=2)
def _seal(pdf: bytes) -> PdfFileReader:
    """Kept, as a batch of letters bears one seal."""
    return PdfFileReader(BytesIO(pdf))


def _fields(writer: IncrementalPdfFileWriter, whose: Sequence[str]) -> None:
    """An empty field at each signer's place."""
    known = places(writer.prev)
    for field in whose:
        place = known[field]
        right, top = place.left + SEAL, place.bottom + SEAL
        box = tuple(round(value) for value in (place.left, place.bottom, right, top))
        spec = fields.SigFieldSpec(field, on_page=place.page, box=box)  # type: ignore[arg-type]  # a tuple of any length to mypy, of four here
        fields.append_signature_field(writer, spec)


def _across(writer: IncrementalPdfFileWriter, drawing: generic.IndirectObject) -> None:
    """骑缝章: each page carries its slice of the seal at its right edge, so that together they are whole."""
    pages = int(writer.root["/Pages"]["/Count"])
    if pages == 1:
        return
    width = SEAL / pages
    for number in range(pages):
        page = writer.find_page_for_modification(number)[0].get_object()
        _left, _bottom, right, height = (float(side) for side in page["/MediaBox"])
        drawn = (
            f"Q /Artifact BMC q 1 0 0 1 {right - width:.3f} {height * EDGE_HEIGHT:.3f} cm "
            f"0 0 {width:.3f} {SEAL:.3f} re W n 1 0 0 1 {-number * width:.3f} 0 cm /EdgeSeal{number} Do Q EMC"
        )
        stream = writer.add_object(generic.StreamObject(stream_data=drawn.encode()))
        named = generic.DictionaryObject({generic.pdf_name(f"/EdgeSeal{number}"): drawing})
        used = generic.DictionaryObject({generic.pdf_name("/XObject"): named})
        kept = writer.add_object(generic.StreamObject(stream_data=b"q"))
        writer.add_stream_to_page(number, kept, prepend=True)  # what the page turns is turned back
        writer.add_stream_to_page(number, stream, used)


def _room(key: signers.Signer) -> int:
    """How many characters a signature without time stamp may take, so that none is made only to measure it."""
    certificates = [key.signing_cert, *key.cert_registry]
    return 2 * (BESIDE_CERTIFICATES + sum(len(one.dump()) for one in certificates if one))


def _signed(writer: IncrementalPdfFileWriter, signer: signers.PdfSigner, **how: Any) -> bytes:
    try:
        signed = in_own_thread(signer.sign_pdf, writer, **how)
        return bytes(signed.getbuffer())
    except (SigningError, PKCS11Error, TimestampRequestError) as error:
        raise NoKey("签名没有完成：密码设备或者时间戳服务没有应答。") from error


def trial(pdf: bytes, key: signers.Signer) -> bytes:
    """Any PDF with an invisible signature, to see whether the key signs at all. NoKey when it does not."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    told = signers.PdfSignatureMetadata(
        field_name="trial", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm=DIGEST
    )
    return _signed(writer, signers.PdfSigner(told, key))


def timestamping(url: str) -> TimeStamper | None:
    """The time stamping authority at this address (RFC 3161), if there is one."""
    return HTTPTimeStamper(url) if url else None


class _Drawing(PdfContent):
    """A drawing that is in the file already."""

    def __init__(self, drawing: generic.IndirectObject) -> None:
        super().__init__(box=layout.BoxConstraints(SEAL, SEAL))
        self.drawing = drawing

    def render(self) -> bytes:
        self.resources.xobject["/Seal"] = self.drawing
        return b"/Seal Do"


WHOLE = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    margins=layout.Margins.uniform(0),
)
