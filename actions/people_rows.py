"""One row of a list of people becomes one line: who, where, since when, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.import_columns import Columns
from actions.import_rows import Entry, day
from actions.sheets import Sheet
from models import Practitioner, Registration
from regulations import Law
from rules import codes, names, registrations
from rules.persons import PractitionerRole
from rules.registrations import Person

RESIDENT_ID = {"", "居民身份证", "身份证", "居民身份证（户口簿）", "01", "1"}
DAYS = {
    "licence_valid_to": "执业证书有效期",
    "from_on": "起始日期",
    "to_on": "注销日期",
    "committed_on": "承诺书签署日期",
}
TEXTS = {
    "name": Practitioner.name,
    "licence_number": Practitioner.licence_number,
    "licence_scope": Practitioner.licence_scope,
    "title": Practitioner.title,
    "department": Registration.department,
}


@dataclass(slots=True)
class Line(Entry):
    """`person` is empty as long as the row cannot be understood. `from_on` empty: the day of the import."""

    person: Person | None = None
    place_code: str = ""
    from_on: date | None = None
    to_on: date | None = None


def lines(sheet: Sheet, columns: Columns, law: Law) -> Iterator[Line]:
    """Every row below the heading that is not blank."""
    first = columns.heading_row + 1
    for number, cells in enumerate(sheet.grid[first:], start=first + 1):
        if any(cell.strip() for cell in cells):
            yield _line(number, cells, columns, law)


def _line(number: int, cells: list[str], columns: Columns, law: Law) -> Line:
    line = Line(number, cells)
    if any(cell.strip() for cell in cells[len(columns.headings) :]):
        line.reject("", "单元格多于表头的列，可能错列。")
        return line
    raw = {name: names.clean(cells[i]) for name, i in columns.fields.items() if i < len(cells)}
    for name, text in columns.defaults.items():
        raw[name] = raw.get(name) or text
    line.values["name"] = names.clean_name(raw.get("name", ""))
    _lengths(line, raw)
    found = {name: _day(line, name, raw.get(name, "")) for name in DAYS}
    line.place_code = codes.tidy(raw.get("institution_code", ""))
    line.from_on, line.to_on = found["from_on"], found["to_on"]
    role = _role(line, raw, law)
    _identity(line, raw)
    if role is not None and not line.faults:
        line.person = _person(raw, role, found)
    return line


def _person(raw: dict[str, str], role: PractitionerRole, found: dict[str, date | None]) -> Person:
    texts = {
        name: raw.get(name, "")
        for name in ("code", "name", "id_number", "licence_number", "licence_scope", "title", "department")
    }  # fmt: skip
    return registrations.tidy(
        Person(
            role=role, licence_valid_to=found["licence_valid_to"], committed_on=found["committed_on"], **texts
        )
    )  # fmt: skip


def _lengths(line: Line, raw: dict[str, str]) -> None:
    for name, column in TEXTS.items():
        longest = getattr(column.type, "length", 0)
        if len(raw.get(name, "")) > longest:
            line.reject(name, f"超过{longest}字。")


def _identity(line: Line, raw: dict[str, str]) -> None:
    if not line.place_code:
        line.reject("institution_code", "机构编码为空。")
    if not raw.get("code"):
        line.reject("code", "人员编码为空。")
    if raw.get("id_type", "") not in RESIDENT_ID:
        line.reject("id_type", "只登记居民身份证，其他证件请在页面上向经办机构申请。")


def _day(line: Line, name: str, text: str) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None:
        line.reject(name, f"{DAYS[name]}“{text[:20]}”不是日期。")
    return found


def _role(line: Line, raw: dict[str, str], law: Law) -> PractitionerRole | None:
    """The role as it is written; where the list says none, as the code tells."""
    text, code = raw.get("role", ""), codes.tidy(raw.get("code", ""))
    if text:
        found = _words(law).get(text)
        if found is None:
            line.reject("role", f"人员类别“{text[:20]}”无法识别。")
        return found
    prefix = next(
        (one for one in sorted(_prefixes(law), key=len, reverse=True) if code.startswith(one)), ""
    )
    if not prefix:
        line.reject("role", "人员类别为空，编码也看不出类别。")
        return None
    return _prefixes(law)[prefix]


@lru_cache(maxsize=16)
def _words(law: Law) -> dict[str, PractitionerRole]:
    return {
        word: PractitionerRole(row.key)
        for row in law.table("role_words")
        for word in (row.key, row.label, *row.extra["words"])
    }


@lru_cache(maxsize=16)
def _prefixes(law: Law) -> dict[str, PractitionerRole]:
    return {
        prefix: PractitionerRole(row.key)
        for row in law.table("role_words")
        for prefix in row.extra["prefixes"]
    }
