"""送达回证: the form that proves service, printed to be signed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from documents.letter import Letter
from documents.letter_kind import LetterKind


@dataclass(frozen=True, kw_only=True)
class ServiceReceipt(Letter):
    """It bears the number and the code of the letter that is served, and no number of its own."""

    addressee: str = ""
    institution: str
    served_title: str
    served_number: str
    address: str
    basis: str


KINDS = (
    LetterKind(
        "service_receipt",
        "D27",
        "送达回证",
        "证",
        ServiceReceipt,
        "《中华人民共和国民事诉讼法》第八十七条",
    ),
)
