"""The lifecycle of supervision: the violation case."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

VIOLATION = Lifecycle(
    "violation",
    "违规案件",
    {
        "clue": State("核查中", "线索正在核查，尚未立案", "", "review", R.INSPECTOR, "核查线索"),
        "set_aside": State("不予立案", "线索不成立或者不应立案", "", "na"),
        "registered": State(
            "待告知", "事实已登记，尚未告知拟处理意见", "", "review", R.INSPECTOR, "告知拟处理意见"
        ),
        "heard": State(
            "听取申辩", "已告知，等待陈述申辩或者期满", "", "review", R.INSPECTOR, "提出处理建议"
        ),
        "proposed": State("待复核", "处理建议等待复核", "", "review", R.REVIEWER, "复核处理建议"),
        "reviewed": State(
            "待批准", "处理建议等待负责人决定", "", "review", R.LEADER, "批准处理决定"
        ),
        "decided": State(
            "待送达", "决定已作出，等待送达凭证", "", "due", R.INSPECTOR, "送达处理决定"
        ),
        "closed": State("已办结", "决定已送达并执行", "", "ok"),
        "dismissed": State("不予处理", "事实不成立或者不应处理", "", "na"),
    },
    {
        "take_up": Move("立案", from_("clue"), "registered", P.REGISTER_CASE),
        "set_aside": Move("不予立案", from_("clue"), "set_aside", P.SET_ASIDE_CLUE),
        "give_notice": Move("告知拟处理意见", from_("registered"), "heard", P.GIVE_VIEWS_NOTICE),
        "adopt": Move("依跨区决定提出处理建议", from_("registered"), "proposed", P.PROPOSE_MEASURE),
        "revise": Move("重新拟定处理意见", from_("heard"), "registered", P.PLAN_MEASURE),
        "propose": Move("提出处理建议", from_("heard"), "proposed", P.PROPOSE_MEASURE),
        "review": Move("复核通过", from_("proposed"), "reviewed", P.REVIEW_MEASURE),
        "approve": Move("批准处理决定", from_("reviewed"), "decided", P.APPROVE_MEASURE),
        "close": Move("登记送达并办结", from_("decided"), "closed", P.RECORD_SERVICE),
        "dismiss": Move("不予处理", from_("heard", "proposed"), "dismissed", P.DISMISS_CASE),
    },
)

CASE_MEASURE = Lifecycle(
    "case_measure",
    "处理措施",
    {
        "planned": State("拟采取", "已拟定，尚未决定", "", "review"),
        "struck": State("不再采取", "听取陈述申辩后不再采取", "", "na"),
        "decided": State("待执行", "已经决定，尚未执行完毕", "", "due"),
        "executed": State("已执行", "已经执行完毕", "", "ok"),
    },
    {
        "strike": Move("不再采取", from_("planned"), "struck", P.PLAN_MEASURE),
        "decide": Move("决定措施", from_("planned"), "decided", P.APPROVE_MEASURE),
        "execute": Move("登记执行完毕", from_("decided"), "executed", P.RECORD_EXECUTION),
        "settle": Move("款项结清", from_("decided"), "executed", P.SETTLE_MEASURE),
    },
)

REMITTANCE = Lifecycle(
    "remittance",
    "到账登记",
    {
        "recorded": State(
            "待核对", "已登记，核对前不计入", "", "review", R.REVIEWER, "核对到账登记"
        ),
        "planned": State("待抵扣", "随费用拨付时从应付费用中抵扣，此前不计入", "", "review"),
        "confirmed": State("已入账", "计入措施的已收金额", "", "ok"),
        "rejected": State("已退回", "登记有误，不计入", "", "na"),
    },
    {
        "confirm": Move("确认到账", from_("recorded"), "confirmed", P.CONFIRM_REMITTANCE),
        "plan": Move("列入抵扣", from_("recorded"), "planned", P.RECORD_REMITTANCE),
        "offset": Move("从应付费用中抵扣", from_("planned"), "confirmed", P.RECORD_REMITTANCE),
        "reject": Move("退回到账登记", from_("recorded"), "rejected", P.CONFIRM_REMITTANCE),
        "drop": Move("撤销抵扣", from_("planned"), "rejected", P.CONFIRM_REMITTANCE),
    },
)
