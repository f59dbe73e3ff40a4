"""The ledger as a page shows it: each line with its paper; of what others gave, an institution sees only that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Deduction, PointsEntry, Restoration
from queries import points_ledger
from scoring.points_ledger import EntryKind

ELSEWHERE = "其他定点医药机构"


@dataclass(frozen=True)
class Shown:
    """`endpoint` and `key` lead to the paper, on pages of the agency."""

    booked_on: date
    kind: EntryKind
    number: str
    place: str
    text: str
    points: int
    year: int
    total_after: int
    endpoint: str
    key: int


def of(practitioner_id: int, *, seen_by: int | None = None) -> list[Shown]:
    """Every line, newest first. `seen_by`: the institution that looks; what others gave is shown without its cause."""
    deductions = points_ledger.deductions_of(practitioner_id)
    query = select(Restoration).where(Restoration.practitioner_id == practitioner_id)
    restorations = {row.id: row for row in session.scalars(query)}
    return [
        _shown(entry, deductions, restorations, seen_by)
        for entry in points_ledger.booked(practitioner_id)
    ]


def _shown(
    entry: PointsEntry,
    deductions: dict[int, Deduction],
    restorations: dict[int, Restoration],
    seen_by: int | None,
) -> Shown:
    source: Deduction | Restoration
    if entry.deduction_id is not None:
        source = deductions[entry.deduction_id]
        text, endpoint = source.item_text, "deductions.show"
    else:
        source = restorations[entry.restoration_id or 0]
        text, endpoint = source.activity_text, "restorations.show"
    hidden = seen_by is not None and source.institution_id != seen_by
    return Shown(
        booked_on=entry.booked_on,
        kind=entry.kind,
        number="—" if hidden else source.number,
        place=ELSEWHERE if hidden else source.institution.name,
        text="—" if hidden else text,
        points=entry.points,
        year=entry.year,
        total_after=entry.total_after,
        endpoint=endpoint,
        key=source.id,
    )
