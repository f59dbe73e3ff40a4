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
