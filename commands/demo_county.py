"""The demo county on paper: institutions and people that cannot be mistaken for real ones, with codes that pass.

Nobody living has an ID of 1900, no place has the division of nowhere, and every name says 示例 or 样例.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from stdnum.cn import ric, uscc

REGION = "990123"
STEMS, BRANCHES, MARKS = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "示样例拟演试"
HEADINGS = (
    "医保编码", "统一社会信用代码", "机构名称", "机构类型", "机构性质", "等级", "床位数", "经营范围", "地址",
    "联系电话", "开业日期", "银行账号", "法定代表人", "法定代表人证件号码", "主要负责人", "主要负责人证件号码",
    "实际控制人", "实际控制人证件号码",
)  # fmt: skip
COUNTY = (
    ("示例县人民医院", "综合医院", "公立", "二级甲等", 420),
    ("示例县中医院", "中医医院", "公立", "二级甲等", 260),
    ("示例县妇幼保健院", "妇幼保健院", "公立", "二级", 120),
    ("示例县第二人民医院", "综合医院", "公立", "二级乙等", 180),
)
TOWNSHIP = tuple(
    (f"样例镇{sign}卫生院", "乡镇卫生院", "公立", "一级", 24) for sign in STEMS + BRANCHES[:5]
)
PRIVATE = (
    ("示例甲医养结合医院", "综合医院", "民营", "一级", 80),
    ("示例乙医养结合医院", "综合医院", "民营", "一级", 60),
    ("示例丙医养结合医院", "康复医院", "民营", "一级", 60),
    ("示例丁医养结合医院", "护理院", "民营", "", 50),
    ("样例甲乙中医医院", "中医医院", "民营", "一级", 40),
    ("样例丙丁血液透析中心", "血液透析中心", "民营", "", 30),
)
MEDICAL = COUNTY + TOWNSHIP + PRIVATE
CHAIN = (2, 3)  # pharmacies of one chain: the same legal representative and controller
NEWCOMERS = ("综合门诊部", "中医诊所", "康复医院", "卫生室")
NEW_KINDS = {
    "综合门诊部": "门诊部",
    "中医诊所": "诊所",
    "康复医院": "康复医院",
    "卫生室": "村卫生室（所）",
}


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str


@dataclass(frozen=True)
class Place:
    """One institution as its row in the list says it. `family`: medical or pharmacy."""

    code: str
    family: str
    name: str
    kind: str
    nature: str
    level: str
    beds: int | None
    owner: Person
    principal: Person
    serial: int
    operating_since: date
    scope: str = field(default="")

    def row(self) -> list[str]:
        road = STEMS[self.serial % len(STEMS)]
        return [
            self.code, credit_code(self.serial), self.name, self.kind, self.nature, self.level,
            str(self.beds or ""), self.scope, f"示例县样例{road}路{self.serial}号", f"000-{5550000 + self.serial}",
            self.operating_since.isoformat(), f"{REGION}{self.serial:012d}", self.owner.name,
            self.owner.id_number, self.principal.name, self.principal.id_number, self.owner.name,
            self.owner.id_number,
        ]  # fmt: skip


def id_number(serial: int) -> str:
    """A valid number of somebody born from 1900 on, a thousand to a day."""
    born = date(1900, 1, 1) + timedelta(days=serial // 1000)
    body = f"110101{born:%Y%m%d}{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(serial: int) -> str:
    """A valid 统一社会信用代码 around a running organisation number."""
    organisation = f"{serial:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = (
        11
        - sum(int(sign) * weight for sign, weight in zip(organisation, weights, strict=True)) % 11
    )
    body = f"91{REGION}{organisation}" + {10: "X", 11: "0"}.get(rest, str(rest))
    return body + uscc.calc_check_digit(body)


def person(serial: int) -> Person:
    mark = MARKS[serial // (len(STEMS) * len(BRANCHES)) % len(MARKS)]
    stem, branch = STEMS[serial // len(BRANCHES) % len(STEMS)], BRANCHES[serial % len(BRANCHES)]
    return Person(f"{mark}{stem}{branch}", id_number(serial))


def people(first: int) -> Iterator[Person]:
    """Fresh people without end."""
    while True:
        yield person(first)
        first += 1


def county(medical: int, pharmacies: int, opened: date) -> list[Place]:
    """The institutions that are designated in the played year, hospitals first."""
    rows = [_medical(number, MEDICAL[number], opened) for number in range(medical)]
    return rows + [_pharmacy(number, opened) for number in range(pharmacies)]


def newcomers(count: int, opened: date, barred: Person | None) -> list[Place]:
    """`count` of each family that apply late in the year; one more pharmacy where a barred person is in charge."""
    rows = [_new_medical(number, opened) for number in range(count)]
    rows += [_new_pharmacy(number, opened, None) for number in range(count)]
    return rows + ([_new_pharmacy(count, opened, barred)] if barred else [])


def sheet(places: list[Place]) -> bytes:
    """The list as a clerk would have it: CSV with Chinese headings, as spreadsheets save it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(place.row() for place in places)
    return text.getvalue().encode("utf-8-sig")


