"""The lifecycles of renewal: one institution's case, and a batch of them."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

RENEWAL = Lifecycle(
    "renewal",
    "协议续签",
    {
        "collected": State(
            "待评议（统一组织）", "经办机构统一组织续签", "评议中", "review", R.CLERK, "生成评议表"
        ),
        "applied": State(
            "待评议（机构申请）", "机构已申请续签", "评议中", "review", R.CLERK, "生成评议表"
        ),
        "assessed": State(
            "待提出意见", "评议表已形成", "评议中", "review", R.REVIEWER, "提出评议意见"
        ),
        "proposed": State("待决定", "评议意见已提出", "评议中", "review", R.LEADER, "决定是否续签"),
        "agreed": State(
            "同意续签", "等待送签续签协议", "同意续签", "review", R.CLERK, "送签续签协议"
        ),
        "refused": State("不予续签", "协议到期后结束，不因此产生申请限制", "不予续签", "over"),
        "offered": State("已送签", "续签协议已送机构签署", "签署中", "review"),
        "renewed": State("已续签", "续签协议已由双方签署", "已续签", "ok"),
        "ended": State("未续签", "原协议已经结束，没有签订续签协议", "未续签", "na"),
        "withdrawn": State("已撤回", "机构在决定作出前撤回", "已撤回", "na"),
    },
    {
        "apply": Move("申请续签", from_("collected"), "applied", P.APPLY_RENEWAL),
        "assess": Move(
            "生成评议表", from_("collected", "applied", "assessed"), "assessed", P.ASSESS_RENEWAL
        ),
        "propose": Move("提出评议意见", from_("assessed"), "proposed", P.PROPOSE_RENEWAL),
        "send_back": Move("退回重新评议", from_("proposed"), "assessed", P.DECIDE_RENEWAL),
        "agree": Move("同意续签", from_("proposed"), "agreed", P.DECIDE_RENEWAL),
        "refuse": Move("决定不予续签", from_("proposed"), "refused", P.DECIDE_RENEWAL),
        "offer": Move("送签续签协议", from_("agreed"), "offered", P.OFFER_RENEWAL),
        "conclude": Move("完成续签", from_("offered"), "renewed", P.SIGN_FOR_AGENCY),
        "end": Move(
            "结束续签",
            from_("collected", "applied", "assessed", "proposed", "agreed", "refused", "offered"),
            "ended",
            P.END_RENEWAL,
        ),
        "withdraw": Move(
            "撤回续签申请", from_("applied", "assessed"), "withdrawn", P.APPLY_RENEWAL
        ),
    },
)

BATCH = Lifecycle(
    "batch",
    "办理批次",
    {
        "prepared": State("待确认", "核对清单后由发起人确认，确认前不作任何办理", "", "review"),
        "running": State("办理中", "逐件办理，每件单独生效", "", "soon"),
        "finished": State("已办完", "每件都有结果", "", "ok"),
        "cancelled": State("已取消", "取消以后的各件没有办理，已办成的仍然有效", "", "na"),
        "stopped": State("已停止", "发起人不能再办理，其余各件没有办理", "", "over"),
    },
    {
        "start": Move("确认办理", from_("prepared"), "running", P.START_BATCH),
        "cancel": Move("取消批次", from_("prepared", "running"), "cancelled", P.CANCEL_BATCH),
        "stop": Move("停止批次", from_("running"), "stopped", P.RUN_BATCH),
        "finish": Move("办完批次", from_("running"), "finished", P.RUN_BATCH),
    },
)
