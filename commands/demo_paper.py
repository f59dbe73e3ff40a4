"""The paper that everybody in the demo county hands in."""

from __future__ import annotations

from actions import materials


def tiny_pdf() -> bytes:
    """The smallest honest PDF: one empty page. Stored once, handed in everywhere."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + head + rows + tail % (len(parts) + 1, len(body))


PAPER = materials.Upload("示例材料.pdf", tiny_pdf(), "application/pdf")
