"""What each line of a list of people would do: register, change, nothing, or go back with the reason.

Read in a few questions for the whole file; the rule is the one the counter asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from actions.people_rows import Line
from database import session
from models import Institution, Practitioner, QualificationMeasure, Registration
from models.sealed import blind_index
from queries import commitments, practitioners, registrations
from regulations import Law
from rules import registrations as rule
from rules.persons import PractitionerRole
from rules.qualification import Standing, Status
from rules.registrations import Filed, Known, Person, Place

CHUNK = 500
PRINCIPAL = PractitionerRole.PHARMACY_PRINCIPAL
CELLS = {
    "身份证": "id_number",
    "编码": "code",
    "执业证书": "licence_valid_to",
    "承诺书": "committed_on",
    "日期": "from_on",
}
FILE_FIELDS = ("licence_number", "licence_valid_to", "licence_scope", "title")


@dataclass
class Plan:
    created: list[Line] = field(default_factory=list)
    changed: list[tuple[Line, int]] = field(default_factory=list)  # with the id of the registration
    rejected: list[Line] = field(default_factory=list)
    unchanged: int = 0
    repeated: int = 0


def plan(lines: Sequence[Line], region: str, *, on: date, law: Law) -> Plan:
    """Decide on every line. Changes nothing."""
    made, seen = Plan(), _Seen()
    fresh = [line for line in lines if seen.takes(line, made)]
    for start in range(0, len(fresh), CHUNK):
        chunk = fresh[start : start + CHUNK]
        known = _Known(chunk, region)
        for line in chunk:
            _place(line, known, made, on, law)
    return made


class _Seen:
    """What the file itself says twice: the same person at the same place, one code for two, two principals."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str, date | None], Line] = {}
        self.owners: dict[str, str] = {}
        self.principals: dict[str, str] = {}

    def takes(self, line: Line, made: Plan) -> bool:
        person = line.person
        if person is None:
            made.rejected.append(line)
            return False
        earlier = self.lines.setdefault((line.place_code, person.id_number, line.from_on), line)
        if earlier is not line and (earlier.person, earlier.to_on) == (person, line.to_on):
            line.warnings.append(f"与第{earlier.number}行完全重复，只导入一次。")
            made.unchanged += 1
            made.repeated += 1
            return False
        if earlier is not line:
            line.reject("id_number", f"与第{earlier.number}行是同一人在同一机构，但内容不同。")
        elif self.owners.setdefault(person.code, person.id_number) != person.id_number:
            line.reject("code", "同一人员编码在文件中属于两个人。")
        elif self._second_principal(line, person):
            line.reject("role", "文件中同一药店有两名主要负责人。")
        if line.faults:
            made.rejected.append(line)
        return not line.faults

    def _second_principal(self, line: Line, person: Person) -> bool:
        if person.role is not PRINCIPAL or line.to_on is not None:
            return False
        first = self.principals.setdefault(line.place_code, person.id_number)
        return first != person.id_number


def _place(line: Line, known: _Known, made: Plan, on: date, law: Law) -> None:
    person, institution = _certain(line.person), known.places.get(line.place_code)
    if institution is None:
        line.reject("institution_code", "没有这个编码的机构，或者不属于本统筹区。")
    elif (there := known.registration(line, institution.id)) is not None:
        _compare(line, there, known, made, on)
    elif fault := _period_fault(line, on):
        line.reject("to_on", fault)
    else:
        first = line.from_on or on
        against = rule.objection(
            person, known.place(institution, person, first), known.of(person, institution.id, first),
            first=first, on=on, law=law,
        )  # fmt: skip
        if against is not None:
            line.reject(_column(against.why), against.why)
        else:
            made.created.append(line)
    if warning := rule.code_warning(person.code, known.region, on):
        line.warnings.append(warning)
    if line.faults:
        made.rejected.append(line)


def _compare(line: Line, there: Any, known: _Known, made: Plan, on: date) -> None:
    """Somebody registered there: another name or code is sent back; leaving, department, certificate are taken."""
    person, kept = _certain(line.person), known.files[known.index(_certain(line.person))]
    if (kept.name, kept.code) != (person.name, person.code):
        line.reject("name", "该证件号码已有档案，姓名或者编码与所填不一致，不覆盖。")
        return
    if there.to_on is None and (fault := _period_fault(line, on, there.from_on)):
        line.reject("to_on", fault)
        return
    if line.from_on and line.from_on != there.from_on:
        line.warnings.append(f"已登记的起始日期为 {there.from_on}，没有改动。")
    if _differs(line, there, kept, signed=there.id in known.signed):
        made.changed.append((line, there.id))
    else:
        made.unchanged += 1


