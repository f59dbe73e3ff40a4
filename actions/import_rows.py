"""One row of a table becomes one entry: clean values, what is wrong with it, what is doubtful about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import String

from actions.import_columns import Columns
from actions.sheets import Sheet
from models import Institution
from regulations import Law
from rules import codes, names
from rules.kinds import InstitutionKind
from rules.persons import OfficeRole

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: .*)?|(\d{4})(\d{2})(\d{2})")
_LENGTHS = {
    name: cast(String, Institution.__table__.c[name].type).length or 0
    for name in ("name", "scope", "division", "address", "phone")
}
LOCAL_CODE_LENGTH = 60
ACCOUNT_LENGTH = 40
MOST_BEDS = 100_000


@dataclass(slots=True)
class Entry:
    """`values` holds only what the row carries: an empty cell says nothing. `sure_kind`: the row names its kind."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    offices: dict[OfficeRole, tuple[str, str]] = field(default_factory=dict)
    local_code: str = ""
    name_key: str = ""
    sure_kind: bool = False
    faults: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def reject(self, column: str, why: str) -> None:
        self.faults.append((column, why))


def entries(sheet: Sheet, columns: Columns, law: Law, region: str) -> Iterator[Entry]:
    """Every row below the heading that is not blank."""
    reader = _Reader(columns, law, region)
    for number, cells in enumerate(
        sheet.grid[columns.heading_row + 1 :], start=columns.heading_row + 2
    ):
        if any(cell.strip() for cell in cells):
            yield reader.read(number, cells)


