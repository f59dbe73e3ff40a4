"""The lifecycles around leaving: what a group decides, what an institution asks for."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

COLLECTIVE_DECISION = Lifecycle(
    "collective_decision",
    "集体讨论",
    {
        "convened": State("待表决", "参会人员各自表决，全部完成后形成决定", "", "review"),
        "passed": State("讨论通过", "到会人数和同意票数符合规定", "", "ok"),
        "rejected": State("讨论未通过", "同意票数没有超过规定的比例，不得批准", "", "over"),
        "cancelled": State("已取消", "没有形成决定", "", "na"),
    },
    {
        "carry": Move("形成通过的决定", from_("convened"), "passed", P.CONVENE_DECISION),
        "turn_down": Move("形成不通过的决定", from_("convened"), "rejected", P.CONVENE_DECISION),
        "cancel": Move("取消讨论", from_("convened"), "cancelled", P.CONVENE_DECISION),
    },
)

WITHDRAWAL = Lifecycle(
    "withdrawal",
    "主动退出",
    {
        "requested": State(
            "待审核", "机构已申请，等待经办机构答复", "审核中", "review", R.REVIEWER, "审核退出申请"
        ),
        "agreed": State("已同意", "到计划日期由系统执行", "已同意", "ok"),
        "done": State("已执行", "已按计划日期执行", "已执行", "ok"),
        "declined": State("不同意", "协议继续履行", "不同意", "over"),
        "recalled": State("已撤回", "机构撤回申请", "已撤回", "na"),
        "void": State("不再执行", "协议已经结束或者情况有变", "不再执行", "na"),
    },
    {
        "agree": Move("同意退出申请", from_("requested"), "agreed", P.DECIDE_WITHDRAWAL),
        "decline": Move("不同意退出申请", from_("requested"), "declined", P.DECIDE_WITHDRAWAL),
        "recall": Move(
            "撤回退出申请", from_("requested", "agreed"), "recalled", P.REQUEST_WITHDRAWAL
        ),
        "carry_out": Move("执行退出申请", from_("agreed"), "done", P.CARRY_OUT_WITHDRAWAL),
        "void": Move("不再执行退出申请", from_("agreed"), "void", P.CARRY_OUT_WITHDRAWAL),
    },
)

INDICATION = Lifecycle(
    "indication",
    "疑似情形",
    {
        "open": State(
            "待核实",
            "发现的事实指向解除情形，由人员核实是否立案",
            "",
            "due",
            R.INSPECTOR,
            "核实疑似情形",
        ),
        "taken_up": State("已立案", "已经登记违规案件", "", "ok"),
        "set_aside": State("不予立案", "经核实不构成情形，理由留存", "", "na"),
    },
    {
        "take_up": Move("立案", from_("open"), "taken_up", P.REGISTER_CASE),
        "set_aside": Move("不予立案", from_("open"), "set_aside", P.SET_ASIDE_INDICATION),
    },
)

REGION_NOTICE = Lifecycle(
    "region_notice",
    "跨区通报",
    {
        "received": State(
            "待处理",
            "其他统筹区已作处理，等待本统筹区同时处理",
            "",
            "due",
            R.INSPECTOR,
            "处理跨区通报",
        ),
        "followed": State("已立案", "已经登记案件，按程序同时处理", "", "ok"),
        "set_aside": State("不同时处理", "理由留存备查", "", "na"),
    },
    {
        "follow": Move("同时处理", from_("received"), "followed", P.REGISTER_CASE),
        "set_aside": Move("不同时处理", from_("received"), "set_aside", P.SET_ASIDE_INDICATION),
    },
)
