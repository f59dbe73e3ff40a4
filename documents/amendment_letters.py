"""The letters on a change: confirmed, or not granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.letter import Letter


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    label: str
    old: str
    new: str
    approval: str
    approved_on: date
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class Amendment(Letter):
    """`late`: the facts that were filed after their limit. `agreement_number`: the agreement that goes on as signed."""

    institution: str
    amendment_number: str
    filed_on: date
    rows: tuple[ChangeRow, ...]
    basis: str
    agreement_number: str = ""
    late: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AmendmentRefusal(Letter):
    institution: str
    amendment_number: str
    filed_on: date
    labels: tuple[str, ...]
    reason: str
    basis: str
