"""The lifecycle of money: a statement from the claim to the transfer."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

STATEMENT = Lifecycle(
    "statement",
    "费用申报",
    {
        "received": State(
            "待初审", "申报已收到，逐行初审", "审核中", "review", R.FIRST_AUDITOR, "费用初审"
        ),
        "returned": State("已退回", "申报与明细不符或者不完整，已退回重新申报", "已退回", "over"),
        "withdrawn": State("已撤回", "机构在初审前撤回", "已撤回", "na"),
        "first_audited": State(
            "待抽样",
            "初审完成，等待抽取复审样本",
            "审核中",
            "review",
            R.SECOND_AUDITOR,
            "抽取复审样本",
        ),
        "sampled": State(
            "复审中", "样本已经抽取，等待复审", "审核中", "review", R.SECOND_AUDITOR, "费用复审"
        ),
        "re_audited": State(
            "待告知",
            "复审完成，等待告知审核结果",
            "审核中",
            "review",
            R.SECOND_AUDITOR,
            "告知审核结果",
        ),
        "notified": State(
            "已告知",
            "拒付明细已经告知，机构可以在期限内申诉",
            "可以申诉",
            "due",
            R.CLERK,
            "申诉期满办理结算",
        ),
        "appealed": State(
            "申诉审理", "机构提出申诉，等待审理", "申诉审理中", "review", R.REVIEWER, "审理申诉"
        ),
        "judged": State("待结算", "审核结果已经确定", "结算中", "review", R.CLERK, "办理结算"),
        "settled": State(
            "待审批", "结算单已经生成，等待支付审批", "结算中", "review", R.LEADER, "支付审批"
        ),
        "approved": State("待拨付", "支付已经批准", "待拨付", "review", R.FINANCE, "拨付"),
        "paid": State("已拨付", "应付费用已经拨付", "已拨付", "ok"),
    },
    {
        "return": Move("退回申报", from_("received"), "returned", P.AUDIT_STATEMENT),
        "withdraw": Move("撤回申报", from_("received"), "withdrawn", P.WITHDRAW_STATEMENT),
        "first_audit": Move("完成初审", from_("received"), "first_audited", P.AUDIT_STATEMENT),
        "sample": Move("抽取复审样本", from_("first_audited"), "sampled", P.REAUDIT_STATEMENT),
        "re_audit": Move("完成复审", from_("sampled"), "re_audited", P.REAUDIT_STATEMENT),
        "notify": Move("告知拒付明细", from_("re_audited"), "notified", P.REAUDIT_STATEMENT),
        "clear": Move("确认没有拒付", from_("re_audited"), "judged", P.REAUDIT_STATEMENT),
        "notify_more": Move(
            "补充告知拒付", from_("judged", "paid"), "notified", P.REAUDIT_STATEMENT
        ),
        "appeal": Move("提出申诉", from_("notified"), "appealed", P.APPEAL_STATEMENT),
        "accept_findings": Move("确认没有申诉", from_("notified"), "judged", P.ACCEPT_FINDINGS),
        "judge": Move("作出申诉处理", from_("appealed"), "judged", P.JUDGE_STATEMENT),
        "settle": Move("办理结算", from_("judged"), "settled", P.SETTLE_STATEMENT),
        "settle_held": Move("办理暂缓费用结算", from_("judged"), "settled", P.SETTLE_STATEMENT),
        "close_held": Move("暂缓费用不予支付", from_("judged"), "paid", P.SETTLE_STATEMENT),
        "send_back": Move(
            "退回重新结算", from_("settled", "approved"), "judged", P.SEND_BACK_SETTLEMENT
        ),
        "hold_again": Move(
            "退回暂缓", from_("settled", "approved"), "paid", P.SEND_BACK_SETTLEMENT
        ),
        "approve": Move("批准支付", from_("settled"), "approved", P.APPROVE_PAYMENT),
        "pay": Move("拨付", from_("approved"), "paid", P.DISBURSE),
        "release": Move(
            "暂缓费用转应付", from_("settled", "approved", "paid"), "settled", P.RELEASE_HELD
        ),
    },
)
