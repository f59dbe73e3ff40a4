"""Importing institutions: read, match, decide on every row, write all or nothing, say what happened."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

import regulations
from actions import (
    events,
    import_columns,
    import_matching,
    import_rows,
    import_workbook,
    private_files,
    sheets,
)
from actions.import_columns import Columns
from actions.import_matching import CHUNK, Change, Plan
from actions.import_rows import Entry
from database import session
from models import Institution, Office
from models.sealed import blind_index
from rules import names, permissions
from rules.permissions import Actor, Permission
from rules.persons import OfficeRole

VERB = "import_institutions"
INSTITUTION, OFFICE = cast(Table, Institution.__table__), cast(Table, Office.__table__)
EMPTY = {column.name: None for column in INSTITUTION.c if column.nullable}
_SECRET = {"bank_account"}


@dataclass
class Report:
    """read = created + updated + unchanged + rejected. `repeated` of the unchanged only repeat a row of the file."""

    file: str
    sha256: str
    encoding: str
    columns: Columns
    matched: list[tuple[str, str]]
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    others: list[str] = field(default_factory=list)
    rejected: list[Entry] = field(default_factory=list)
    warned: list[Entry] = field(default_factory=list)

    @property
    def warnings(self) -> int:
        return sum(len(entry.warnings) for entry in self.warned)

    @property
    def counts(self) -> dict[str, int]:
        """Exactly what `flask import institutions --json` promises."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": len(self.rejected),
            "warnings": self.warnings,
        }

    def reasons(self) -> dict[str, int]:
        """Why rows were sent back, without the particulars of the single row."""
        return _tally(why for entry in self.rejected for _column, why in entry.faults)

    def doubts(self) -> dict[str, int]:
        return _tally(warning for entry in self.warned for warning in entry.warnings)

    def workbook(self) -> bytes:
        return import_workbook.write(self.columns, self.rejected, self.warned)


def institutions(
    content: bytes,
    filename: str,
    *,
    actor: Actor,
    region: str,
    on: date,
    mapping: Mapping[str, Any] | None = None,
    dry_run: bool = False,
) -> Report:
    """Take a list of institutions into the registry of a pooling region.

    Rows that cannot be taken are in the report with their reasons, and the others are written in one go. With
    `dry_run` nothing is written. Refused when the file is no table or has no column of names.
    """
    permissions.require(actor, Permission.IMPORT_INSTITUTIONS)
    law = regulations.at(on)
    sheet = sheets.read(content, filename)
    columns = import_columns.match(sheet.grid, law, mapping)
    entries = list(import_rows.entries(sheet, columns, law, region))
    plan = import_matching.plan(entries, region)
    _check_days(plan, on)
    report = _report(sheet, columns, law, entries, plan)
    if not dry_run:
        _write(plan, region, source=f"{filename}（{on.isoformat()}导入）"[:200], on=on)
        _log(report, plan, actor=actor, on=on)
    return report


def _check_days(plan: Plan, on: date) -> None:
    """An office holder cannot leave before taking office: an import dated earlier is sent back."""
    late = [change for change in plan.changed if change.offices and _holds_since(change, on)]
    for change in late:
        change.entry.reject("", "导入日期早于现任人员的任职日期，不能据此变更任职。")
        plan.changed.remove(change)
        plan.rejected.append(change.entry)


def _holds_since(change: Change, on: date) -> bool:
    query = select(Office.id).where(
        Office.institution_id == change.found.id,
        Office.role.in_(change.offices),
        Office.to_on.is_(None),
        Office.from_on > on,
    )
    return session.scalar(query.limit(1)) is not None


def _report(
    sheet: sheets.Sheet, columns: Columns, law: regulations.Law, entries: list[Entry], plan: Plan
) -> Report:
    return Report(
        file=sheet.name,
        sha256=sheet.sha256,
        encoding=sheet.encoding,
        columns=columns,
        matched=columns.shown(law),
        read=len(entries),
        created=len(plan.created),
        updated=len(plan.changed),
        unchanged=plan.unchanged,
        repeated=plan.repeated,
        others=sheet.others,
        rejected=plan.rejected,
        warned=[entry for entry in entries if entry.warnings and not entry.faults],
    )


def _write(plan: Plan, region: str, *, source: str, on: date) -> None:
    for start in range(0, len(plan.created), CHUNK):
        _create(plan.created[start : start + CHUNK], region, source, on)
    _update(plan.changed)
    offices = [
        (c.found.id, role, *c.entry.offices[role]) for c in plan.changed for role in c.offices
    ]
    _close([(institution, role) for institution, role, _name, _number in offices], on)
    _appoint(offices, on)
    session.expire_all()


