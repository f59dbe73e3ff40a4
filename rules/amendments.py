"""变更: what must be filed, what each field takes, until when, what an unfiled one means (令3 Art 37; 令2 Art 40)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import regulations
from regulations import NotInForce
from rules import clocks, codes, measures, names
from rules.clock_words import UNITS
from rules.clocks import Deadline
from rules.kinds import InstitutionKind
from rules.persons import OfficeRole
from rules.refusal import Refused
from rules.workdays import Workdays

RULE = "agreement.change_report"
CURE = "请核对批准文件后重新填写。"
TRIGGER = "change_overdue"
MOST_BEDS = 100_000
SHOWN = 4  # digits of an account
UNGRADED = "未定级"  # how an empty level is written


class Shape(StrEnum):
    """How the new value is typed."""

    TEXT = "text"
    PERSON = "person"
    CHOICE = "choice"
    COUNT = "count"
    ACCOUNT = "account"


_SHAPES = {
    **dict.fromkeys(("name", "address", "scope"), Shape.TEXT),
    **dict.fromkeys(map(str, OfficeRole), Shape.PERSON),
    **dict.fromkeys(("nature", "level", "kind"), Shape.CHOICE),
    "beds": Shape.COUNT,
    "bank_account": Shape.ACCOUNT,
}


@dataclass(frozen=True)
class Listed:
    """A fact whose change must be filed, with the words of the kind's own order."""

    field: str
    label: str
    basis: str
    shape: Shape


@dataclass(frozen=True)
class Effect:
    """What the change brings about. `evaluate`: whether to evaluate anew is a question to the local paper."""

    text: str
    evaluate: bool
    confidence: str


def listed(day: date, family: str | None) -> tuple[Listed, ...]:
    """Every fact whose change the kind must file, in the order of the text; None: of both kinds."""
    rows = regulations.at(day, family).table("change_triggers")
    return tuple(
        Listed(str(row.extra["field"]), row.label, row.basis, _SHAPES[row.extra["field"]])
        for row in rows
    )


def named(field: str, day: date, family: str) -> Listed:
    """Refused for a fact outside the list: that is told in writing, not filed."""
    found = next((one for one in listed(day, family) if one.field == field), None)
    if found is None:
        raise Refused(
            "该事项不属于须申请变更的重大信息。",
            basis=listed(day, family)[0].basis,
            cure="请在“书面告知”中及时告知经办机构。",
        )
    return found


def limit(day: date, family: str) -> str:
    """The time there is, in words: 30 个工作日."""
    value = regulations.at(day, family).value(RULE)
    return f"{value.value} {UNITS[value.unit]}"


def effect(field: str, day: date, family: str) -> Effect:
    rows = regulations.at(day, family).table("change_effects")
    row = next(row for row in rows if row.extra["field"] == field)
    return Effect(row.label, bool(row.extra["evaluate"]), row.confidence)


def cleaned(listed_one: Listed, text: str, day: date, family: str) -> str:
    """The new value as it is stored. Refused when the field does not take it."""
    law = regulations.at(day, family)
    if listed_one.shape is Shape.ACCOUNT:
        return _account(codes.tidy(text), law)
    if listed_one.shape is Shape.COUNT:
        return _count(text)
    if listed_one.field == "kind":
        return _kind(text, family)
    if listed_one.field == "level":
        found = names.level(text, law)
        return _word(UNGRADED if found == "" else found, listed_one.label)
    if listed_one.field == "nature":
        return _word(names.nature([text], law), listed_one.label)
    value = names.clean_name(text) if listed_one.field == "name" else names.clean(text)
    return _word(value, listed_one.label)


def shown(listed_one: Listed, value: str) -> str:
    """The new value as pages show it."""
    if listed_one.shape is Shape.ACCOUNT:
        return masked_account(value)
    return InstitutionKind(value).label if listed_one.field == "kind" else value


def person(id_number: str, day: date) -> str:
    """The ID number as it is stored. Refused when it cannot be one."""
    number = codes.tidy(id_number)
    if fault := codes.resident_id_fault(number, regulations.at(day)):
        raise Refused(fault, cure="请核对身份证件后重新填写。")
    return number


def masked_account(number: str) -> str:
    """Only the last four digits tell two accounts apart on a page."""
    return f"****{number[-SHOWN:]}" if len(number) > SHOWN else "*" * len(number)


def check_days(approved_on: date, effective_on: date, on: date) -> None:
    """Refused for an approval that is to come, or an effect before the approval."""
    if approved_on > on:
        raise Refused("批准日期晚于今天。", cure="请在有关部门批准之后提出申请。")
    if effective_on < approved_on:
        raise Refused("生效日期早于批准日期。", cure=CURE)


def deadline(approved_on: date, family: str, workdays: Workdays) -> Deadline | None:
    """Until when the change must be filed: from the day the authority approved it.

    None where no order limited it on that day, or the limit reaches into a year whose days off are not announced.
    """
    try:
        regulations.at(approved_on, family).value(RULE)
        return clocks.due(rule=RULE, start=approved_on, kind=family, workdays=workdays)
    except (NotInForce, Refused):
        return None


def require_rule(approved_on: date, family: str) -> None:
    """Refused where no order limited the filing on the day of approval."""
    try:
        regulations.at(approved_on, family).value(RULE)
    except NotInForce as reason:
        raise Refused(
            "批准当日还没有规定申请变更的期限，不计逾期。", cure="请核对批准日期。"
        ) from reason


def is_late(due: date | None, filed_on: date) -> bool:
    """The due day itself is still in time. A limit nobody can compute yet has not passed."""
    return due is not None and filed_on > due


def ground(day: date, family: str) -> regulations.Row:
    """The ground of termination that an unfiled change may be (令3 40(9), 令2 43(6))."""
    row = measures.by_trigger(TRIGGER, day, family)
    if row is None:
        raise NotInForce(f"no ground of termination is noticed by {TRIGGER} on {day}")
    return row


def _account(value: str, law: regulations.Law) -> str:
    row = next(row for row in law.table("code_formats") if row.key == "bank_account")
    if not re.fullmatch(row.extra["regex"], value, re.ASCII):
        raise Refused(
            f"{row.label}应为数字，最多{row.extra['length']}位。", cure="请核对开户证明。"
        )
    return value


def _count(text: str) -> str:
    value = names.clean(text)  # a hyphen counts here: −3 beds are not 3
    if not (value.isascii() and value.isdigit()) or int(value[:9]) > MOST_BEDS:
        raise Refused(f"床位数应为 0 至 {MOST_BEDS} 的整数。", cure=CURE)
    return str(int(value))


def _kind(text: str, family: str) -> str:
    found = next((kind for kind in InstitutionKind if text in (str(kind), kind.label)), None)
    if found is None or found.family != family:
        raise Refused(
            "机构类别不在本类机构的范围内。",
            cure="医疗机构与零售药店之间不能变更，应当重新申请定点。",
        )
    return str(found)


def _word(value: str | None, label: str) -> str:
    if not value:
        raise Refused(f"变更后的{label}为空，或者不是规定的写法。", cure=CURE)
    return value
