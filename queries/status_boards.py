"""医保支付资格公示: the people of an institution and whether the fund pays for what they do. A whitelist.

Patients must be able to see the status (S-17), so names are whole; no code, number, reason, points or day has a field.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Practitioner, Registration
from queries import qualification_measures, registrations
from rules.qualification import Standing, Status

GRAVE = [Status.REVOKED, Status.SUSPENDED, Status.NORMAL]


@dataclass(frozen=True)
class Line:
    name: str
    role_label: str
    department: str
    status: Status
    light: str


def lines(institution_id: int, *, on: date, name: str = "") -> list[Line]:
    """Everybody registered there today, and whoever was revoked there while the bar runs: the graver status first."""
    rows = registrations.of_institution(institution_id, on=on) + _gone(institution_id, on)
    stand = qualification_measures.standings({row.practitioner_id for row in rows}, on)
    said = {
        (row.practitioner_id, row.acts_as): _line(row, stand[row.practitioner_id])
        for row in rows
        if row.to_on is None
        or row.to_on >= on
        or _revoked_here(row, stand[row.practitioner_id], on)
    }
    wanted = name.replace("\x00", "").strip()
    shown = [line for line in said.values() if wanted in line.name]
    return sorted(shown, key=lambda one: (GRAVE.index(one.status), _place(one), one.name))


def counts(shown: list[Line]) -> list[tuple[Status, int]]:
    """How many have which status, those that occur."""
    found = Counter(line.status for line in shown)
    return [(status, found[status]) for status in reversed(GRAVE) if found[status]]


def _gone(institution_id: int, on: date) -> list[Registration]:
    query = select(Registration).join(Practitioner)
    query = query.where(Registration.institution_id == institution_id, Registration.to_on < on)
    return list(session.scalars(query))


def _revoked_here(row: Registration, standing: Standing, on: date) -> bool:
    """A revocation ends every registration on its own day; that is how it shows where somebody was then."""
    barred = standing.status is Status.REVOKED and standing.until and standing.until >= on
    return bool(barred) and row.to_on == standing.since


def _line(row: Registration, standing: Standing) -> Line:
    person, role = row.practitioner, row.acts_as
    return Line(person.name, role.label, row.department, standing.status, standing.light)


def _place(line: Line) -> tuple[str, str]:
    return line.department, line.role_label
