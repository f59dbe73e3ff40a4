"""The lifecycles of what follows a finding: it is put right, or it is referred to another authority."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

RECTIFICATION = Lifecycle(
    "rectification",
    "整改",
    {
        "ordered": State("整改中", "已下达整改通知，等待机构整改", "整改中", "due"),
        "submitted": State(
            "待验收", "机构已提交整改情况，等待验收", "待验收", "review", R.INSPECTOR, "验收整改"
        ),
        "returned": State("退回整改", "验收没有全部通过，机构继续整改", "需要继续整改", "over"),
        "closed": State("已销号", "全部事项有证明并经验收", "已通过验收", "ok"),
        "cancelled": State("已撤销", "整改通知撤销，理由留存", "已撤销", "na"),
    },
    {
        "submit": Move(
            "提交整改", from_("ordered", "returned"), "submitted", P.REPORT_RECTIFICATION
        ),
        "return": Move("退回整改", from_("submitted"), "returned", P.VERIFY_RECTIFICATION),
        "close": Move("验收销号", from_("submitted"), "closed", P.VERIFY_RECTIFICATION),
        "cancel": Move(
            "撤销整改",
            from_("ordered", "submitted", "returned"),
            "cancelled",
            P.CANCEL_RECTIFICATION,
        ),
    },
)

REFERRAL = Lifecycle(
    "referral",
    "移送",
    {
        "drafted": State(
            "待批准", "拟移送其他机关，等待负责人批准", "", "review", R.LEADER, "批准移送"
        ),
        "sent": State(
            "待回执", "移送函已发出，等待对方回执", "", "due", R.INSPECTOR, "登记移送回执"
        ),
        "received": State("已接收", "对方已出具回执，等待处理结果", "", "ok"),
        "answered": State("已反馈", "对方已反馈处理结果", "", "ok"),
        "declined": State("不予接收", "对方不予接收，理由留存，由人员决定是否另行移送", "", "over"),
        "cancelled": State("不予移送", "负责人不予移送，理由留存", "", "na"),
    },
    {
        "approve": Move("批准移送", from_("drafted"), "sent", P.APPROVE_REFERRAL),
        "cancel": Move("不予移送", from_("drafted"), "cancelled", P.APPROVE_REFERRAL),
        "receive": Move("登记回执", from_("sent"), "received", P.FOLLOW_REFERRAL),
        "decline": Move("登记不予接收", from_("sent"), "declined", P.FOLLOW_REFERRAL),
        "answer": Move("登记处理结果", from_("received"), "answered", P.FOLLOW_REFERRAL),
    },
)
