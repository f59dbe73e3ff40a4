"""The ladder of measures below the agreement: which rung the law has, what a plan needs, who decides. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.roles import Role
from rules.words import Labelled, cn

Rung = regulations.Row
MOST_AMOUNT = 10**13  # 分


class CaseSource(Labelled):
    LEAD = "lead", "举报投诉线索"
    INSPECTION = "inspection", "检查发现"
    AUDIT = "audit", "费用审核发现"
    SELF_REPORT = "self_report", "自查自纠报告"
    INDICATION = "indication", "疑似情形"
    REGION = "region", "跨区通报"
    OTHER = "other", "其他来源"


class Step(Labelled):
    """One measure below suspension and termination. A case may take several."""

    TALK = "talk", "约谈"
    HOLD_PAYMENT = "hold_payment", "暂停结算"
    DENY = "deny", "不予支付"
    RECOVER = "recover", "追回费用"
    DAMAGES = "damages", "支付违约金"
    SUSPEND_STAFF = "suspend_staff", "中止人员或者部门服务"


class Destination(Labelled):
    """Where the money of a measure goes (条例 Art 45): never one account for two of them."""

    WITHHELD = "withheld", "未拨付，从应付费用中扣除"
    FUND = "fund", "退回基金财政专户"
    AGENCY = "agency", "协议约定的违约金账户"


class Level(Labelled):
    """Who decides about a measure; each reaches what the one before it reaches."""

    CHIEF = "chief", "科室负责人"
    LEADER = "leader", "分管领导"
    COLLECTIVE = "collective", "集体讨论后由分管领导决定"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    @property
    def desk(self) -> Role:
        return Role.CHIEF if self is Level.CHIEF else Role.LEADER


MONEY = (Step.DENY, Step.RECOVER, Step.DAMAGES)
OWED = (Step.RECOVER, Step.DAMAGES)  # the institution has to bring it
TIMED = (Step.HOLD_PAYMENT, Step.SUSPEND_STAFF)


@dataclass(frozen=True)
class Plan:
    """What is intended on one rung. `amount` in 分; `paid_on`: day on which the violating costs had been paid.

    `subject_text` names who is called to a talk, or the department; `clause` the clause of the agreement that damages
    rest on, `formula` how they are counted.
    """

    step: Step
    amount: int = 0
    paid_on: date | None = None
    from_on: date | None = None
    to_on: date | None = None
    subject_text: str = ""
    practitioner_id: int | None = None
    clause: str = ""
    formula: str = ""


def rung(step: Step, day: date, family: str) -> regulations.Row:
    """The rung of the law that holds this measure for the kind; Refused when there is none that day."""
    for row in _rungs(day, family):
        if step in row.extra["steps"]:
            return row
    raise Refused(f"{step.label}不在该类机构的违约处理措施之内。", cure="请选择列明的措施。")


def offered(day: date, family: str) -> list[tuple[Step, regulations.Row]]:
    """Every measure below the agreement for this kind, in the order of the ladder."""
    return [(Step(word), row) for row in _rungs(day, family) for word in row.extra["steps"]]


def _rungs(day: date, family: str) -> list[Rung]:
    """The ladder of the kind's own order, and what the regulation adds for the kind."""
    law = regulations.at(day, family)
    try:
        more = law.table("further_measures")
    except regulations.NotInForce:
        more = ()
    return [*law.table("breach_ladder"), *more]


def destination(step: Step, day: date) -> regulations.Row:
    """Where the money of this measure goes, with its article."""
    rows = regulations.at(day).table("money_destinations")
    return next(row for row in rows if row.extra["measure"] == step)


def check(plan: Plan, day: date, family: str) -> None:
    """Refused for a plan that the rung does not allow: without amount, person, clause or period where it needs one."""
    rung(plan.step, day, family)
    if plan.step in MONEY:
        _check_money(plan, day)
    elif plan.amount:
        raise Refused(
            f"{plan.step.label}没有金额。", cure="金额写在不予支付、追回费用或者支付违约金上。"
        )
    if plan.step in TIMED:
        _check_period(plan, day)
    if plan.step is Step.TALK and not plan.subject_text.strip():
        raise Refused("请写明约谈谁。", basis=rung(plan.step, day, family).basis)
    if plan.step is Step.SUSPEND_STAFF:
        _check_staff(plan)


