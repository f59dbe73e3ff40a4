"""陈述申辩: nobody is dealt with unheard (条例 Art 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules import clocks
from rules.refusal import Refused
from rules.workdays import Workdays

BASIS = "《医疗保障基金使用监督管理条例》第十三条"


@dataclass(frozen=True)
class ViewsFacts:
    """`due_on` stands in the notice; `served_on` is its proof of service; `heard_on` the last statement."""

    family: str
    due_on: date | None
    served_on: date | None
    heard_on: date | None


def last_day(facts: ViewsFacts, workdays: Workdays) -> date | None:
    """The last day for views: the one in the notice, later when the notice was served later. None: never served."""
    if facts.due_on is None or facts.served_on is None:
        return None
    counted = clocks.due("views.due", facts.served_on, facts.family, workdays=workdays)
    return max(facts.due_on, counted.due)


def check_heard(facts: ViewsFacts, on: date, workdays: Workdays) -> None:
    """Refused until views were heard or their last day is over."""
    if facts.heard_on is not None:
        return
    last = last_day(facts, workdays)
    if last is None:
        raise Refused(
            "尚未听取陈述申辩，告知书也没有送达凭证，不能提出处理建议。",
            basis=BASIS,
            cure="请先送达处理意见告知书并登记凭证，或者记录当事人的陈述申辩。",
        )
    if on <= last:
        raise Refused(
            f"陈述申辩期限至 {last}，尚未届满，也没有收到陈述申辩。",
            basis=BASIS,
            cure=f"收到陈述申辩后，或者 {last} 以后再提出处理建议。",
        )
