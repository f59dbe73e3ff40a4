"""`flask import …`: files from elsewhere into the registry and the calendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import yaml
from flask import current_app

import clock
import database
from actions import (
    calendar_days,
    calendar_files,
    imports,
    people_imports,
    sheets,
    statement_imports,
    untrustworthy,
)
from commands.output import json_option, refusals, say
from database import session
from rules.permissions import SYSTEM
from rules.refusal import Refused

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("import")
def import_group() -> None:
    """Take over files: institutions, people, statements, lists of the untrustworthy, calendar."""


@import_group.command("institutions")
@click.argument("file", type=FILE)
@click.option(
    "--mapping", type=FILE, help="YAML: columns {heading: field}, defaults {field: text}."
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Workbook for the rejected rows.",
)
@click.option("--dry-run", is_flag=True, help="Decide on every row, write nothing.")
@click.option("--on", type=DAY, help="Legal day of the import (today).")
@click.option("--region", help="Pooling region (DIVISION of the settings).")
@json_option
@refusals
def institutions(
    file: Path, mapping: Path | None, errors: Path | None, dry_run: bool, on: datetime | None,
    region: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Import institutions from CSV (UTF-8, BOM, GBK) or XLSX. Rejected rows do not stop the others."""
    if errors is not None and not errors.absolute().parent.is_dir():
        raise click.BadParameter(f"no such folder: {errors.parent}", param_hint="--errors")
    chosen = _yaml(mapping) if mapping else None
    database.start_reading(dry_run)
    report = imports.institutions(
        file.read_bytes(),
        file.name,
        actor=SYSTEM,
        region=region or current_app.config["SETTINGS"].division,
        on=on.date() if on else clock.today(),
        mapping=chosen,
        dry_run=dry_run,
    )
    if errors is not None:
        errors.write_bytes(report.workbook)
    if not dry_run:
        session.commit()
    say(report.counts if as_json else _words(report, dry_run), as_json=as_json)


def _taken_over(verb: str, what: str, take: Callable[..., imports.Report]) -> click.Command:
    """A command that takes over a file by an action of its own; the options are alike."""

    @import_group.command(verb, help=what)
    @click.argument("file", type=FILE)
    @click.option(
        "--mapping", type=FILE, help="YAML: columns {heading: field}, defaults {field: text}."
    )
    @click.option(
        "--errors",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Workbook for the rejected rows.",
    )
    @click.option("--dry-run", is_flag=True, help="Decide on every row, write nothing.")
    @click.option("--on", type=DAY, help="Legal day of the import (today).")
    @click.option("--region", help="Pooling region (DIVISION of the settings).")
    @json_option
    @refusals
    def command(
        file: Path, mapping: Path | None, errors: Path | None, dry_run: bool, on: datetime | None,
        region: str | None, as_json: bool,
    ) -> None:  # fmt: skip
        _carry_out(take, file, mapping, errors, dry_run, on, region, as_json)

    return command


practitioners = _taken_over(
    "practitioners",
    "Register the people of a list at their institutions. Rejected rows do not stop the others.",
    people_imports.people,
)
statements = _taken_over(
    "statements",
    "Take up the statements of a file (CSV, XLSX, Parquet), each whole or not at all.",
    statement_imports.import_file,
)


def _carry_out(
    take: Callable[..., imports.Report], file: Path, mapping: Path | None, errors: Path | None, dry_run: bool,
    on: datetime | None, region: str | None, as_json: bool,
) -> None:  # fmt: skip
    if errors is not None and not errors.absolute().parent.is_dir():
        raise click.BadParameter(f"no such folder: {errors.parent}", param_hint="--errors")
    where = region or current_app.config["SETTINGS"].division
    database.start_reading(dry_run)
    report = take(
        file.read_bytes(),
        file.name,
        actor=replace(SYSTEM, pooling_region=where),
        region=where,
        on=on.date() if on else clock.today(),
        mapping=_yaml(mapping) if mapping else None,
        dry_run=dry_run,
    )
    if errors is not None:
        errors.write_bytes(report.workbook)
    if not dry_run:
        session.commit()
    say(report.counts if as_json else _words(report, dry_run), as_json=as_json)


def _words(report: imports.Report, dry_run: bool) -> dict[str, Any]:
    words: dict[str, Any] = dict(report.counts)
    words["repeated in the file"] = report.repeated
    words["encoding"] = report.encoding
    words["columns"] = [f"{heading} → {label}" for heading, label in report.matched]
    words["columns not used"] = report.columns.unused
    words["sheets not read"] = report.others
    words["rejected because"] = [f"{count} × {why}" for why, count in report.reasons().items()]
    words["warned because"] = [f"{count} × {why}" for why, count in report.doubts().items()]
    if dry_run:
        words["dry run"] = "nothing was written"
    return words


@import_group.command("untrustworthy")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check every row, write nothing.")
@click.option("--on", type=DAY, help="Legal day of the import (today).")
@json_option
@refusals
def untrustworthy_list(file: Path, dry_run: bool, on: datetime | None, as_json: bool) -> None:
    """Take in a list of untrustworthy persons (CSV or XLSX): the whole file or nothing, and never twice."""
    day = on.date() if on else clock.today()
    report = untrustworthy.take_in(
        file.read_bytes(), file.name, actor=SYSTEM, on=day, dry_run=dry_run
    )
    if not dry_run:
        session.commit()
    say(report.counts, as_json=as_json)


@import_group.command("calendar")
@click.argument("file", type=FILE)
@click.option(
    "--source", default="", help="Title and number of the notice, when the file does not name it."
)
@click.option("--on", type=DAY, help="Legal day of the import (today).")
@json_option
@refusals
def calendar(file: Path, source: str, on: datetime | None, as_json: bool) -> None:
    """Load or replace one year of days off and make-up working days (JSON, YAML or CSV)."""
    arranged = _arrangement(file, source)
    day = on.date() if on else clock.today()
    moved = calendar_days.load_year(arranged.year, arranged.source, arranged.days, on=day)
    session.commit()
    left_out = [one.isoformat() for one in arranged.left_out]
    result = {"year": arranged.year, "days": len(arranged.days), "source": arranged.source}
    say({**result, "left_out": left_out, "clocks_settled": moved}, as_json=as_json)


def _arrangement(file: Path, source: str) -> calendar_files.Arrangement:
    if file.suffix.lower() == ".json":
        try:
            return calendar_files.of_mapping(json.loads(file.read_text("utf-8-sig")), source)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise Refused(f"{file.name} 不是有效的 JSON 文件。", cure="请核对文件内容。") from None
    if file.suffix.lower() in {".yaml", ".yml"}:
        return calendar_files.of_mapping(_yaml(file), source)
    return calendar_files.of_grid(sheets.read(file.read_bytes(), file.name).grid, source)


def _yaml(file: Path) -> Any:
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Refused(f"{file.name} 不是有效的 YAML 文件。", cure="请核对缩进和冒号。") from None
    if not isinstance(found, dict):
        raise Refused(f"{file.name} 里没有内容。", cure="请按“名称: 值”的格式填写。")
    return found


COMMANDS = [import_group]
