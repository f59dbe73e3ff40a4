"""The lifecycles of a change: what an institution files, what the agency found unfiled, what is only told."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

AMENDMENT = Lifecycle(
    "amendment",
    "变更申请",
    {
        "draft": State("草稿", "变更申请尚未提交", "未提交", "na", R.INSTITUTION, "填报变更"),
        "submitted": State(
            "待审核", "变更申请已提交，等待经办审核", "已提交", "review", R.CLERK, "审核变更"
        ),
        "returned": State(
            "退回补正",
            "材料不齐或者填写有误，等待补正",
            "待补正",
            "back",
            R.INSTITUTION,
            "补正变更",
        ),
        "checked": State(
            "待复核", "经办审核通过，等待复核批准", "审核中", "review", R.REVIEWER, "复核变更"
        ),
        "escalated": State(
            "待领导决定",
            "拟任人员存在限制，须由领导书面决定",
            "审核中",
            "due",
            R.LEADER,
            "书面决定",
        ),
        "approved": State("已变更", "变更已批准，机构档案按期间更新", "已变更", "ok"),
        "refused": State("不予变更", "变更未获批准，机构档案不变", "不予变更", "over"),
        "withdrawn": State("已撤回", "变更申请已撤回", "已撤回", "na"),
    },
    {
        "submit": Move("提交变更申请", from_("draft", "returned"), "submitted", P.SUBMIT_AMENDMENT),
        "send_back": Move("退回补正", from_("submitted"), "returned", P.CHECK_AMENDMENT),
        "check": Move("审核通过", from_("submitted"), "checked", P.CHECK_AMENDMENT),
        "hand_back": Move("退回经办", from_("checked"), "submitted", P.APPROVE_AMENDMENT),
        "escalate": Move("提请领导决定", from_("checked"), "escalated", P.APPROVE_AMENDMENT),
        "allow": Move("决定准予", from_("escalated"), "checked", P.DECIDE_AMENDMENT),
        "deny": Move("决定不予变更", from_("escalated"), "refused", P.DECIDE_AMENDMENT),
        "approve": Move("批准变更", from_("checked"), "approved", P.APPROVE_AMENDMENT),
        "refuse": Move("不予变更", from_("checked"), "refused", P.APPROVE_AMENDMENT),
        "withdraw": Move(
            "撤回变更申请",
            from_("draft", "submitted", "returned", "checked", "escalated"),
            "withdrawn",
            P.WITHDRAW_AMENDMENT,
        ),
    },
)

UNFILED_CHANGE = Lifecycle(
    "unfiled_change",
    "未申请变更",
    {
        "found": State(
            "待核实", "发现信息变化，批准日期尚待核实", "", "review", R.CLERK, "核实批准日期"
        ),
        "noted": State(
            "等待申请",
            "批准日期已核实，机构应在期限内申请变更",
            "待申请",
            "due",
            R.INSTITUTION,
            "申请变更",
        ),
        "overdue": State(
            "逾期未申请",
            "期限已过仍未申请，由人决定是否立案",
            "逾期",
            "over",
            R.INSPECTOR,
            "决定是否立案",
        ),
        "charged": State("已立案", "已登记违规案件", "已立案", "over"),
        "settled": State("已补办", "机构已经提出变更申请", "已申请", "ok"),
        "dismissed": State("不成立", "经核实不属于应当申请的变更", "", "na"),
    },
    {
        "verify": Move("核实批准日期", from_("found"), "noted", P.NOTE_CHANGE),
        "propose": Move("提示解除情形", from_("noted"), "overdue", P.PROPOSE_CHANGE_GROUND),
        "charge": Move("立案", from_("overdue"), "charged", P.REGISTER_CASE),
        "settle": Move("补办变更", from_("found", "noted", "overdue"), "settled", P.SETTLE_CHANGE),
        "reopen": Move("恢复计时", from_("settled"), "noted", P.SETTLE_CHANGE),
        "dismiss": Move(
            "认定不成立", from_("found", "noted", "overdue"), "dismissed", P.DISMISS_CHANGE
        ),
    },
)

CHANGE_NOTICE = Lifecycle(
    "change_notice",
    "变更告知",
    {
        "told": State(
            "待登记", "机构已书面告知，等待登记", "已告知", "review", R.CLERK, "登记告知"
        ),
        "acknowledged": State("已登记", "告知事项已登记在案", "已登记", "ok"),
    },
    {
        "acknowledge": Move("登记告知", from_("told"), "acknowledged", P.ACKNOWLEDGE_NOTICE),
    },
)