def _create(entries: list[Entry], region: str, source: str, on: date) -> None:
    rows = [_row(entry, region, source) for entry in entries]
    session.execute(insert(Institution), rows)
    with_people = {row["match_key"]: e for row, e in zip(rows, entries, strict=True) if e.offices}
    if not with_people:
        return
    query = select(Institution.match_key, Institution.id).where(
        Institution.match_key.in_(with_people)
    )
    ids = {row.match_key: row.id for row in session.execute(query)}
    people = [
        (ids[key], role, *held)
        for key, e in with_people.items()
        for role, held in e.offices.items()
    ]
    _appoint(people, on)


def _row(entry: Entry, region: str, source: str) -> dict[str, Any]:
    texts = {"nature": "", "level": "", "scope": "", "division": "", "address": "", "phone": ""}
    return {
        **EMPTY,
        **texts,
        **entry.values,
        "name_key": entry.name_key,
        "pinyin": names.initials(entry.values["name"])[:200],
        "match_key": import_matching.match_key(entry, region),
        "pooling_region": region,
        "source": source,
        "version": 1,
    }


def _update(changes: list[Change]) -> None:
    """One statement for all rows that change the same columns; a row changed meanwhile is not touched and raises."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        values = dict(change.values)
        if "name" in values:
            values |= {
                "name_key": change.entry.name_key,
                "pinyin": names.initials(values["name"])[:200],
            }
        if values:
            row = {f"new_{name}": value for name, value in values.items()}
            groups.setdefault(tuple(sorted(values)), []).append({"row_id": change.found.id, **row})
    table = INSTITUTION
    for columns, rows in groups.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values(
                {name: bindparam(f"new_{name}") for name in columns}
                | {"version": table.c.version + 1}
            )
        )
        session.connection().execute(statement, rows)


def _close(offices: list[tuple[int, OfficeRole]], on: date) -> None:
    table = OFFICE
    statement = (
        update(table)
        .where(
            table.c.institution_id == bindparam("of_id"),
            table.c.role == bindparam("of_role"),
            table.c.to_on.is_(None),
        )
        .values(to_on=on)
    )
    if offices:
        session.connection().execute(
            statement, [{"of_id": key, "of_role": role} for key, role in offices]
        )


def _appoint(offices: Iterable[tuple[int, OfficeRole, str, str]], on: date) -> None:
    rows = [
        {"institution_id": key, "role": role, "name": name, "id_number": number,
         "id_index": blind_index(number), "from_on": on, "to_on": None}
        for key, role, name, number in offices
    ]  # fmt: skip
    if rows:
        session.execute(insert(Office), rows)


def _log(report: Report, plan: Plan, *, actor: Actor, on: date) -> None:
    """One event for the file; the rows sent back and the old values are kept sealed beside it."""
    kept: dict[str, Any] = dict(report.counts)
    if report.rejected or report.warned:
        kept["errors_file"] = private_files.keep(report.workbook(), import_workbook.MEDIA_TYPE)
    if plan.changed:
        lines = json.dumps(
            [_before_and_after(change) for change in plan.changed], ensure_ascii=False, default=str
        )
        kept["changes_file"] = private_files.keep(lines.encode(), "application/json")
    events.record(
        None, VERB, "导入机构", actor=actor, on=on,
        file=report.file[:200], sha256=report.sha256, repeated=report.repeated, reasons=report.reasons(),
        doubts=report.doubts(), unused=report.columns.unused, **kept,
    )  # fmt: skip


def _before_and_after(change: Change) -> dict[str, Any]:
    values = {
        name: [getattr(change.found, name), value]
        for name, value in change.values.items()
        if name not in _SECRET
    }
    return {
        "institution": change.found.id,
        "row": change.entry.number,
        "values": values,
        "offices": change.offices,
    }


def _tally(sentences: Iterable[str]) -> dict[str, int]:
    """Sentences counted without what stands in quotation marks and without row numbers."""
    return dict(Counter(_general(sentence) for sentence in sentences).most_common())


def _general(sentence: str) -> str:
    parts = sentence.split("“")
    rest = [part.split("”", 1)[-1] for part in parts[1:]]
    return re.sub(r"第\d+行", "第n行", "…".join([parts[0], *rest]))
