"""Writing what an import decided: in bulk, people by period, nothing overwritten that a row does not carry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from actions import import_matching
from actions.import_matching import CHUNK, Change, Plan
from actions.import_rows import Entry
from database import session
from models import Institution, Office
from models.sealed import blind_index
from rules import names
from rules.persons import OfficeRole

INSTITUTION, OFFICE = cast(Table, Institution.__table__), cast(Table, Office.__table__)
EMPTY = {column.name: None for column in INSTITUTION.c if column.nullable}


def write(plan: Plan, region: str, *, source: str, on: date) -> None:
    """Create, change and appoint in the running transaction. `source` is kept with what is created."""
    for start in range(0, len(plan.created), CHUNK):
        _create(plan.created[start : start + CHUNK], region, source, on)
    for change in plan.changed:
        _begin_address(change, on)
    _update(plan.changed)
    offices = [
        (c.found.id, role, *c.entry.offices[role]) for c in plan.changed for role in c.offices
    ]
    _close([(institution, role) for institution, role, _name, _number in offices], on)
    _appoint(offices, on)
    session.expire_all()


def _begin_address(change: Change, on: date) -> None:
    """A list that tells another address tells a move: the time at the address begins on the day of the import."""
    old, new = change.found.address or "", change.values.get("address", "")
    if old and new and names.address_key(old) != names.address_key(new):
        change.values["address_since"] = on


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