class _Reader:
    def __init__(self, columns: Columns, law: Law, region: str) -> None:
        self.columns, self.law, self.region = columns, law, region
        self.steps = [
            step for step, fields in self._steps() if fields & {*columns.fields, *columns.defaults}
        ]

    def _steps(self) -> list[tuple[Callable[[Entry, dict[str, str]], None], set[str]]]:
        """What is done with a row, in this order, and the columns that ask for it."""
        return [
            (self._name, {"name"}),
            (self._codes, {"code", "uscc", "local_code"}),
            (self._place, {"province", "city", "district", "division_code", "code"}),
            (self._kind, {"name"}),
            (self._level, {"level"}),
            (self._texts, {"scope", "address", "phone"}),
            (self._figures, {"beds", "operating_since", "bank_account"}),
            (self._offices, {name for role in OfficeRole for name in (str(role), f"{role}_id")}),
        ]

    def read(self, number: int, cells: list[str]) -> Entry:
        entry = Entry(number, cells)
        if any(cell.strip() for cell in cells[len(self.columns.headings) :]):
            entry.reject("", "单元格多于表头的列，可能错列。")
            return entry
        raw = {
            name: cells[index] for name, index in self.columns.fields.items() if index < len(cells)
        }
        for name, text in self.columns.defaults.items():
            raw[name] = raw.get(name) or text
        for step in self.steps:
            step(entry, raw)
        return entry

    def _name(self, entry: Entry, raw: dict[str, str]) -> None:
        name = names.clean_name(raw.get("name", ""))
        entry.name_key = names.name_key(name)
        if not entry.name_key:
            entry.reject("name", "机构名称为空。")
        elif len(name) > _LENGTHS["name"]:
            entry.reject("name", f"机构名称超过{_LENGTHS['name']}字。")
        entry.values["name"] = name

    def _codes(self, entry: Entry, raw: dict[str, str]) -> None:
        code, uscc = codes.tidy(raw.get("code", "")), codes.tidy(raw.get("uscc", ""))
        entry.local_code = names.clean(raw.get("local_code", ""))
        if code and self._good(entry, "code", codes.institution_code_fault(code, self.law)):
            entry.values["code"] = code
        if uscc and self._good(entry, "uscc", codes.uscc_fault(uscc, self.law)):
            entry.values["uscc"] = uscc
        if len(entry.local_code) > LOCAL_CODE_LENGTH:
            entry.reject("local_code", f"本地编号超过{LOCAL_CODE_LENGTH}字。")

    def _place(self, entry: Entry, raw: dict[str, str]) -> None:
        named, code = names.clean(raw.get("province", "")), codes.tidy(raw.get("division_code", ""))
        province = names.province(named, self.law) if named else None
        if named and province is None:
            entry.reject("province", f"省份“{named}”不存在。")
        if code:
            self._good(entry, "division_code", codes.division_fault(code, self.law))
        city, district = names.clean(raw.get("city", "")), names.clean(raw.get("district", ""))
        place = names.division(province.label if province else "", city, district) or code
        if len(place) > _LENGTHS["division"]:
            entry.reject("district", f"行政区划超过{_LENGTHS['division']}字。")
        elif place:
            entry.values["division"] = place
        if warning := codes.region_warning(
            entry.values.get("code", ""), code or self.region, self.law
        ):
            entry.warnings.append(warning)

    def _kind(self, entry: Entry, raw: dict[str, str]) -> None:
        stated, nature = raw.get("kind", ""), raw.get("nature", "")
        family = codes.family_of_code(entry.values.get("code", ""), self.law)
        guess = names.kind(entry.values["name"], [stated, nature], self.law, family)
        entry.values["kind"] = guess.kind or InstitutionKind.OTHER_MEDICAL
        entry.sure_kind = guess.sure
        if guess.kind is None:
            entry.warnings.append("机构类型无法识别，暂按“其他医疗机构”登记。")
        elif guess.sure and guess.kind.label != names.clean(stated):
            entry.warnings.append(
                f"机构类型“{names.clean(stated)}”与医保编码不符，按编码登记为“{guess.kind.label}”。"
            )
        if word := names.nature([nature, stated], self.law):
            entry.values["nature"] = word

    def _level(self, entry: Entry, raw: dict[str, str]) -> None:
        text = raw.get("level", "")
        level = names.level(text, self.law) if text.strip() else ""
        if level is None:
            entry.warnings.append(f"等级“{names.clean(text)}”无法识别，未采用。")
        elif level:
            entry.values["level"] = level

    def _texts(self, entry: Entry, raw: dict[str, str]) -> None:
        for name, label in (("scope", "经营范围"), ("address", "地址"), ("phone", "电话")):
            text = names.clean(raw.get(name, ""))
            if len(text) > _LENGTHS[name]:
                entry.warnings.append(f"{label}超过{_LENGTHS[name]}字，未采用。")
            elif text:
                entry.values[name] = text

    def _figures(self, entry: Entry, raw: dict[str, str]) -> None:
        beds, since = names.clean(raw.get("beds", "")), names.clean(raw.get("operating_since", ""))
        account = codes.tidy(raw.get("bank_account", ""))
        if beds:
            number = (
                int(beds) if beds.isascii() and beds.isdigit() and int(beds) <= MOST_BEDS else None
            )
            self._kept(entry, "beds", number, f"床位数“{beds}”不是整数，未采用。")
        if since:
            self._kept(entry, "operating_since", day(since), f"开业日期“{since}”不是日期，未采用。")
        if account:
            fits = (
                account
                if account.isascii() and account.isalnum() and len(account) <= ACCOUNT_LENGTH
                else None
            )
            self._kept(entry, "bank_account", fits, "银行账号含有数字、字母以外的字符，未采用。")

    def _offices(self, entry: Entry, raw: dict[str, str]) -> None:
        for role in OfficeRole:
            name, number = (
                names.clean_name(raw.get(role, "")),
                codes.tidy(raw.get(f"{role}_id", "")),
            )
            if not name and not number:
                continue
            if not name or not number:
                entry.warnings.append(f"{role.label}的姓名和证件号码不齐，未登记任职。")
            elif self._good(entry, f"{role}_id", codes.resident_id_fault(number, self.law)):
                entry.offices[role] = (name, number)

    def _good(self, entry: Entry, column: str, fault: str | None) -> bool:
        if fault:
            entry.reject(column, fault)
        return fault is None

    def _kept(self, entry: Entry, name: str, value: Any, otherwise: str) -> None:
        if value is None:
            entry.warnings.append(otherwise)
        else:
            entry.values[name] = value


def day(text: str) -> date | None:
    """2026-11-23, 2026/11/23, 2026年11月23日 or 20261123; None for anything else."""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    parts = [int(part) for part in found.groups() if part]
    try:
        return date(*parts)
    except ValueError:
        return None