def _check_money(plan: Plan, day: date) -> None:
    if not 0 < plan.amount < MOST_AMOUNT:
        raise Refused(f"请填写{plan.step.label}的金额。", cure="金额以元为单位，应当大于零。")
    if plan.step is Step.DENY and plan.paid_on:
        raise Refused(
            f"该费用已于 {plan.paid_on} 拨付，不能再不予支付。",
            cure="已经拨付的费用，请选择追回费用。",
        )
    if plan.step is Step.RECOVER and (plan.paid_on is None or plan.paid_on > day):
        raise Refused(
            "追回的是已经拨付的费用，请写明拨付日期。", cure="尚未拨付的费用，请选择不予支付。"
        )
    if plan.step is Step.DAMAGES and not (plan.clause.strip() and plan.formula.strip()):
        raise Refused("违约金只能依照协议约定收取。", cure="请写明协议条款和计算方法。")


def _check_period(plan: Plan, day: date) -> None:
    if plan.from_on is not None and plan.from_on < day:
        raise Refused(f"{plan.step.label}的起始日期已经过去。", cure="不填的，自决定之日起。")
    if plan.to_on is not None and (plan.from_on is None or plan.to_on < plan.from_on):
        raise Refused("请填写起始日期，截止日期不能早于起始日期。")


def _check_staff(plan: Plan) -> None:
    if bool(plan.practitioner_id) == bool(plan.subject_text.strip()):
        raise Refused(
            "请选择一名责任人员，或者写明一个责任部门。", cure="多人或者多个部门的，逐项登记。"
        )
    if plan.to_on is None:
        raise Refused("中止人员或者部门服务须写明起止日期。")


def check_amounts(plans: Iterable[Plan], found: int) -> None:
    """Refused when more is denied and recovered than the findings add up to. Both in 分."""
    claimed = sum(plan.amount for plan in plans if plan.step in (Step.DENY, Step.RECOVER))
    if claimed > found:
        raise Refused(
            f"不予支付和追回合计 {yuan(claimed)} 元，超过违规事实涉及金额 {yuan(found)} 元。",
            cure="请先登记违规事实明细，或者核对金额。",
        )


def levels(step: Step, day: date) -> list[Rung]:
    """The thresholds of this measure."""
    return [
        row for row in regulations.at(day).table("approval_levels") if row.extra["measure"] == step
    ]


def level(step: Step, amount: int, day: date) -> regulations.Row:
    """Who decides about this measure at this amount (分): the highest threshold reached."""
    rows = [row for row in levels(step, day) if row.extra["from_yuan"] * 100 <= amount]
    return max(rows, key=lambda row: int(row.extra["from_yuan"]))


def highest(rows: Iterable[regulations.Row]) -> regulations.Row | None:
    return max(rows, key=lambda row: Level(row.extra["level"]).rank, default=None)


def yuan(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


def said(plan: Plan, who: str = "") -> str:
    """The intended measure in one sentence, as the notice says it. `who`: name of the practitioner."""
    period = f"自{cn(plan.from_on) if plan.from_on else '决定载明之日'}起"
    period += f"至{cn(plan.to_on)}止" if plan.to_on else ""
    return {
        Step.TALK: f"约谈{plan.subject_text}",
        Step.HOLD_PAYMENT: f"{period}暂停结算医疗保障费用",
        Step.DENY: f"对违规费用{yuan(plan.amount)}元不予支付",
        Step.RECOVER: f"追回已经支付的违规费用{yuan(plan.amount)}元",
        Step.DAMAGES: f"依照协议{plan.clause}要求支付违约金{yuan(plan.amount)}元（{plan.formula}）",
        Step.SUSPEND_STAFF: f"{period}中止{who or plan.subject_text}涉及医疗保障基金使用的医药服务",
    }[plan.step]
