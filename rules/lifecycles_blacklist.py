"""The lifecycles of serious dishonesty: the blacklist, and the credit pledge whose breach counts."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

BLACKLISTING = Lifecycle(
    "blacklisting",
    "严重失信名单",
    {
        "proposed": State(
            "待复核", "拟列入，等待复核并告知当事人", "", "review", R.REVIEWER, "复核拟列入名单"
        ),
        "noticed": State(
            "已告知", "已告知当事人，可以陈述申辩，等待集体讨论", "可以陈述申辩", "due", R.CHIEF, "组织集体讨论"
        ),
        "decided": State(
            "待批准", "集体讨论通过，等待负责人批准", "审核中", "review", R.LEADER, "批准列入名单"
        ),
        "listed": State("在名单内", "已列入，期满或者纠正后移出", "已列入", "over"),
        "removing": State(
            "待移出", "当事人已申请移出，等待核对纠正情况", "移出申请审核中", "review", R.REVIEWER, "核对移出申请"
        ),
        "removed": State("已移出", "期满、纠正或者撤销，已移出名单", "已移出", "na"),
        "dropped": State("不予列入", "复核、集体讨论或者批准时决定不列入，理由留存", "不予列入", "na"),
    },
    {
        "notify": Move("告知拟列入", from_("proposed"), "noticed", P.REVIEW_BLACKLISTING),
        "decide": Move("集体讨论通过", from_("noticed"), "decided", P.DECIDE_BLACKLISTING),
        "turn_down": Move("集体讨论不通过", from_("noticed"), "dropped", P.DECIDE_BLACKLISTING),
        "list": Move("批准列入", from_("decided"), "listed", P.APPROVE_BLACKLISTING),
        "drop": Move(
            "不予列入", from_("proposed", "noticed", "decided"), "dropped", P.DROP_BLACKLISTING
        ),
        "request": Move("申请移出", from_("listed"), "removing", P.REQUEST_DELISTING),
        "keep": Move("不予移出", from_("removing"), "listed", P.DELIST),
        "remove": Move("同意移出", from_("removing"), "removed", P.DELIST),
        "revoke": Move("撤销列入", from_("listed", "removing"), "removed", P.REVOKE_BLACKLISTING),
        "expire": Move("期满移出", from_("listed", "removing"), "removed", P.EXPIRE_BLACKLISTING),
    },
)  # fmt: skip

CREDIT_PLEDGE = Lifecycle(
    "credit_pledge",
    "信用承诺",
    {
        "signed": State("履行中", "已签署并公开", "履行中", "ok"),
        "alleged": State(
            "疑似违背", "已登记违背承诺的事实，等待复核", "履行中", "review", R.REVIEWER, "复核违背承诺"
        ),
        "breached": State("已违背", "违背承诺经复核认定，计入信用事实", "已违背", "over"),
        "replaced": State("已更新", "已按新的文本重新签署", "已更新", "na"),
    },
    {
        "allege": Move("登记违背承诺", from_("signed"), "alleged", P.ALLEGE_BREACH),
        "confirm": Move("认定违背承诺", from_("alleged"), "breached", P.CONFIRM_BREACH),
        "dismiss": Move("不予认定", from_("alleged"), "signed", P.CONFIRM_BREACH),
        "replace": Move("重新签署", from_("signed"), "replaced", P.SIGN_PLEDGE),
    },
)  # fmt: skip
