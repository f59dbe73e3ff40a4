"""National codes: which format, which check digit, which division inside. Formats are data (`code_formats`).

Every `…_fault` returns None for a good code and one Chinese sentence for a bad one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from stdnum.cn import ric, uscc

from regulations import Law, Row
from rules.kinds import MEDICAL, PHARMACY

_HIDDEN = re.compile(r"[\s\-\u00ad\u200b-\u200f\ufeff]")
_BY_FAMILY = {MEDICAL: "medical_institution", PHARMACY: "retail_pharmacy"}
_OPENING = 2  # digits of a division code that name the province
_FIRST_YEAR = 1850  # nobody who holds an ID was born before


def tidy(text: str) -> str:
    """Full-width characters made plain, spaces, hyphens and invisible characters removed, upper case."""
    return text and _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def uscc_fault(code: str, law: Law) -> str | None:
    """GB 32100: 18 characters without I O S V Z, the last one a check digit."""
    row = _formats(law)["uscc"]
    if fault := _format_fault(code, row):
        return fault
    return None if uscc.is_valid(code) else f"{row.label}“{code}”校验位不符。"


def resident_id_fault(number: str, law: Law) -> str | None:
    """GB 11643: known province, real birth date not after the law's day, check digit.

    Counties are not looked up: they come and go, and the number stays. The message never repeats the number.
    """
    row = _formats(law)["resident_id"]
    if len(number) != row.extra["length"] or not re.fullmatch(row.extra["regex"], number, re.ASCII):
        return f"{row.label}应为{row.extra['length']}位，末位可以是X。"
    if not number.removeprefix(row.extra["before_province"]).startswith(
        (*_provinces(law), *row.extra["also"])
    ):
        return f"{row.label}开头的地区码不存在。"
    if not _born(number, law.day):
        return f"{row.label}中的出生日期无效。"
    return None if ric.calc_check_digit(number) == number[-1] else f"{row.label}校验位不符。"


def institution_code_fault(code: str, law: Law, family: str | None = None) -> str | None:
    """`family`: medical or pharmacy when it is known which; None takes either."""
    rows = [_formats(law)[name] for of, name in _BY_FAMILY.items() if family in (None, of)]
    return _one_of(code, rows)


def practitioner_code_fault(code: str, law: Law, role: str) -> str | None:
    """A role with formats of its own takes only these; any other takes what the national field takes."""
    formats = _formats(law)
    rows = [row for row in formats.values() if role in row.extra.get("roles", ())]
    if rows:
        return _one_of(code, rows)
    return _format_fault(code, formats["practitioner_field"])


def family_of_code(code: str, law: Law) -> str | None:
    """Medical or pharmacy by the prefix of a well-formed national code."""
    for family, name in _BY_FAMILY.items():
        if re.fullmatch(_formats(law)[name].extra["regex"], code, re.ASCII):
            return family
    return None


def division_in(code: str, law: Law) -> str:
    """The six digits of the division inside a well-formed institution code, else an empty text."""
    family = family_of_code(code, law)
    if family is None:
        return ""
    start = _formats(law)[_BY_FAMILY[family]].extra["division_at"]
    return code[start : start + _formats(law)["division"].extra["length"]]


def division_fault(division: str, law: Law) -> str | None:
    row = _formats(law)["division"]
    if not re.fullmatch(row.extra["regex"], division, re.ASCII):
        return f"{row.label}“{division}”应为{row.extra['length']}位数字。"
    return None


def region_warning(code: str, region: str, law: Law) -> str | None:
    """The division inside a code should lie in the institution's region. Re-zoning happens, so this only warns."""
    division = division_in(code, law)
    inner = _significant(region)
    if not division or not inner or division.startswith(inner):
        return None
    return f"编码“{code}”内的区划{division}与所属区划{region}不一致，请核对是否因区划调整。"


def person_region_warning(code: str, region: str, law: Law) -> str | None:
    """The same for a person's code. People move and keep their code, so this only warns."""
    rows = [row for row in _formats(law).values() if row.extra.get("roles")]
    row = next((one for one in rows if re.fullmatch(one.extra["regex"], code, re.ASCII)), None)
    inner = _significant(region)
    if row is None or not inner:
        return None
    start = row.extra["division_at"]
    division = code[start : start + _formats(law)["division"].extra["length"]]
    if division.startswith(inner):
        return None
    return f"人员编码“{code}”内的区划{division}与所属区划{region}不一致，请核对是否由外地转入。"


def _significant(region: str) -> str:
    """A province or prefecture covers its counties: 990000 → 99, 990100 → 9901."""
    while len(region) > _OPENING and region.endswith("00"):
        region = region[:-2]
    return region


def _one_of(code: str, rows: Iterable[Row]) -> str | None:
    faults = [_format_fault(code, row) for row in rows]
    if None in faults:
        return None
    return next(
        (f for f, row in zip(faults, rows, strict=True) if code.startswith(row.extra["prefix"])),
        faults[0],
    )


def _format_fault(code: str, row: Row) -> str | None:
    if re.fullmatch(row.extra["regex"], code, re.ASCII):
        return None
    start = f"以{row.extra['prefix']}开头、" if row.extra["prefix"] else ""
    doubt = "" if row.confidence == "official" else "（编码规则请按本地文件核对）"
    length = row.extra["length"]
    if len(code) != length:
        return f"{row.label}应为{start}共{length}位，“{code}”为{len(code)}位{doubt}。"
    return f"{row.label}应为{start}共{length}位，“{code}”含有不允许的字符{doubt}。"


def _born(number: str, day: date) -> bool:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return birth.year >= _FIRST_YEAR and birth <= day


@lru_cache(maxsize=64)
def _formats(law: Law) -> dict[str, Row]:
    return {row.key: row for row in law.table("code_formats")}


@lru_cache(maxsize=64)
def _provinces(law: Law) -> tuple[str, ...]:
    return tuple(row.key for row in law.table("provinces"))
