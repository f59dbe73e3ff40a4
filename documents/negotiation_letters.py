"""What an institution is told when no agreement comes about."""

from __future__ import annotations

from dataclasses import dataclass

from documents.letter import Letter


@dataclass(frozen=True, kw_only=True)
class Unsettled(Letter):
    """谈判不成. `application_number` is empty when an agreement was to be renewed."""

    institution: str
    agreement_number: str
    application_number: str = ""
    reason: str
    basis: str
