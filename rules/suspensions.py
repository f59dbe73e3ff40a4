"""中止: how long it may last, when it is over by itself, and what its end brings (令3 Art 39, 令2 Art 42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import regulations
from rules.refusal import Refused

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SuspensionFacts:
    """`served_on`: the day the notice of suspension was served, None without proof.

    `returned_on`: the last day on which a request to resume was sent back.
    """

    family: str
    from_on: date
    to_on: date | None
    term_to: date
    requested_on: date | None = None
    returned_on: date | None = None
    served_on: date | None = None


class End(StrEnum):
    """What is to be done with an open suspension on a day."""

    WAIT = "wait"
    RESUME = "resume"
    LAPSE = "lapse"
    ASK_A_PERSON = "ask_a_person"


@dataclass(frozen=True)
class Verdict:
    """`on`: the first day on which the end has effect. `why` is a sentence for the log and the letter."""

    end: End
    why: str
    basis: str = ""
    on: date | None = None


def last_day(from_on: date, family: str) -> date:
    """The last of the natural days a suspension may last; the first day is not counted, rest days do not move it."""
    return from_on + timedelta(days=longest(from_on, family).value)


def check_period(from_on: date, to_on: date | None, family: str) -> None:
    """Refused when the period ends before it begins or is longer than the law allows."""
    if to_on is None:
        return
    limit = longest(from_on, family)
    if to_on < from_on:
        raise Refused("中止的截止日期早于起始日期。", cure="请核对中止期间。")
    if to_on > last_day(from_on, family):
        raise Refused(
            f"中止期间最长 {limit.value} 日，自 {from_on} 起最迟至 {last_day(from_on, family)}。",
            basis=limit.basis,
            cure="请缩短中止期间。",
        )


def overdue(facts: SuspensionFacts, day: date) -> Verdict:
    """Is the suspension past its longest time without a request to resume, so that the agreement ends by itself?

    Nobody's agreement ends without proof that the suspension was made known in time: then a person has to decide.
    """
    limit = longest(facts.from_on, facts.family)
    last = last_day(facts.from_on, facts.family)
    if day <= last:
        return Verdict(End.WAIT, f"中止最长至 {last}，尚未届满。", limit.basis)
    if facts.requested_on is not None:
        return Verdict(End.WAIT, f"机构已于 {facts.requested_on} 申请恢复，等待审核。", limit.basis)
    if facts.returned_on is not None:
        return Verdict(
            End.ASK_A_PERSON,
            f"中止已于 {last} 届满，期间提出过恢复申请，{facts.returned_on} 因整改不到位退回。",
            limit.basis,
        )
    if facts.served_on is None:
        return Verdict(
            End.ASK_A_PERSON, f"中止已于 {last} 届满，但没有中止通知书的送达凭证。", limit.basis
        )
    if facts.served_on > last:
        return Verdict(
            End.ASK_A_PERSON,
            f"中止通知书 {facts.served_on} 才送达，晚于最长期限 {last}。",
            limit.basis,
        )
    row = _end_reason(facts, last + ONE_DAY, "suspended_too_long")
    why = f"中止自 {facts.from_on} 起已超过 {limit.value} 日，期间未申请恢复履行协议"
    return Verdict(End.LAPSE, why, row.basis, last + ONE_DAY)


def ended(facts: SuspensionFacts, day: date) -> Verdict:
    """What follows when the decided period is over: within the term the agreement goes on, past it it ends."""
    if facts.to_on is None or day <= facts.to_on:
        return Verdict(End.WAIT, "中止期间尚未届满。")
    first = facts.to_on + ONE_DAY
    if facts.term_to < first:
        row = _end_reason(facts, first, "expired_suspended")
        return Verdict(
            End.LAPSE,
            f"中止于 {facts.to_on} 期满，协议期限已于 {facts.term_to} 届满",
            row.basis,
            first,
        )
    return Verdict(
        End.RESUME,
        f"中止于 {facts.to_on} 期满，协议继续履行",
        longest(first, facts.family).basis,
        first,
    )


def enough_to_terminate(count: int, day: date, family: str) -> regulations.Value | None:
    """The parameter that is reached when an agreement was suspended `count` times within its term, else None."""
    limit: regulations.Value = regulations.at(day, family).agreement.suspend_count_terminate
    return limit if count >= limit.value else None


def longest(from_on: date, family: str) -> regulations.Value:
    """The longest time of a suspension, by the law of the day it begins."""
    limit: regulations.Value = regulations.at(from_on, family).agreement.suspend_max
    return limit


def _end_reason(facts: SuspensionFacts, first: date, reason: str) -> regulations.Row:
    """By the law of the first day on which it has effect, however late the night looks at it."""
    rows = regulations.at(first, facts.family).table("end_reasons")
    return next(row for row in rows if row.key.endswith(reason))
