"""Reads a file signed outside, in a process of its own. Started by signed_outside.py.

Called with the length of our file and the name of the field; the signed file on standard input, which begins with
ours. One JSON object on standard output: the certificate of the signature, or why the file is not taken.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 20


class Unsound(Exception):
    """Its text is the sentence."""


def main(size: int, field: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    theirs = sys.stdin.buffer.read()
    try:
        answer = {"certificate": certificate(theirs[:size], theirs, field)}
    except Unsound as unsound:
        answer = {"why": str(unsound)}
    sys.stdout.write(json.dumps(answer))


def certificate(ours: bytes, theirs: bytes, field: str = "") -> str:
    """As `signed_outside.certificate_in` says; Unsound with the sentence."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 under the limits
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415 as above

    from documents import seal_keys  # noqa: PLC0415 as above

    before, after = PdfFileReader(BytesIO(ours)), PdfFileReader(BytesIO(theirs))
    known = len(before.embedded_signatures)
    added = after.embedded_signatures[known:]
    if len(added) != 1:
        raise Unsound(f"文件里新增了 {len(added)} 个签名，应当只有您单位的一个。")
    try:
        signer = added[0].signer_cert
    except SignatureValidationError as error:
        raise Unsound("签名通不过查验：签名里的证书不完整。") from error
    if seal_keys.is_sm2(signer):
        raise Unsound(seal_keys.SM2)
    if field and added[0].field_name != field:
        raise Unsound("签名没有加在协议留给您单位的签章位置。")
    if field and _laid_out(before) != _laid_out(after):
        raise Unsound("除签名以外，文件的页面、批注或者签章位置有改动。")
    return _held(theirs, known)


def _held(theirs: bytes, known: int) -> str:
    """Every signature of the file holds, and the last one covers it to the end."""
    from asn1crypto import pem  # noqa: PLC0415 as above
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 as above
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 as above

    from documents import signatures  # noqa: PLC0415 as above

    last = PdfFileReader(BytesIO(theirs)).embedded_signatures[-1]
    if last.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Unsound("签名没有覆盖整个文件，签名以后文件又有改动。")
    found = signatures.read(theirs, [last.signer_cert])
    if len(found) != known + 1 or not found[-1].valid:
        raise Unsound(
            "签名通不过查验：签名不完整，或者算法不能用于文书签名（仅接受 RSA 和 ECDSA）。"
        )
    if not all(one.intact and one.whole for one in found):
        raise Unsound("除签名以外，文件的内容有改动，经办机构的签名因此失效。")
    return pem.armor("CERTIFICATE", last.signer_cert.dump()).decode("ascii")


def _laid_out(reader: Any) -> tuple[Any, ...]:
    """Pages with their annotations, and the fields of the form with their places: what a signature leaves alone."""
    pages = range(int(reader.root["/Pages"]["/Count"]))
    noted = [_listed(reader.find_page_for_modification(n)[0].get_object()) for n in pages]
    form = [one.get_object() for one in reader.root["/AcroForm"]["/Fields"]]
    placed = [(str(one["/T"]), [float(side) for side in one["/Rect"]]) for one in form]
    return noted, placed


def _listed(page: Any) -> list[str]:
    """Which annotations a page has, not what they say: an own signature is one of them."""
    found = page.get("/Annots", ())
    kept = (found.raw_get(number) for number in range(len(found)))
    return [f"{one.idnum} {one.generation}" if hasattr(one, "idnum") else str(one) for one in kept]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
