"""Importing statements: every statement of the file whole or not at all; the same file again does nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import regulations
from actions import (
    events,
    import_columns,
    import_workbook,
    private_files,
    sheets,
    statement_rows,
    statements,
)
from actions.import_columns import Columns
from actions.imports import Report
from actions.statement_rows import Row
from database import session
from models import Agreement
from queries import imports as ask
from queries import statements as known
from rules import statements as rule
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.statements import Declared

WORKBOOK = import_workbook.MEDIA_TYPE
NEEDED = ("institution_code", "insurance", "month", "voucher", "service_date", "amount")


@dataclass
class Plan:
    """`created`: the statements there would be, each with its agreement and its rows."""

    created: list[tuple[Agreement, Declared, list[Row]]] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    unchanged: int = 0

    def reject(self, rows: Sequence[Row], why: str) -> None:
        for row in rows:
            if not row.faults:
                row.reject("", why)
        self.rejected += rows


def import_file(
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
    """Take the statements of a file up (CSV, XLSX or Parquet). With `dry_run` nothing is written.

    A statement with one wrong row goes back whole: its head would no longer agree with its lines.
    """
    require(actor, Permission.IMPORT_STATEMENTS)
    law, sheet = regulations.at(on), sheets.read(content, filename)
    columns = headings(sheet.grid, law, mapping)
    rows = list(statement_rows.rows(sheet, columns))
    plan = _plan(rows, region, filename, on)
    if not dry_run:
        _write(plan, actor=actor, on=on)
    report = _report(sheet, columns, law, rows, plan)
    if not dry_run:
        _log(report, plan, region, upload, actor=actor, on=on)
    return report


def headings(
    grid: list[list[str]], law: regulations.Law, mapping: Mapping[str, Any] | None = None
) -> Columns:
    columns = import_columns.match(grid, law, mapping, table=import_columns.STATEMENTS)
    labels = {row.key: row.label for row in law.table("statement_columns")}
    missing = [labels[name] for name in NEEDED if name not in {*columns.fields, *columns.defaults}]
    if missing:
        raise Refused(f"没有找到“{'、'.join(missing)}”列。", cure="请下载模板，或者核对表头。")
    return columns


def _plan(rows: Sequence[Row], region: str, filename: str, on: date) -> Plan:
    """Decide on every statement of the file. Changes nothing."""
    plan, groups = Plan(), defaultdict(list)
    for row in rows:
        groups[row.statement].append(row)
    for group in groups.values():
        _place(group, region, filename, on, plan)
    return plan


def _place(rows: list[Row], region: str, filename: str, on: date, plan: Plan) -> None:
    wrong = sum(bool(row.faults) for row in rows)
    first = rows[0]
    if wrong or first.month is None or first.insurance is None:
        plan.reject(rows, f"同一申报另有 {wrong} 行有误，整份退回。")
        return
    place = known.place(first.place_code, region)
    if place is None:
        plan.reject(rows, "没有这个编码的机构，或者不属于本统筹区。")
        return
    agreement = known.agreement_of(place.id, first.month)
    if agreement is None:
        plan.reject(rows, f"该机构{first.month:%Y年%m月}没有已经签订的服务协议。")
        return
    try:
        given = declared(rows, filename, on)
        rule.check_declared(given, on)
    except Refused as refused:
        plan.reject(rows, refused.why + refused.cure)
        return
    _compare(agreement, given, rows, plan)


def _compare(agreement: Agreement, given: Declared, rows: list[Row], plan: Plan) -> None:
    before = known.living(agreement.id, given.insurance, given.month)
    if before is None:
        try:
            statements.check_year(agreement, given.month, given.insurance)
        except Refused as refused:
            plan.reject(rows, refused.why + refused.cure)
            return
        plan.created.append((agreement, given, rows))
    elif before.sha256 == given.digest:
        plan.unchanged += len(rows)
    else:
        why = f"该月已有申报 {before.number}，内容不同；须先退回或者撤回原申报。"
        plan.reject(rows, why)


def declared(rows: Sequence[Row], source: str, on: date) -> Declared:
    """The statement that these rows are. Totals the file does not give are those of the lines, with a doubt."""
    first = rows[0]
    if first.insurance is None or first.month is None:
        raise Refused("险种或者申报月份无法识别。")
    lines = [replace(row.line, line=place) for place, row in enumerate(rows, 1) if row.line]
    head = {name: _agreed(rows, name) for name in ("claimed_on", "total", "line_count")}
    if head["total"] is None:
        first.warnings.append("文件没有申报总金额，没有核对汇总与明细。")
    return Declared(
        insurance=first.insurance,
        month=first.month,
        claimed_on=head["claimed_on"] or on,
        total=sum(line.amount for line in lines) if head["total"] is None else head["total"],
        line_count=len(lines) if head["line_count"] is None else head["line_count"],
        lines=tuple(lines),
        source=source,
    )


def _agreed(rows: Sequence[Row], name: str) -> Any:
    """A figure of the head, the same in every row that gives it; Refused when two rows differ."""
    said = {row.head[name] for row in rows} - {None}
    if len(said) > 1:
        raise Refused("同一申报各行的申报日期、总金额或者总笔数不一致。")
    return next(iter(said), None)


def _write(plan: Plan, *, actor: Actor, on: date) -> None:
    """Each statement behind a savepoint: what is refused half-way leaves nothing behind."""
    for agreement, given, rows in list(plan.created):
        try:
            with session.begin_nested():
                statements.receive(agreement, given, actor=actor, on=on)
        except Refused as refused:
            plan.created.remove((agreement, given, rows))
            plan.reject(rows, refused.why + refused.cure)


def _report(
    sheet: sheets.Sheet, columns: Columns, law: regulations.Law, rows: list[Row], plan: Plan
) -> Report:
    return Report(
        file=sheet.name,
        sha256=sheet.sha256,
        encoding=sheet.encoding,
        columns=columns,
        matched=columns.shown(law),
        read=len(rows),
        created=sum(len(one) for _, _, one in plan.created),
        unchanged=plan.unchanged,
        others=sheet.others,
        rejected=sorted(plan.rejected, key=lambda row: row.number),
        warned=[row for row in rows if row.warnings and not row.faults],
    )


def _log(report: Report, plan: Plan, region: str, upload: str, *, actor: Actor, on: date) -> None:
    """One event for the file; each statement has one of its own."""
    told: dict[str, Any] = {**report.counts, "upload": upload, "region": region}
    if report.rejected or report.warned:
        told["errors_file"] = private_files.keep(report.workbook, WORKBOOK)
    events.record(
        None, ask.STATEMENTS.imported, "导入费用申报", actor=actor, on=on,
        file=report.file[:200], sha256=report.sha256, statements=len(plan.created), reasons=report.reasons(),
        doubts=report.doubts(), unused=report.columns.unused, **told,
    )  # fmt: skip
