"""Uploads: a list is kept, sealed, until somebody has looked at what it would do and takes it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import regulations
from actions import events, import_columns, people_imports, private_files, sheets, statement_imports
from actions.import_columns import Columns
from queries import imports as ask
from rules.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Wanted:
    """A list that may be handed in: by whom, what the log calls it, and what makes out its headings."""

    permission: Permission
    noun: ask.Noun
    said: str
    headings: Callable[[list[list[str]], regulations.Law], Columns]


INSTITUTIONS = Wanted(
    Permission.IMPORT_INSTITUTIONS, ask.INSTITUTIONS, "上传机构清单", import_columns.match
)
PEOPLE = Wanted(
    Permission.IMPORT_PRACTITIONERS, ask.PEOPLE, "上传人员清单", people_imports.headings
)
STATEMENTS = Wanted(
    Permission.IMPORT_STATEMENTS, ask.STATEMENTS, "上传费用申报", statement_imports.headings
)


def receive(wanted: Wanted, content: bytes, filename: str, *, actor: Actor, on: date) -> str:
    """Keep an upload; returns its name. Refused when it is no table or lacks a column."""
    require(actor, wanted.permission)
    sheet = sheets.read(content, filename)
    wanted.headings(sheet.grid, regulations.at(on))
    upload = private_files.keep(content, "application/octet-stream")
    events.record(
        None, wanted.noun.uploaded, wanted.said, actor=actor, on=on,
        upload=upload, file=filename, sha256=sheet.sha256,
    )  # fmt: skip
    return upload
