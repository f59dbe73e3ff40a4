"""Signatures put into a PDF: places found, fields made, seals put. Asks no clock, no database.

Every field is made before the first signature: one that is added after a signature would count as a change of what
was signed. A later signature is appended, so that the file as the first signer left it stays inside, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from documents.seal_keys import NoKey

MILLIMETRE = 72 / 25.4
SEAL = 42 * MILLIMETRE  # points, the whole seal
PLACE = "seal-"  # a letter marks the place of a seal with this and the name of the field
EDGE_HEIGHT = 0.45  # of the page, from below: where the seal across the edges lies


@dataclass(frozen=True)
class Place:
    """Where a seal goes: page from 0, left and lower edge in points."""

    field: str
    page: int
    left: float
    bottom: float


def places(pdf: bytes) -> dict[str, Place]:
    """The places that the letter marked, by field."""
    reader = PdfFileReader(BytesIO(pdf))
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


def prepare(pdf: bytes, whose: Sequence[str], *, edge: bytes | None = None) -> bytes:
    """The file with an empty field at each signer's place, and across the edges of its pages the seal `edge` (a PDF).

    Raises KeyError when the letter marks no place for one of them. A single page gets no seal across its edge.
    """
    known = places(pdf)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    pages = int(writer.root["/Pages"]["/Count"])
    if edge is not None and pages > 1:
        _across(writer, edge, pages)
    for field in whose:
        place = known[field]
        right, top = place.left + SEAL, place.bottom + SEAL
        box = tuple(round(value) for value in (place.left, place.bottom, right, top))
        spec = fields.SigFieldSpec(field, on_page=place.page, box=box)  # type: ignore[arg-type]  # a tuple of any length to mypy, of four here
        fields.append_signature_field(writer, spec)
    return _written(writer)


def _across(writer: IncrementalPdfFileWriter, seal: bytes, pages: int) -> None:
    """骑缝章: each page carries its slice of the seal at its right edge, so that together they are whole."""
    drawing = writer.import_page_as_xobject(PdfFileReader(BytesIO(seal)))
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


def sign(
    pdf: bytes,
    field: str,
    key: signers.Signer,
    *,
    seal: bytes,
    reason: str = "",
    timestamper: TimeStamper | None = None,
) -> bytes:
    """The file with one signature more, PAdES, its seal (a PDF of 42 mm) drawn in the field that `prepare` made.

    Its time is the machine's, and with a `timestamper` that of the authority as well. NoKey when either fails.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    told = signers.PdfSignatureMetadata(
        field_name=field,
        reason=reason or None,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    look = StaticStampStyle(border_width=0, background=_Drawing(seal), background_layout=WHOLE)
    signer = signers.PdfSigner(told, key, timestamper=timestamper, stamp_style=look)
    return _signed(writer, signer, existing_fields_only=True)


def _signed(
    writer: IncrementalPdfFileWriter,
    signer: signers.PdfSigner,
    *,
    existing_fields_only: bool = False,
) -> bytes:
    try:
        signed = in_own_thread(signer.sign_pdf, writer, existing_fields_only=existing_fields_only)
        return bytes(signed.getbuffer())
    except (SigningError, PKCS11Error, TimestampRequestError) as error:
        raise NoKey("签名没有完成：密码设备或者时间戳服务没有应答。") from error


def trial(pdf: bytes, key: signers.Signer) -> bytes:
    """Any PDF with an invisible signature, to see whether the key signs at all. NoKey when it does not."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    told = signers.PdfSignatureMetadata(
        field_name="trial", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    return _signed(writer, signers.PdfSigner(told, key))


def timestamping(url: str) -> TimeStamper | None:
    """The time stamping authority at this address (RFC 3161), if there is one."""
    return HTTPTimeStamper(url) if url else None


class _Drawing(PdfContent):
    """The one page of a PDF as a drawing; like the library's own, but from memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(box=layout.BoxConstraints(SEAL, SEAL))
        self.pdf = pdf

    def render(self) -> bytes:
        drawing = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self.pdf)))
        self.resources.xobject["/Seal"] = drawing
        return b"/Seal Do"


WHOLE = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    margins=layout.Margins.uniform(0),
)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