def _differs(line: Line, there: Any, kept: Any, *, signed: bool) -> bool:
    person = _certain(line.person)
    if there.to_on is not None:
        return False
    given = [getattr(person, name) for name in FILE_FIELDS]
    stored = [getattr(kept, name) for name in FILE_FIELDS]
    newer = [bool(new) and new != old for new, old in zip(given, stored, strict=True)]
    later = (
        kept.licence_valid_to is None
        or (person.licence_valid_to or date.min) > kept.licence_valid_to
    )
    newer[FILE_FIELDS.index("licence_valid_to")] &= later
    moved = bool(person.department) and person.department != there.department
    committed = person.committed_on is not None and not signed
    return any(newer) or moved or committed or line.to_on is not None


def _period_fault(line: Line, on: date, first: date | None = None) -> str:
    if line.to_on is None:
        return ""
    begun = first or line.from_on or on
    return "" if begun <= line.to_on <= on else "注销日期应在登记之后、今天之前（含当日）。"


def _column(why: str) -> str:
    """The cell to be marked for a refusal of the rule."""
    words = {
        "身份证": "id_number",
        "编码": "code",
        "执业证书": "licence_valid_to",
        "承诺书": "committed_on",
        "日期": "from_on",
    }
    return next((column for word, column in words.items() if word in why), "name")


def _certain(person: Person | None) -> Person:
    """Lines that reach the plan have a person."""
    if person is None:
        raise ValueError("a line without a person is rejected before")
    return person


class _Known:
    """The places, files and registrations that the lines of one chunk could be about."""

    def __init__(self, chunk: list[Line], region: str) -> None:
        self.region = region
        people = [_certain(line.person) for line in chunk]
        self._indexes = {person.id_number: blind_index(person.id_number) for person in people}
        self.places = {
            row.code: row
            for row in _in(Institution, Institution.code, {line.place_code for line in chunk})
            if row.pooling_region == region
        }
        self.files = {
            row.id_index: row
            for row in _in(Practitioner, Practitioner.id_index, set(self._indexes.values()))
        }
        coded = _in(Practitioner, Practitioner.code, {person.code for person in people})
        self._owners = {row.code: row.id_index for row in coded}
        ids = {row.id for row in self.files.values()}
        self._periods: dict[tuple[int, int], list[Registration]] = defaultdict(list)
        for row in _in(Registration, Registration.practitioner_id, ids):
            self._periods[row.practitioner_id, row.institution_id].append(row)
        measure = QualificationMeasure.practitioner_id
        self.signed = commitments.last_signed(
            [row.id for rows in self._periods.values() for row in rows]
        )
        self._measured = {row.practitioner_id for row in _in(QualificationMeasure, measure, ids)}

    def index(self, person: Person) -> str:
        return self._indexes[person.id_number]

    def registration(self, line: Line, institution_id: int) -> Registration | None:
        """The one this line is about: still running, or with the same first day."""
        kept = self.files.get(self.index(_certain(line.person)))
        rows = self._periods[kept.id, institution_id] if kept else []
        running = next((row for row in rows if row.to_on is None), None)
        return running or next((row for row in rows if row.from_on == line.from_on), None)

    def of(self, person: Person, institution_id: int, first: date) -> Known:
        kept = self.files.get(self.index(person))
        owner = self._owners.get(person.code)
        if kept is None:
            return Known(code_of_another=owner is not None)
        return Known(
            filed=Filed(kept.code, kept.name, kept.licence_valid_to),
            code_of_another=owner not in (None, kept.id_index),
            standing=self._standing(kept, first),
            periods=[(row.from_on, row.to_on) for row in self._periods[kept.id, institution_id]],
        )

    def place(self, institution: Institution, person: Person, first: date) -> Place:
        return registrations.place(institution, person, first)

    def _standing(self, kept: Practitioner, first: date) -> Standing:
        measured = kept.id in self._measured
        return practitioners.status(kept, first) if measured else Standing(Status.NORMAL)


def _in(model: Any, column: InstrumentedAttribute[Any], values: set[Any]) -> Iterator[Any]:
    return session.scalars(select(model).where(column.in_(values))) if values else iter(())
