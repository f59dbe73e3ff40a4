"""约谈: who may be called, how long ahead, and what its record has to say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from regulations import Row
from rules import clocks
from rules.refusal import Refused
from rules.words import Labelled
from rules.workdays import Workdays

AHEAD, OF_PERSON = "talk.ahead", "talk.of_person"
BASIS = "《医疗保障基金使用监督管理条例》第十三条"


class Host(Labelled):
    """Who holds the talk: the agency with the institution, or the institution with its own practitioner."""

    AGENCY = "agency", "经办机构约谈机构"
    INSTITUTION = "institution", "机构约谈本人"


class Side(Labelled):
    CALLED = "called", "被约谈人员"
    STAFF = "staff", "约谈人员"
    OTHER = "other", "其他参加人员"


@dataclass(frozen=True)
class Person:
    """Somebody at the talk, by name and capacity (法定代表人, 稽核岗 …)."""

    name: str
    capacity: str

    @property
    def text(self) -> str:
        return f"{self.capacity}{self.name}"


def step(day: date, family: str) -> Row:
    """The talk as the first step of the breach ladder (令3 Art 35 no. 1, 令2 Art 38 no. 1)."""
    rows = regulations.at(day, family).table("breach_ladder")
    return next(row for row in rows if row.extra["measure"] == "talk")


def mark(day: date) -> int:
    """The points of a year at which the institution talks to its practitioner."""
    return int(regulations.at(day).staff.talk_at.value)


def check_called(called: Sequence[Person]) -> None:
    """Refused when nobody is called, somebody has no name or capacity, or one stands there twice."""
    if not called:
        raise Refused("请写明约谈谁。", cure="填写被约谈人员的姓名和职务，一人一行。")
    if any(not (one.name.strip() and one.capacity.strip()) for one in called):
        raise Refused("被约谈人员须写明姓名和职务。", cure="例如：法定代表人 某某。")
    if len({(one.name, one.capacity) for one in called}) < len(called):
        raise Refused("被约谈人员重复。")


def earliest(on: date, family: str, workdays: Workdays) -> date:
    """The first day a talk told today may be held: the institution has time to prepare."""
    return clocks.due(rule=AHEAD, start=on, kind=family, workdays=workdays).due


def check_planned(planned_on: date, *, told_on: date, family: str, workdays: Workdays) -> None:
    """Refused for a day sooner than the notice reaches ahead."""
    first = earliest(told_on, family, workdays)
    if planned_on < first:
        ahead = regulations.at(told_on, family).talk.ahead
        raise Refused(
            f"约谈最早可以定在 {first}：须提前 {ahead.value} 个工作日通知。",
            basis=ahead.basis,
            cure=f"请改定 {first} 或者以后的日期。",
        )


def check_record(
    minutes: str, called: Sequence[Person], staff: Sequence[Person], day: date, family: str
) -> None:
    """Refused without minutes, without any of those called, or with too few who held it."""
    if not minutes.strip():
        raise Refused("请填写约谈记录。", cure="写明指出的问题、对方的说明和提出的要求。")
    if not called:
        raise Refused(
            "被约谈人员无人到场，不能登记为已约谈。", cure="请登记未到场，再改期或者归档。"
        )
    least = regulations.at(day, family).talk.staff
    if len(staff) < least.value:
        raise Refused(
            f"约谈人员不得少于 {least.value} 人，现在只有 {len(staff)} 人。",
            basis=least.basis,
            cure="请补全约谈人员的姓名和职务。",
        )
