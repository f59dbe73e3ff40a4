"""The lifecycles around persons: the regulatory talk, and the way back to the payment qualification."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

TALK = Lifecycle(
    "talk",
    "约谈",
    {
        "called": State(
            "待约谈", "约谈通知书已印发", "待约谈", "due", R.INSPECTOR, "约谈并登记记录"
        ),
        "missed": State(
            "未到场", "被约谈人员没有到场", "未到场", "over", R.INSPECTOR, "改期或者归档"
        ),
        "held": State(
            "待归档", "已约谈，等待签字记录归档", "已约谈", "review", R.INSPECTOR, "约谈记录归档"
        ),
        "filed": State("已归档", "签字记录或者未到场情况已归档", "已归档", "ok"),
        "cancelled": State("已取消", "不再约谈，理由留存", "已取消", "na"),
    },
    {
        "postpone": Move("改期", from_("called", "missed"), "called", P.CALL_TALK),
        "miss": Move("登记未到场", from_("called"), "missed", P.HOLD_TALK),
        "hold": Move("登记约谈记录", from_("called"), "held", P.HOLD_TALK),
        "file": Move("约谈记录归档", from_("held"), "filed", P.FILE_TALK),
        "file_missed": Move("按未到场归档", from_("missed"), "filed", P.FILE_TALK),
        "cancel": Move("取消约谈", from_("called", "missed"), "cancelled", P.CANCEL_TALK),
    },
)

REINSTATEMENT = Lifecycle(
    "reinstatement",
    "恢复支付资格申请",
    {
        "requested": State(
            "待审核", "等待经办机构审核", "审核中", "review", R.REVIEWER, "审核恢复支付资格申请"
        ),
        "agreed": State("已恢复", "支付资格已经恢复", "已恢复", "ok"),
        "declined": State("不予恢复", "理由已告知，可以再次申请", "不予恢复", "over"),
        "withdrawn": State("已撤回", "机构撤回申请", "已撤回", "na"),
    },
    {
        "agree": Move("同意恢复", from_("requested"), "agreed", P.DECIDE_REINSTATEMENT),
        "decline": Move("不予恢复", from_("requested"), "declined", P.DECIDE_REINSTATEMENT),
        "withdraw": Move("撤回恢复申请", from_("requested"), "withdrawn", P.REQUEST_REINSTATEMENT),
    },
)
