"""The lifecycles of the money of a year: retention given back, the budget, the annual settlement, prepayment."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

RETENTION_RELEASE = Lifecycle(
    "retention_release",
    "质量保证金返还",
    {
        "drafted": State(
            "待审批",
            "返还意见已经拟定，等待审批",
            "审核中",
            "review",
            R.LEADER,
            "审批质量保证金返还",
        ),
        "decided": State(
            "待拨付", "返还金额已经决定，等待拨付", "待拨付", "review", R.FINANCE, "拨付质量保证金"
        ),
        "paid": State("已返还", "应返还的质量保证金已经拨付", "已返还", "ok"),
        "kept": State("不予返还", "依照考核结果全部不予返还，留归基金", "不予返还", "over"),
        "dropped": State("已退回", "返还意见被退回，可以重新拟定", "审核中", "na"),
    },
    {
        "decide": Move("批准返还", from_("drafted"), "decided", P.DECIDE_RETENTION),
        "keep": Move("决定不予返还", from_("drafted"), "kept", P.DECIDE_RETENTION),
        "pay": Move("登记拨付", from_("decided"), "paid", P.RELEASE_RETENTION),
        "drop": Move("退回返还意见", from_("drafted"), "dropped", P.DECIDE_RETENTION),
    },
)

ANNUAL_BUDGET = Lifecycle(
    "annual_budget",
    "年度总额预算",
    {
        "drafted": State("待核定", "预算已经登记，等待核定点值", "核定中", "review"),
        "fixed": State("已核定", "点数和点值已经核定", "已核定", "ok"),
    },
    {
        "fix": Move("核定点值", from_("drafted"), "fixed", P.FIX_BUDGET),
        "reopen": Move("重新核定", from_("fixed"), "drafted", P.FIX_BUDGET),
    },
)

ANNUAL_SETTLEMENT = Lifecycle(
    "annual_settlement",
    "年度清算",
    {
        "drafted": State(
            "编制中", "清算表正在编制", "清算中", "review", R.FINANCE, "编制年度清算表并送机构核对"
        ),
        "sent": State("待机构确认", "清算表已送机构核对，等待确认", "待确认", "due"),
        "disputed": State(
            "机构有异议",
            "机构对清算表提出异议，等待核对",
            "核对中",
            "over",
            R.FINANCE,
            "核对清算异议",
        ),
        "confirmed": State(
            "待审批", "机构已经确认，等待审批", "已确认", "review", R.LEADER, "审批年度清算"
        ),
        "decided": State(
            "待拨付", "清算已经决定，差额等待拨付", "待拨付", "review", R.FINANCE, "拨付清算款"
        ),
        "carried": State(
            "结转抵扣",
            "应由机构退回的差额结转下年抵扣",
            "结转抵扣",
            "due",
            R.FINANCE,
            "收回或者结转清算差额",
        ),
        "closed": State("已结清", "清算差额已经结清", "已结清", "ok"),
        "dropped": State("已作废", "清算表作废，重新编制", "已作废", "na"),
    },
    {
        "send": Move("送机构核对", from_("drafted"), "sent", P.DRAFT_ANNUAL),
        "confirm": Move("确认清算表", from_("sent"), "confirmed", P.CONFIRM_ANNUAL),
        "dispute": Move("提出清算异议", from_("sent"), "disputed", P.CONFIRM_ANNUAL),
        "answer": Move("维持并再次送核", from_("disputed"), "sent", P.DRAFT_ANNUAL),
        "revise": Move("重新编制", from_("sent", "disputed"), "drafted", P.DRAFT_ANNUAL),
        "return": Move("退回重新核对", from_("confirmed"), "drafted", P.DECIDE_ANNUAL),
        "decide": Move("批准清算", from_("confirmed"), "decided", P.DECIDE_ANNUAL),
        "carry": Move("结转下年抵扣", from_("decided"), "carried", P.DECIDE_ANNUAL),
        "close": Move("没有差额，结清", from_("decided"), "closed", P.DECIDE_ANNUAL),
        "pay": Move("登记拨付清算款", from_("decided"), "closed", P.PAY_ANNUAL),
        "repay": Move("登记收回清算差额", from_("carried"), "closed", P.PAY_ANNUAL),
        "take_over": Move("转入下年清算", from_("carried"), "closed", P.DECIDE_ANNUAL),
        "drop": Move("作废清算表", from_("drafted"), "dropped", P.DRAFT_ANNUAL),
    },
)

PREPAYMENT = Lifecycle(
    "prepayment",
    "基金预付",
    {
        "requested": State(
            "待审核",
            "机构已经申请，等待审核基金条件和金额",
            "审核中",
            "review",
            R.FINANCE,
            "审核预付申请",
        ),
        "examined": State(
            "待审批", "已经审核，等待审批", "审核中", "review", R.LEADER, "审批基金预付"
        ),
        "granted": State(
            "待拨付", "已经同意，等待拨付", "待拨付", "review", R.FINANCE, "拨付预付金"
        ),
        "paid": State("已预付", "预付金已经拨付，年度清算时冲抵", "已预付", "ok"),
        "cleared": State("已冲抵", "预付金已经全部冲抵或者收回", "已冲抵", "ok"),
        "declined": State("不予预付", "理由已经告知", "不予预付", "over"),
        "withdrawn": State("已撤回", "机构撤回申请", "已撤回", "na"),
    },
    {
        "examine": Move("提出审核意见", from_("requested"), "examined", P.EXAMINE_PREPAYMENT),
        "grant": Move("同意预付", from_("examined"), "granted", P.DECIDE_PREPAYMENT),
        "decline": Move(
            "不予预付", from_("requested", "examined"), "declined", P.DECIDE_PREPAYMENT
        ),
        "pay": Move("登记拨付预付金", from_("granted"), "paid", P.PAY_PREPAYMENT),
        "clear": Move("确认冲抵完毕", from_("paid"), "cleared", P.CLEAR_PREPAYMENT),
        "withdraw": Move(
            "撤回预付申请",
            from_("requested", "examined", "granted"),
            "withdrawn",
            P.REQUEST_PREPAYMENT,
        ),
    },
)
