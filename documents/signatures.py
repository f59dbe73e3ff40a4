"""Signatures of a PDF, checked. Nothing is fetched from anywhere; whom to trust is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import validation
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from documents.own_thread import in_own_thread
from documents.seal_keys import name_of

UNTOUCHED = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}


@dataclass(frozen=True)
class Signature:
    """What a signature in a file says and whether it holds.

    `intact`: not a byte it covers was changed. `whole`: only later signatures were added after it. `trusted`: its
    certificate leads to one of the roots. `stamped_at`: the time a time stamping authority vouches for.
    """

    field: str
    signer: str
    certificate: str
    signed_at: datetime | None
    stamped_at: datetime | None
    intact: bool
    whole: bool
    trusted: bool

    @property
    def valid(self) -> bool:
        return self.intact and self.whole and self.trusted


def read(pdf: bytes, roots: Iterable[x509.Certificate] = ()) -> list[Signature]:
    """Every signature of a file, in the order of signing. Nothing is fetched from anywhere.

    Raises ValueError for what is no readable PDF.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf))
        found = list(reader.embedded_regular_signatures)
    except (PdfReadError, ValueError) as error:
        raise ValueError("not a readable PDF") from error
    trust = ValidationContext(trust_roots=list(roots), allow_fetching=False)
    return [_checked(one, trust) for one in found]


def _checked(one: EmbeddedPdfSignature, trust: ValidationContext) -> Signature:
    try:
        signer = one.signer_cert
    except (SignatureValidationError, ValueError):  # not even whose it is can be read
        return Signature(
            one.field_name, "", "", None, None, intact=False, whole=False, trusted=False
        )
    try:
        status = in_own_thread(
            validation.validate_pdf_signature, one, trust, ts_validation_context=trust
        )
    except (SignatureValidationError, ValueError):
        status = None
    stamp = status.timestamp_validity if status else None
    return Signature(
        field=one.field_name,
        signer=name_of(signer.subject),
        certificate=format(signer.serial_number, "X"),
        signed_at=one.self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp and stamp.valid else None,
        intact=bool(status and status.intact and status.valid),
        whole=bool(status and status.modification_level in UNTOUCHED),
        trusted=bool(status and status.trusted),
    )


def plain(one: Signature) -> dict[str, Any]:
    """For a page, a command, an interface."""
    return {
        "signer": one.signer,
        "certificate": one.certificate,
        "signed_at": one.signed_at,
        "stamped_at": one.stamped_at,
        "valid": one.valid,
    }
