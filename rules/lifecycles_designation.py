"""The lifecycles of designation: application, agreement, filing with the bureau, objection to a notice."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

APPLICATION = Lifecycle(
    "application",
    "定点申请",
    {
        "draft": State("草稿", "材料尚未提交", "未提交", "na", R.INSTITUTION, "填报材料"),
        "submitted": State(
            "待受理", "材料已提交，等待经办机构受理", "已提交", "review", R.CLERK, "材料受理"
        ),
        "supplementing": State(
            "待补正", "已一次性告知，停钟等待补正", "待补正", "paused", R.INSTITUTION, "补正材料"
        ),
        "accepted": State(
            "已受理", "评估时限已起算，等待组建评估组", "评估中", "review", R.CHIEF, "组建评估组"
        ),
        "evaluating": State("评估中", "评估组成员各自评估", "评估中", "review"),
        "clarifying": State(
            "评估补充材料",
            "评估中要求补充材料，停钟等待补充",
            "待补充材料",
            "paused",
            R.INSTITUTION,
            "补充评估材料",
        ),
        "evaluated": State(
            "待确认结果",
            "成员均已签署，等待复核确认",
            "评估中",
            "review",
            R.REVIEWER,
            "确认评估结果",
        ),
        "passed": State(
            "评估合格", "可以列入拟签约名单公示", "评估合格", "ok", R.CLERK, "发布公示"
        ),
        "on_notice": State(
            "公示中", "拟签约名单向社会公示", "公示中", "review", R.CLERK, "公示期满处理"
        ),
        "objected": State(
            "异议核查",
            "公示期间收到异议，全部核查答复前不继续",
            "公示中",
            "due",
        ),
        "to_sign": State(
            "拟签约", "公示期满无成立异议", "协商签约中", "review", R.CLERK, "拟定协议"
        ),
        "negotiating": State("谈判中", "双方正在协商协议条款", "协商签约中", "review"),
        "signing": State("签约中", "协议文本已送机构签署", "协商签约中", "review"),
        "signed": State("已签约", "服务协议已由双方签署", "已签约", "ok"),
        "unsettled": State("谈判不成", "双方未能就协议达成一致", "未达成协议", "na"),
        "failed": State("评估不合格", "已告知理由和整改建议", "评估不合格", "over"),
        "barred": State(
            "再次评估不合格", "自结果送达之日起的限制期内不得再次申请", "评估不合格", "over"
        ),
        "declined": State("不予受理", "存在不予受理情形", "不予受理", "over"),
        "withdrawn": State("已撤回", "机构在结果作出前撤回", "已撤回", "na"),
    },
    {
        "submit": Move("提交申请", from_("draft"), "submitted", P.SUBMIT_APPLICATION),
        "request_supplement": Move(
            "要求补正", from_("submitted"), "supplementing", P.REQUEST_SUPPLEMENT
        ),
        "supplement": Move("补正材料", from_("supplementing"), "submitted", P.SUPPLEMENT),
        "accept": Move("受理", from_("submitted"), "accepted", P.ACCEPT_APPLICATION),
        "decline": Move("不予受理", from_("submitted"), "declined", P.DECLINE_APPLICATION),
        "start_evaluation": Move("组建评估组", from_("accepted"), "evaluating", P.FORM_TEAM),
        "finish_evaluation": Move("完成评估", from_("evaluating"), "evaluated", P.EVALUATE),
        "confirm_pass": Move("确认合格", from_("evaluated"), "passed", P.CONFIRM_EVALUATION),
        "request_evidence": Move(
            "要求补充评估材料", from_("evaluating"), "clarifying", P.REQUEST_EVIDENCE
        ),
        "clarify": Move("补充评估材料", from_("clarifying"), "evaluating", P.SUPPLEMENT),
        "confirm_fail": Move("确认不合格", from_("evaluated"), "failed", P.CONFIRM_EVALUATION),
        "confirm_second_fail": Move(
            "确认再次不合格", from_("evaluated"), "barred", P.CONFIRM_EVALUATION
        ),
        "retry": Move("申请再次评估", from_("failed"), "accepted", P.RETRY_EVALUATION),
        "post_notice": Move("发布公示", from_("passed"), "on_notice", P.POST_NOTICE),
        "object": Move("登记异议", from_("on_notice"), "objected", P.REGISTER_OBJECTION),
        "reject_objection": Move(
            "答复异议不成立", from_("objected"), "on_notice", P.ANSWER_OBJECTION
        ),
        "uphold_objection": Move("认定异议成立", from_("objected"), "failed", P.ANSWER_OBJECTION),
        "evaluate_again": Move("重新评估", from_("objected"), "accepted", P.ANSWER_OBJECTION),
        "end_notice": Move("结束公示", from_("on_notice"), "to_sign", P.END_NOTICE),
        "negotiate": Move("协商协议", from_("to_sign"), "negotiating", P.DRAFT_AGREEMENT),
        "offer": Move("送签协议", from_("to_sign", "negotiating"), "signing", P.DRAFT_AGREEMENT),
        "reopen": Move("退回协商", from_("signing"), "negotiating", P.REOPEN_NEGOTIATION),
        "fail_negotiation": Move(
            "认定谈判不成", from_("negotiating", "signing"), "unsettled", P.END_NEGOTIATION
        ),
        "conclude": Move("完成签约", from_("signing"), "signed", P.SIGN_FOR_AGENCY),
        "withdraw": Move(
            "撤回申请",
            from_("draft", "submitted", "supplementing", "accepted", "evaluating", "clarifying"),
            "withdrawn",
            P.WITHDRAW_APPLICATION,
        ),
    },
)

AGREEMENT = Lifecycle(
    "agreement",
    "服务协议",
    {
        "negotiating": State(
            "协商中", "双方正在协商条款，尚未送签", "协商签约中", "review", R.CLERK, "协商协议"
        ),
        "offered": State(
            "待机构签署", "文本已送机构", "协商签约中", "review", R.INSTITUTION, "机构签署"
        ),
        "countersigning": State(
            "待经办机构签署", "机构已签署", "协商签约中", "review", R.LEADER, "签署协议"
        ),
        "concluded": State("已签订", "是否有效由起止日期和中止记录推定", "有效", "ok"),
        "suspended": State("中止", "中止期间发生的费用不予结算", "中止协议", "over"),
        "terminated": State("已解除", "因法定情形解除", "已解除", "na"),
        "failed": State("谈判不成", "双方未能达成一致，协议没有签订", "未达成协议", "na"),
        "lapsed": State("已终止", "到期或者中止逾期自动终止", "已终止", "na"),
    },
    {
        "send": Move("送签", from_("negotiating"), "offered", P.DRAFT_AGREEMENT),
        "reopen": Move(
            "退回协商", from_("offered", "countersigning"), "negotiating", P.REOPEN_NEGOTIATION
        ),
        "fail": Move(
            "认定谈判不成",
            from_("negotiating", "offered", "countersigning"),
            "failed",
            P.END_NEGOTIATION,
        ),
        "sign": Move("机构签署", from_("offered"), "countersigning", P.SIGN_FOR_INSTITUTION),
        "countersign": Move(
            "经办机构签署", from_("countersigning"), "concluded", P.SIGN_FOR_AGENCY
        ),
        "suspend": Move("中止协议", from_("concluded"), "suspended", P.EXECUTE_MEASURE),
        "suspend_on_request": Move(
            "按申请中止协议", from_("concluded"), "suspended", P.CARRY_OUT_WITHDRAWAL
        ),
        "terminate_on_request": Move(
            "按申请解除协议", from_("concluded", "suspended"), "terminated", P.CARRY_OUT_WITHDRAWAL
        ),
        "resume": Move("恢复协议", from_("suspended"), "concluded", P.RESUME_AGREEMENT),
        "terminate": Move(
            "解除协议", from_("concluded", "suspended"), "terminated", P.EXECUTE_MEASURE
        ),
        "end_term": Move("期满解除协议", from_("concluded"), "terminated", P.RESUME_AGREEMENT),
        "lapse": Move("终止协议", from_("concluded", "suspended"), "lapsed", P.RESUME_AGREEMENT),
    },
)

FILING = Lifecycle(
    "filing",
    "备案",
    {
        "sent": State("待确认", "已报送同级行政部门", "已报送", "review", R.BUREAU, "确认备案"),
        "confirmed": State("已备案", "行政部门已编列备案号", "已备案", "ok"),
    },
    {"confirm": Move("确认备案", from_("sent"), "confirmed", P.CONFIRM_FILING)},
)

OBJECTION = Lifecycle(
    "objection",
    "公示异议",
    {
        "raised": State(
            "待核查", "已登记，公示停止，等待核查答复", "核查中", "due", R.REVIEWER, "核查异议"
        ),
        "joint": State(
            "会同核查", "须由其他单位协助核查", "核查中", "due", R.REVIEWER, "会同核查异议"
        ),
        "rejected": State("不成立", "已答复，异议不成立", "已答复", "na"),
        "upheld": State("成立", "已答复，异议成立", "已答复", "over"),
    },
    {
        "extend": Move("转会同核查", from_("raised"), "joint", P.ANSWER_OBJECTION),
        "reject": Move("答复不成立", from_("raised", "joint"), "rejected", P.ANSWER_OBJECTION),
        "uphold": Move("答复成立", from_("raised", "joint"), "upheld", P.ANSWER_OBJECTION),
    },
)
