"""The lifecycles of points: the entry, its correction, the appeal against it, and restoration."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

DEDUCTION = Lifecycle(
    "deduction",
    "记分",
    {
        "recorded": State("待复核", "已登记，复核前不计入", "", "review", R.REVIEWER, "复核记分"),
        "confirmed": State("已计入", "计入当年累计记分", "", "ok"),
        "rejected": State("复核未通过", "不计入累计记分", "", "na"),
    },
    {
        "confirm": Move("确认记分", from_("recorded"), "confirmed", P.CONFIRM_DEDUCTION),
        "reject": Move("退回记分", from_("recorded"), "rejected", P.CONFIRM_DEDUCTION),
    },
)

REVERSAL = Lifecycle(
    "reversal",
    "记分更正",
    {
        "recorded": State(
            "待复核", "更正已登记，复核前原记分仍然有效", "", "review", R.REVIEWER, "复核记分更正"
        ),
        "confirmed": State("已更正", "原记分已冲销，措施随之调整", "", "ok"),
        "rejected": State("复核未通过", "原记分不变", "", "na"),
    },
    {
        "confirm": Move("确认更正", from_("recorded"), "confirmed", P.CONFIRM_REVERSAL),
        "reject": Move("退回更正", from_("recorded"), "rejected", P.CONFIRM_REVERSAL),
    },
)

APPEAL = Lifecycle(
    "appeal",
    "记分申诉",
    {
        "lodged": State(
            "待核查", "申诉已收到，由未参与原记分的人员核查", "", "review", R.CHIEF, "核查记分申诉"
        ),
        "examined": State(
            "待决定", "已核查，等待负责人决定", "", "review", R.LEADER, "决定记分申诉"
        ),
        "upheld": State("维持", "申诉理由不成立，原记分维持", "", "na"),
        "corrected": State("已更正", "申诉理由成立，原记分已更正", "", "ok"),
        "withdrawn": State("已撤回", "申诉人撤回，原记分继续有效", "", "na"),
    },
    {
        "examine": Move("提出核查意见", from_("lodged"), "examined", P.EXAMINE_APPEAL),
        "send_back": Move("退回核查", from_("examined"), "lodged", P.DECIDE_APPEAL),
        "uphold": Move("维持原记分", from_("examined"), "upheld", P.DECIDE_APPEAL),
        "correct": Move("更正原记分", from_("examined"), "corrected", P.DECIDE_APPEAL),
        "withdraw": Move("撤回申诉", from_("lodged", "examined"), "withdrawn", P.LODGE_APPEAL),
    },
)

RESTORATION = Lifecycle(
    "restoration",
    "记分修复",
    {
        "requested": State(
            "待核对", "已申请，等待核对参加证明", "", "review", R.REVIEWER, "核对记分修复"
        ),
        "confirmed": State("已修复", "分值已从当年累计中减除", "", "ok"),
        "rejected": State("未通过", "不减除分值", "", "na"),
    },
    {
        "confirm": Move("确认修复", from_("requested"), "confirmed", P.CONFIRM_RESTORATION),
        "reject": Move("退回修复申请", from_("requested"), "rejected", P.CONFIRM_RESTORATION),
    },
)
