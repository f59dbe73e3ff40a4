"""Importing institutions: read, match, decide on every row, write all or nothing, say what happened."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

import regulations
from actions import (
    events,
    import_columns,
    import_findings,
    import_matching,
    import_rows,
    import_workbook,
    import_writing,
    private_files,
    sheets,
)
from actions.import_columns import Columns
from actions.import_matching import Change, Plan
from actions.import_rows import Entry
from database import session
from models import Office
from queries import imports
from rules import permissions
from rules.permissions import Actor, Permission

WORKBOOK = import_workbook.MEDIA_TYPE
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
    rejected: Sequence[Entry] = field(default_factory=list)
    warned: Sequence[Entry] = field(default_factory=list)

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

    @cached_property
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
    upload: str = "",
) -> Report:
    """Take a list of institutions into the registry of a pooling region.

    Rows that cannot be taken are in the report with their reasons, and the others are written in one go; what a
    designated institution would have to file is found unfiled instead. With `dry_run` nothing is written. Refused
    when the file is no table or has no column of names.
    """
    permissions.require(actor, Permission.IMPORT_INSTITUTIONS)
    law = regulations.at(on)
    sheet = sheets.read(content, filename)
    columns = import_columns.match(sheet.grid, law, mapping)
    entries = list(import_rows.entries(sheet, columns, law, region))
    plan = import_matching.plan(entries, region)
    findings = import_findings.hold_back(plan, on)
    _check_days(plan, on)
    report = _report(sheet, columns, law, entries, plan)
    if not dry_run:
        import_writing.write(
            plan, region, source=f"{filename}（{on.isoformat()}导入）"[:200], on=on
        )
        import_findings.record(findings, filename, actor=actor, on=on)
        _log(report, plan, region, upload, actor=actor, on=on)
    return report


def kept(name: str) -> bytes:
    """An upload, or the workbook of an import, as it was."""
    return private_files.fetch(name)


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


def _log(report: Report, plan: Plan, region: str, upload: str, *, actor: Actor, on: date) -> None:
    """One event for the file; the rows sent back and the old values are kept sealed beside it."""
    told: dict[str, Any] = {**report.counts, "upload": upload, "region": region}
    if report.rejected or report.warned:
        told["errors_file"] = private_files.keep(report.workbook, WORKBOOK)
    if plan.changed:
        lines = [_before_and_after(change) for change in plan.changed]
        text = json.dumps(lines, ensure_ascii=False, default=str)
        told["changes_file"] = private_files.keep(text.encode(), "application/json")
    events.record(
        None, imports.INSTITUTIONS.imported, "导入机构", actor=actor, on=on,
        file=report.file[:200], sha256=report.sha256, repeated=report.repeated, reasons=report.reasons(),
        doubts=report.doubts(), unused=report.columns.unused, **told,
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
