"""Each entry finds its institution: by national code, by local number, by division and name; or it is a new one.

Nothing is guessed: two entries or two institutions that cannot be told apart are sent back with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from actions.import_rows import Entry
from database import session
from models import Institution, Office
from models.sealed import blind_index
from rules.persons import OfficeRole

CHUNK = 2000
COLUMNS = (
    "id", "version", "code", "uscc", "name", "name_key", "match_key", "kind", "nature", "level", "beds", "scope",
    "division", "pooling_region", "address", "phone", "operating_since", "address_since",
)  # fmt: skip


@dataclass(slots=True)
class Change:
    """What an entry changes in an institution that is on record."""

    entry: Entry
    found: Any
    values: dict[str, Any]
    offices: list[OfficeRole]


@dataclass
class Plan:
    created: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    rejected: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    repeated: int = 0


def match_key(entry: Entry, region: str) -> str:
    """What finds the institution again: the national code, a local number, or division and name."""
    if code := entry.values.get("code"):
        return f"code:{code}"
    if entry.local_code:
        return f"local:{region}|{entry.local_code}"
    return name_match_key(region, entry.values.get("division", ""), entry.name_key)


def name_match_key(region: str, division: str, name_key: str) -> str:
    return f"name:{region}|{division}|{name_key}"


def plan(read: Iterable[Entry], region: str) -> Plan:
    """Sort every entry into created, changed, unchanged or rejected. Changes nothing."""
    made = Plan()
    fresh = _once(list(read), region, made)
    used: dict[int, int] = {}
    for chunk in _chunks(fresh):
        known = _Known(chunk, region)
        for entry in chunk:
            _place(entry, known, made, used, region)
    return made


def _once(read: list[Entry], region: str, made: Plan) -> list[Entry]:
    """Leave out what cannot be taken and what only repeats an earlier row of the file."""
    coded = {
        (e.values.get("division", ""), e.name_key): e.number
        for e in read
        if e.values.get("code") or e.local_code
    }
    seen: dict[str, Entry] = {}
    fresh = []
    for entry in read:
        if not entry.faults:
            _compare_within(entry, seen, coded, made, region)
        if entry.faults:
            made.rejected.append(entry)
        elif seen.get(match_key(entry, region)) is entry:
            fresh.append(entry)
    return fresh


def _compare_within(
    entry: Entry, seen: dict[str, Entry], coded: dict[Any, int], made: Plan, region: str
) -> None:
    key = match_key(entry, region)
    earlier = seen.setdefault(key, entry)
    if earlier is not entry:
        if (earlier.values, earlier.offices) == (entry.values, entry.offices):
            made.unchanged += 1
            made.repeated += 1
            entry.warnings.append(f"与第{earlier.number}行完全重复，只导入一次。")
        else:
            column = (
                "code"
                if key.startswith("code:")
                else "local_code"
                if key.startswith("local:")
                else "name"
            )
            entry.reject(
                column,
                f"与第{earlier.number}行是同一机构，但内容不同：{_difference(earlier, entry)}。",
            )
    elif key.startswith("name:") and (
        twin := coded.get((entry.values.get("division", ""), entry.name_key))
    ):
        entry.reject("name", f"第{twin}行有同名且带编码的机构，本行没有编码，无法判断是否同一家。")


def _difference(earlier: Entry, later: Entry) -> str:
    names = {"level": "等级", "nature": "性质", "kind": "类型", "address": "地址", "phone": "电话", "name": "名称",
             "division": "区划", "uscc": "统一社会信用代码", "beds": "床位", "scope": "经营范围"}  # fmt: skip
    different = [
        label
        for field_name, label in names.items()
        if earlier.values.get(field_name) != later.values.get(field_name)
    ]
    return "、".join(different) or "其他栏目"


def _place(entry: Entry, known: _Known, made: Plan, used: dict[int, int], region: str) -> None:
    found = known.find(entry, used)
    if entry.faults:
        made.rejected.append(entry)
    elif found is None:
        made.created.append(entry)
    else:
        _compare(entry, found, known, made, used, region)


def _compare(
    entry: Entry, found: Any, known: _Known, made: Plan, used: dict[int, int], region: str
) -> None:
    if found.id in used:
        entry.reject("name", f"与第{used[found.id]}行对应同一家已登记的机构。")
    used.setdefault(found.id, entry.number)
    change = _change(entry, found, known, region)
    if entry.faults:
        made.rejected.append(entry)
    elif change.values or change.offices:
        made.changed.append(change)
    else:
        made.unchanged += 1


def _change(entry: Entry, found: Any, known: _Known, region: str) -> Change:
    """Only what the row carries and what differs. A validated code is never overwritten."""
    for name, label in (("code", "医保编码"), ("uscc", "统一社会信用代码")):
        old, new = getattr(found, name), entry.values.get(name)
        if old and new and old != new:
            entry.reject(name, f"{label}与已登记的“{old}”不一致，不覆盖。")
    values = {name: value for name, value in entry.values.items() if getattr(found, name) != value}
    if not entry.sure_kind:
        values.pop("kind", None)
    if found.name_key == entry.name_key:
        values.pop("name", None)
    key = _next_key(entry, found, values, region)
    if key != found.match_key:
        values["match_key"] = key
    return Change(entry, found, values, known.new_offices(entry, found))


def _next_key(entry: Entry, found: Any, values: dict[str, Any], region: str) -> str:
    if code := values.get("code") or found.code:
        return f"code:{code}"
    if found.match_key.startswith("local:"):
        return str(found.match_key)
    if entry.local_code:
        return match_key(entry, region)
    return name_match_key(region, values.get("division", found.division), entry.name_key)


class _Known:
    """The institutions on record that the entries of one chunk could be, read in three questions."""

    def __init__(self, chunk: list[Entry], region: str) -> None:
        self.region = region
        with_account = any("bank_account" in entry.values for entry in chunk)
        self.columns = [
            getattr(Institution, name)
            for name in (*COLUMNS, *(["bank_account"] if with_account else []))
        ]
        by_code = self._read(
            Institution.code, {e.values["code"] for e in chunk if "code" in e.values}
        )
        local = self._read(
            Institution.match_key, {match_key(e, region) for e in chunk if e.local_code}
        )
        named = self._read(Institution.name_key, {e.name_key for e in chunk})
        self.by_code = {row.code: row for row in by_code}
        self.by_key = {row.match_key: row for row in (*local, *named)}
        self.by_name: dict[str, list[Any]] = defaultdict(list)
        for row in named:
            if row.pooling_region == region:
                self.by_name[row.name_key].append(row)
        ids = {row.id for row in (*by_code, *local, *named)}
        self.offices = _open_offices(ids) if any(e.offices for e in chunk) else {}

    def _read(self, column: InstrumentedAttribute[Any], wanted: set[str]) -> list[Any]:
        if not wanted:
            return []
        return list(
            session.execute(select(*self.columns).where(column.in_(wanted)).with_for_update())
        )

    def find(self, entry: Entry, used: dict[int, int]) -> Any:
        """The institution on record, None for a new one. Several that fit are a fault of the entry."""
        code = entry.values.get("code")
        found = self.by_code.get(code) if code else None
        if found is not None and found.pooling_region != self.region:
            entry.reject("code", "该医保编码已由其他统筹区登记。")
        if found is None:
            found = self.by_key.get(match_key(entry, self.region))
        return found if found is not None or entry.faults else self._by_name(entry, used)

    def _by_name(self, entry: Entry, used: dict[int, int]) -> Any:
        division = entry.values.get("division", "")
        rows = [
            row
            for row in self.by_name[entry.name_key]
            if row.id not in used and self._could_be(entry, row)
        ]
        exact = [row for row in rows if row.division == division]
        fitting = exact or [row for row in rows if not row.division or not division]
        if len(fitting) > 1:
            entry.reject("name", f"已登记{len(fitting)}家同名机构，请补充医保编码后再导入。")
        return fitting[0] if len(fitting) == 1 else None

    def _could_be(self, entry: Entry, row: Any) -> bool:
        """Two different codes, or two different local numbers, are two institutions."""
        if "code" in entry.values and row.code:
            return False
        return not (entry.local_code and row.match_key.startswith("local:"))

    def new_offices(self, entry: Entry, found: Any) -> list[OfficeRole]:
        """The roles in which the row names another person than the one in office."""
        changed = []
        for role, (_name, number) in entry.offices.items():
            holder = self.offices.get((found.id, role))
            if holder is None or holder.id_index != blind_index(number):
                changed.append(role)
        return changed


def _open_offices(ids: set[int]) -> dict[tuple[int, OfficeRole], Any]:
    query = select(Office.id, Office.institution_id, Office.role, Office.id_index, Office.from_on)
    rows = session.execute(query.where(Office.institution_id.in_(ids), Office.to_on.is_(None)))
    return {(row.institution_id, row.role): row for row in rows}


def _chunks(rows: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
