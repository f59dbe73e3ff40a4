"""失信人名单: a list of another authority, taken in whole or not at all; the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

import regulations
from actions import events, import_rows, sheets
from database import session
from models import Untrustworthy
from models.sealed import blind_index
from rules import codes, names
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

SEARCHED, TOLD = 10, 10  # rows in which the heading may stand; faults told at once


@dataclass(frozen=True)
class Entry:
    """One row of the list, checked."""

    name: str
    id_number: str
    number: str
    authority: str
    listed_on: date
    removed_on: date | None


@dataclass
class Report:
    """read = created + updated + unchanged."""

    file: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
        }


def take_in(
    content: bytes, filename: str, *, actor: Actor, on: date, dry_run: bool = False
) -> Report:
    """Take a list in; a person with the same 案号 is the same entry, whose removal may be told by a later list.

    Refused when a column is missing or any row is wrong: then nothing of the file is stored. Nobody is removed for not
    being in a later list.
    """
    require(actor, Permission.IMPORT_UNTRUSTWORTHY)
    report = Report(filename)
    rows = _rows(sheets.read(content, filename).grid, report, on)
    report.read = len(rows)
    for entry in rows:
        _keep(entry, report, filename, actor=actor, on=on)
    if dry_run:
        session.rollback()
        return report
    told: dict[str, Any] = {**report.counts}
    events.record(
        None, "import_untrustworthy", "导入失信人名单", actor=actor, on=on, file=filename[:200], **told
    )  # fmt: skip
    return report


def _rows(grid: list[list[str]], report: Report, on: date) -> list[Entry]:
    """Every row, checked; Refused with the first faults when any is wrong."""
    law = regulations.at(on)
    start, columns = _columns(grid, law)
    rows: list[Entry] = []
    for number, cells in enumerate(grid[start + 1 :], start=start + 2):
        if any(cell.strip() for cell in cells):
            _read(number, cells, columns, law, on, report, rows)
    if report.faults:
        more = f"等 {len(report.faults)} 处" if len(report.faults) > TOLD else ""
        raise Refused(
            f"名单有错误，没有导入：{'；'.join(report.faults[:TOLD])}{more}。",
            cure="请更正后重新导入整个文件。",
        )
    return rows


def _columns(grid: list[list[str]], law: regulations.Law) -> tuple[int, dict[str, int]]:
    """The row of the headings, and field → column. Refused when a required one is missing everywhere."""
    rows = law.table("untrustworthy_columns")
    best: tuple[int, dict[str, int]] = (0, {})
    for number, cells in enumerate(grid[:SEARCHED]):
        heads = {names.name_key(cell): place for place, cell in reversed(list(enumerate(cells)))}
        found = {
            row.key: heads[names.name_key(word)]
            for row in rows
            for word in reversed(row.extra["headings"])
            if names.name_key(word) in heads
        }
        if len(found) > len(best[1]):
            best = (number, found)
    missing = [row.label for row in rows if row.extra["required"] and row.key not in best[1]]
    if missing:
        raise Refused(f"没有找到列：{'、'.join(missing)}。", cure="请核对表头后重新导入。")
    return best


def _read(
    number: int,
    cells: list[str],
    columns: dict[str, int],
    law: regulations.Law,
    on: date,
    report: Report,
    rows: list[Entry],
) -> None:
    texts = {
        key: names.clean(cells[place]) if place < len(cells) else ""
        for key, place in columns.items()
    }
    listed, removed = (import_rows.day(texts.get(key, "")) for key in ("listed_on", "removed_on"))
    id_number = codes.tidy(texts["id_number"])
    faults = [
        (not texts["name"], "没有姓名"),
        (codes.resident_id_fault(id_number, law) is not None, "证件号码不正确"),
        (not texts["number"], "没有案号或文号"),
        (listed is None, "列入日期不正确"),
        (listed is not None and listed > on, "列入日期晚于今天"),
        (bool(texts.get("removed_on")) and removed is None, "移出日期不正确"),
        (bool(listed and removed and removed < listed), "移出日期早于列入日期"),
    ]
    wrong = [why for bad, why in faults if bad]
    if wrong or listed is None:
        report.faults.append(f"第 {number} 行{'，'.join(wrong)}")
        return
    authority = texts.get("authority", "")[:200]
    name, case = names.clean_name(texts["name"])[:64], texts["number"][:100]
    rows.append(Entry(name, id_number, case, authority, listed, removed))


def _keep(entry: Entry, report: Report, source: str, *, actor: Actor, on: date) -> None:
    index = blind_index(entry.id_number)
    kept = session.scalar(
        select(Untrustworthy).where(
            Untrustworthy.person_index == index, Untrustworthy.number == entry.number
        )
    )
    if kept is None:
        _add(entry, index, source, on)
        report.created += 1
    elif (kept.listed_on, kept.removed_on) == (
        entry.listed_on,
        entry.removed_on or kept.removed_on,
    ):
        report.unchanged += 1
    else:
        kept.listed_on = entry.listed_on
        kept.removed_on, kept.source = entry.removed_on or kept.removed_on, source[:200]
        days: dict[str, Any] = {
            "listed_on": str(kept.listed_on),
            "removed_on": str(kept.removed_on or ""),
        }
        events.record(
            kept,
            "update_untrustworthy",
            "按新名单更正",
            actor=actor,
            on=on,
            file=kept.source,
            **days,
        )
        report.updated += 1


def _add(entry: Entry, index: str, source: str, on: date) -> None:
    session.add(
        Untrustworthy(
            person_index=index,
            person_name=entry.name,
            masked_id=f"{entry.id_number[:3]}****{entry.id_number[-4:]}",
            number=entry.number,
            authority=entry.authority,
            listed_on=entry.listed_on,
            removed_on=entry.removed_on,
            source=source[:200],
            imported_on=on,
        )
    )
    session.flush()
