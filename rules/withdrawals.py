"""主动退出: an institution asks to suspend, to end or not to renew (令3 Art 39, 41; 令2 Art 42, 44). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules import suspensions
from rules.clocks import add_months
from rules.refusal import Refused
from rules.words import Labelled, cn

ONE_DAY = timedelta(days=1)


class ExitAct(Labelled):
    SUSPEND = "suspend", "中止协议"
    TERMINATE = "terminate", "解除协议"
    NOT_RENEW = "not_renew", "不再续签"


@dataclass(frozen=True)
class ExitFacts:
    """`from_on`: the first day without the agreement; `to_on`: the last day of a suspension."""

    act: ExitAct
    family: str
    nature: str
    requested_on: date
    term_to: date
    from_on: date
    to_on: date | None = None


def row(act: ExitAct, day: date, family: str, nature: str) -> regulations.Row:
    """The provision that governs: the one for public institutions where it speaks of this act."""
    law = regulations.at(day, family)
    public = next(one.extra["value"] for one in law.table("nature_words") if one.key == "public")
    found = [
        one
        for one in law.table("voluntary_exit")
        if act in one.extra["acts"]
        and (one.extra["nature"] == "any" or (one.extra["nature"] == "public" and nature == public))
    ]
    return next((one for one in found if not one.extra["allowed"]), found[0])


def barred(act: ExitAct, day: date, family: str, nature: str) -> regulations.Row | None:
    """The provision that forbids the act to this institution, if one does."""
    found = row(act, day, family, nature)
    return None if found.extra["allowed"] else found


def earliest(requested_on: date, family: str) -> date:
    """The first day that may be asked for: the same day so many months later, or that month's last day."""
    return add_months(requested_on, notice(requested_on, family).value)


def notice(day: date, family: str) -> regulations.Value:
    law = regulations.at(day, family)
    value: regulations.Value = law.agreement.voluntary_notice
    return value


def check(facts: ExitFacts) -> None:
    """Refused to a public institution, with less notice than the law wants, or outside the term."""
    forbidding = barred(facts.act, facts.requested_on, facts.family, facts.nature)
    if forbidding is not None:
        raise Refused(
            f"{forbidding.label}，不能申请{facts.act.label}。",
            basis=forbidding.basis,
            cure="可以申请不再续签；因停业、歇业等情形的，请及时报告经办机构。",
        )
    _check_notice(facts)
    if facts.act is ExitAct.NOT_RENEW:
        if facts.from_on != facts.term_to + ONE_DAY:
            raise Refused("不再续签从协议期满次日起，不需要另定日期。")
        return
    if facts.from_on > facts.term_to:
        raise Refused(
            f"计划日期在协议期限（至 {facts.term_to}）之后。", cure="可以改为申请不再续签。"
        )
    if facts.act is ExitAct.SUSPEND:
        _check_pause(facts)


def _check_notice(facts: ExitFacts) -> None:
    first, needed = (
        earliest(facts.requested_on, facts.family),
        notice(facts.requested_on, facts.family),
    )
    if facts.from_on >= first:
        return
    late = facts.act is ExitAct.NOT_RENEW
    raise Refused(
        f"须提前 {needed.value} 个月申请：今日申请的，最早 {first} 起"
        + (f"，而协议期满次日为 {facts.from_on}。" if late else "。"),
        basis=needed.basis,
        cure="不申请续签的，协议到期后依照规定处理。"
        if late
        else f"请把计划日期改为 {first} 或者以后。",
    )


def _check_pause(facts: ExitFacts) -> None:
    if facts.to_on is None:
        last = suspensions.last_day(facts.from_on, facts.family)
        raise Refused(
            "申请中止须写明截止日期。",
            basis=suspensions.longest(facts.from_on, facts.family).basis,
            cure=f"自 {facts.from_on} 起最迟可以填写 {last}。",
        )
    suspensions.check_period(facts.from_on, facts.to_on, facts.family)


def consequences(facts: ExitFacts) -> list[str]:
    """What follows, in sentences for the institution that asks and for whoever decides."""
    start = cn(facts.from_on)
    if facts.act is ExitAct.SUSPEND:
        last = suspensions.last_day(facts.from_on, facts.family)
        until = cn(facts.to_on) if facts.to_on else "恢复之日"
        return [
            f"自{start}起至{until}止中止协议，期间发生的医疗保障费用不予结算。",
            "中止期满仍在协议期限内的，协议继续履行；协议期限已过的，协议终止。",
            f"最迟中止至{cn(last)}，超过仍未申请恢复的，协议终止。",
            "本次中止由单位主动申请，不计入被中止的次数。",
        ]
    if facts.act is ExitAct.TERMINATE:
        return [
            f"自{start}起解除协议，此后发生的医疗保障费用不予结算。",
            "解除以前依照协议发生的费用，经审核后照常结算。",
            "主动申请的解除不产生限制期，符合条件的可以重新申请定点；解除名单向社会公布。",
        ]
    return [
        f"协议履行至{cn(facts.term_to)}期满，{start}起不再续签。",
        "期满以前协议照常履行；不产生限制期，符合条件的可以重新申请定点。",
    ]