def _medical(number: int, facts: tuple[str, str, str, str, int], opened: date) -> Place:
    name, kind, nature, level, beds = facts
    return Place(
        code=f"H{REGION}{number + 1:05d}",
        family="medical",
        name=name,
        kind=kind,
        nature=nature,
        level=level,
        beds=beds,
        owner=person(2 * number),
        principal=person(2 * number + 1),
        serial=number + 1,
        operating_since=opened - timedelta(days=400 + 97 * number),
        scope="预防保健科、内科、外科、妇产科、儿科、中医科",
    )


def _pharmacy(number: int, opened: date) -> Place:
    names = dict(zip(CHAIN, ("样例庚辛大药房连锁一分店", "样例庚辛大药房连锁二分店"), strict=True))
    sixty = f"{STEMS[number % len(STEMS)]}{BRANCHES[number % len(BRANCHES)]}"
    plain = f"示例{sixty}大药房" if number < len(STEMS) * 6 else f"样例{sixty}药店"
    owner = CHAIN[0] if number in CHAIN else number
    return Place(
        code=f"P{REGION}{number + 1:05d}",
        family="pharmacy",
        name="示例甲乙大药房" if number == 0 else names.get(number, plain),
        kind="零售药店",
        nature="民营",
        level="",
        beds=None,
        owner=person(100 + 2 * owner),
        principal=person(101 + 2 * number),
        serial=101 + number,
        operating_since=opened - timedelta(days=200 + 31 * number),
        scope="处方药与非处方药、中药饮片、医疗器械",
    )


def _new_medical(number: int, opened: date) -> Place:
    word = NEWCOMERS[number % len(NEWCOMERS)]
    return Place(
        code=f"H{REGION}{501 + number:05d}",
        family="medical",
        name=f"示例新{STEMS[number % len(STEMS)]}{BRANCHES[number % len(BRANCHES)]}{word}",
        kind=NEW_KINDS[word],
        nature="民营",
        level="",
        beds=30 if word == "康复医院" else None,
        owner=person(300 + 2 * number),
        principal=person(301 + 2 * number),
        serial=501 + number,
        operating_since=opened,
    )


def _new_pharmacy(number: int, opened: date, barred: Person | None) -> Place:
    return Place(
        code=f"P{REGION}{501 + number:05d}",
        family="pharmacy",
        name=f"示例新{STEMS[number % len(STEMS)]}{BRANCHES[number % len(BRANCHES)]}药店",
        kind="零售药店",
        nature="民营",
        level="",
        beds=None,
        owner=barred or person(360 + 2 * number),
        principal=person(361 + 2 * number),
        serial=601 + number,
        operating_since=opened,
    )
