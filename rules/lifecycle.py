"""The lifecycles, as tables: states with their meaning, moves with their sources.

Menus, badges, public states, work-list steps and the (state × verb) tests are read from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.permissions import Permission, Role
from rules.refusal import Refused
from rules.states import AgreementState as AgreementState
from rules.states import ApplicationState as ApplicationState
from rules.states import CycleState as CycleState
from rules.states import DeductionState as DeductionState
from rules.states import ProposalState as ProposalState
from rules.states import ViolationState as ViolationState


@dataclass(frozen=True)
class State:
    """`desk` is the role that acts next and `step` what it does; no desk: nobody is waited for."""

    label: str
    meaning: str
    public: str
    light: str = "na"
    desk: Role | None = None
    step: str = ""


@dataclass(frozen=True)
class Move:
    label: str
    sources: frozenset[str]
    target: str
    permission: Permission


@dataclass(frozen=True)
class Lifecycle:
    noun: str
    label: str
    states: dict[str, State]
    moves: dict[str, Move]

    def check(self, state: str, verb: str) -> Move:
        """The move of this verb, or Refused with the states from which it would be possible."""
        move = self.moves[verb]
        if state in move.sources:
            return move
        possible = "、".join(self.states[s].label for s in self.states if s in move.sources)
        raise Refused(
            f"{self.label}当前为“{self.states[state].label}”，不能{move.label}。",
            cure=f"{move.label}只在“{possible}”时可以进行。",
        )

    def verbs_from(self, state: str) -> list[str]:
        return [verb for verb, move in self.moves.items() if state in move.sources]


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


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
            "公示期间收到异议，核查答复前不继续",
            "公示中",
            "due",
            R.REVIEWER,
            "核查异议",
        ),
        "to_sign": State(
            "拟签约", "公示期满无成立异议", "协商签约中", "review", R.CLERK, "拟定协议"
        ),
        "signing": State("签约中", "协议文本已送机构签署", "协商签约中", "review"),
        "signed": State("已签约", "服务协议已由双方签署", "已签约", "ok"),
        "failed": State("评估不合格", "已告知理由和整改建议", "评估不合格", "over"),
        "declined": State("不予受理", "存在不予受理情形", "不予受理", "over"),
        "withdrawn": State("已撤回", "机构在结果作出前撤回", "已撤回", "na"),
    },
    {
        "submit": Move("提交申请", _from("draft"), "submitted", P.SUBMIT_APPLICATION),
        "request_supplement": Move(
            "要求补正", _from("submitted"), "supplementing", P.REQUEST_SUPPLEMENT
        ),
        "supplement": Move("补正材料", _from("supplementing"), "submitted", P.SUPPLEMENT),
        "accept": Move("受理", _from("submitted"), "accepted", P.ACCEPT_APPLICATION),
        "decline": Move("不予受理", _from("submitted"), "declined", P.DECLINE_APPLICATION),
        "start_evaluation": Move("组建评估组", _from("accepted"), "evaluating", P.FORM_TEAM),
        "finish_evaluation": Move("完成评估", _from("evaluating"), "evaluated", P.EVALUATE),
        "confirm_pass": Move("确认合格", _from("evaluated"), "passed", P.CONFIRM_EVALUATION),
        "confirm_fail": Move("确认不合格", _from("evaluated"), "failed", P.CONFIRM_EVALUATION),
        "post_notice": Move("发布公示", _from("passed"), "on_notice", P.POST_NOTICE),
        "object": Move("登记异议", _from("on_notice"), "objected", P.REGISTER_OBJECTION),
        "reject_objection": Move(
            "答复异议不成立", _from("objected"), "on_notice", P.ANSWER_OBJECTION
        ),
        "uphold_objection": Move("认定异议成立", _from("objected"), "failed", P.ANSWER_OBJECTION),
        "end_notice": Move("结束公示", _from("on_notice"), "to_sign", P.END_NOTICE),
        "offer": Move("送签协议", _from("to_sign"), "signing", P.DRAFT_AGREEMENT),
        "conclude": Move("完成签约", _from("signing"), "signed", P.SIGN_FOR_AGENCY),
        "withdraw": Move(
            "撤回申请",
            _from("draft", "submitted", "supplementing", "accepted", "evaluating"),
            "withdrawn",
            P.WITHDRAW_APPLICATION,
        ),
    },
)

AGREEMENT = Lifecycle(
    "agreement",
    "服务协议",
    {
        "offered": State(
            "待机构签署", "文本已送机构", "协商签约中", "review", R.INSTITUTION, "机构签署"
        ),
        "countersigning": State(
            "待经办机构签署", "机构已签署", "协商签约中", "review", R.LEADER, "签署协议"
        ),
        "concluded": State("已签订", "是否有效由起止日期和中止记录推定", "有效", "ok"),
        "suspended": State("中止", "中止期间发生的费用不予结算", "中止协议", "over"),
        "terminated": State("已解除", "因法定情形解除", "已解除", "na"),
        "lapsed": State("已终止", "到期或者中止逾期自动终止", "已终止", "na"),
    },
    {
        "sign": Move("机构签署", _from("offered"), "countersigning", P.SIGN_FOR_INSTITUTION),
        "countersign": Move(
            "经办机构签署", _from("countersigning"), "concluded", P.SIGN_FOR_AGENCY
        ),
        "suspend": Move("中止协议", _from("concluded"), "suspended", P.EXECUTE_MEASURE),
        "resume": Move("恢复协议", _from("suspended"), "concluded", P.RESUME_AGREEMENT),
        "terminate": Move(
            "解除协议", _from("concluded", "suspended"), "terminated", P.EXECUTE_MEASURE
        ),
        "lapse": Move("终止协议", _from("concluded", "suspended"), "lapsed", P.RESUME_AGREEMENT),
    },
)

VIOLATION = Lifecycle(
    "violation",
    "违规案件",
    {
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
        "give_notice": Move("告知拟处理意见", _from("registered"), "heard", P.GIVE_VIEWS_NOTICE),
        "propose": Move("提出处理建议", _from("heard"), "proposed", P.PROPOSE_MEASURE),
        "review": Move("复核通过", _from("proposed"), "reviewed", P.REVIEW_MEASURE),
        "approve": Move("批准处理决定", _from("reviewed"), "decided", P.APPROVE_MEASURE),
        "close": Move("登记送达并办结", _from("decided"), "closed", P.RECORD_SERVICE),
        "dismiss": Move("不予处理", _from("heard", "proposed"), "dismissed", P.DISMISS_CASE),
    },
)

DEDUCTION = Lifecycle(
    "deduction",
    "记分",
    {
        "recorded": State("待复核", "已登记，复核前不计入", "", "review", R.REVIEWER, "复核记分"),
        "confirmed": State("已计入", "计入当年累计记分", "", "ok"),
        "rejected": State("复核未通过", "不计入累计记分", "", "na"),
    },
    {
        "confirm": Move("确认记分", _from("recorded"), "confirmed", P.CONFIRM_DEDUCTION),
        "reject": Move("退回记分", _from("recorded"), "rejected", P.CONFIRM_DEDUCTION),
    },
)

CYCLE = Lifecycle(
    "cycle",
    "信用评价周期",
    {
        "computed": State("待复核", "事实和方案已冻结，结果已算出", "", "review"),
        "reviewed": State("待公布", "复核通过，等待公布", "", "review"),
        "published": State("已公布", "等级已告知并形成应用建议", "", "ok"),
        "superseded": State("已作废", "由新的测算取代", "", "na"),
    },
    {
        "review": Move("复核通过", _from("computed"), "reviewed", P.REVIEW_CYCLE),
        "publish": Move("公布等级", _from("reviewed"), "published", P.PUBLISH_CYCLE),
        "supersede": Move("作废测算", _from("computed", "reviewed"), "superseded", P.START_CYCLE),
    },
)

PROPOSAL = Lifecycle(
    "proposal",
    "信用应用建议",
    {
        "proposed": State("待决定", "由等级和方案得出，尚未采用", "", "review"),
        "adopted": State("已采用", "作为办理依据", "", "ok"),
        "refused": State("未采用", "说明理由后不采用", "", "na"),
    },
    {
        "adopt": Move("采用建议", _from("proposed"), "adopted", P.DECIDE_PROPOSAL),
        "refuse": Move("不采用建议", _from("proposed"), "refused", P.DECIDE_PROPOSAL),
    },
)

LIFECYCLES = {
    table.noun: table for table in (APPLICATION, AGREEMENT, VIOLATION, DEDUCTION, CYCLE, PROPOSAL)
}
