"""Importing people: read, match, decide on every row by the rule of the counter, write, say what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import regulations
from actions import (
    commitments,
    events,
    import_columns,
    people_matching,
    people_rows,
    personal_files,
    practitioners,
    private_files,
    registrations,
    sheets,
)
from actions.import_columns import Columns
from actions.imports import Report
from actions.people_matching import Plan
from actions.people_rows import Line
from database import session
from models import Registration
from queries import commitments as signed
from queries import imports as ask
from queries import practitioners as known
from queries import registrations as registered
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def people(
    content: bytes,
    filename: str,
    *,
    actor: Actor,
    region: str,
    on: date,
    mapping: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    upload: str = "",
) -> Report:
    """Take over a list of people. Rows that cannot be taken are sent back and do not stop the others.

    With `dry_run` nothing is written. The same file again changes nothing.
    """
    require(actor, Permission.IMPORT_PRACTITIONERS)
    law, sheet = regulations.at(on), sheets.read(content, filename)
    columns = headings(sheet.grid, law, mapping)
    lines = list(people_rows.lines(sheet, columns, law))
    plan = people_matching.plan(lines, region, on=on, law=law)
    if not dry_run:
        _write(plan, actor=actor, on=on)
    report = _report(sheet, columns, law, lines, plan)
    if not dry_run:
        _log(report, region, upload, actor=actor, on=on)
    return report


def headings(
    grid: list[list[str]], law: regulations.Law, mapping: Mapping[str, Any] | None = None
) -> Columns:
    columns = import_columns.match(grid, law, mapping, table=import_columns.PEOPLE)
    needed = {"institution_code": "机构编码", "code": "人员编码", "id_number": "证件号码"}
    missing = [
        label for name, label in needed.items() if name not in {*columns.fields, *columns.defaults}
    ]
    if missing:
        raise Refused(f"没有找到“{'、'.join(missing)}”列。", cure="请下载模板，或者核对表头。")
    return columns


def _write(plan: Plan, *, actor: Actor, on: date) -> None:
    """Each row by the verb of the counter; what only shows now (a second principal) is sent back all the same."""
    for line in list(plan.created):
        try:
            _register(line, actor=actor, on=on)
        except Refused as refused:
            line.reject("", refused.why)
            plan.created.remove(line)
            plan.rejected.append(line)
    for line, key in plan.changed:
        _change(line, session.get_one(Registration, key), actor=actor, on=on)


def _register(line: Line, *, actor: Actor, on: date) -> None:
    if line.person is None:
        raise Refused("没有可以登记的人员。")
    institution = known.place(line.place_code, actor)
    if institution is None:
        raise Refused("没有这个编码的机构，或者不属于本统筹区。")
    row = practitioners.register(institution, line.person, actor=actor, on=on, from_on=line.from_on)
    if line.to_on is not None:
        practitioners.leave(row, to_on=line.to_on, actor=actor, on=on)


def _change(line: Line, row: Registration, *, actor: Actor, on: date) -> None:
    person = line.person
    if person is None:
        return
    personal_files.complete(registered.held_person(row), person, actor=actor, on=on)
    if person.department and person.department != row.department:
        registrations.assign(row, department=person.department, actor=actor, on=on)
    if person.committed_on and not signed.of_registrations([row.id])[row.id]:
        commitments.record(row, signed_on=person.committed_on, actor=actor, on=on)
    if line.to_on is not None:
        practitioners.leave(row, to_on=line.to_on, actor=actor, on=on)


def _report(
    sheet: sheets.Sheet, columns: Columns, law: regulations.Law, lines: list[Line], plan: Plan
) -> Report:
    return Report(
        file=sheet.name,
        sha256=sheet.sha256,
        encoding=sheet.encoding,
        columns=columns,
        matched=columns.shown(law),
        read=len(lines),
        created=len(plan.created),
        updated=len(plan.changed),
        unchanged=plan.unchanged,
        repeated=plan.repeated,
        others=sheet.others,
        rejected=list(plan.rejected),
        warned=[line for line in lines if line.warnings and not line.faults],
    )


def _log(report: Report, region: str, upload: str, *, actor: Actor, on: date) -> None:
    """One event for the file; the rows sent back are kept sealed beside it. Each person has an event of their own."""
    told: dict[str, Any] = {**report.counts, "upload": upload, "region": region}
    if report.rejected or report.warned:
        told["errors_file"] = private_files.keep(report.workbook, WORKBOOK)
    events.record(
        None, ask.PEOPLE.imported, "导入备案人员", actor=actor, on=on,
        file=report.file[:200], sha256=report.sha256, repeated=report.repeated, reasons=report.reasons(),
        doubts=report.doubts(), unused=report.columns.unused, **told,
    )  # fmt: skip
