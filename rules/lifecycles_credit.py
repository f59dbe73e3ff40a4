"""The lifecycles of credit: cycle, objection, change of a grade, proposal, draft of a scheme, credit information."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role
VALID = ("published", "archived")  # whose grades hold
DRAFT = ("frozen", "self_assessing", "computed", "reviewed", "announced", "decided")

CYCLE = Lifecycle(
    "cycle",
    "信用评价周期",
    {
        "frozen": State("待测算", "事实和方案已冻结，尚未测算", "", "review"),
        "self_assessing": State("自评中", "等待机构核对事实、提交自评", "自评中", "review"),
        "computed": State("待复核", "结果已算出，等待未参与测算的人员复核", "", "review"),
        "reviewed": State("待公示", "复核通过，等待公示", "", "review"),
        "announced": State("公示中", "拟定等级已公示，期满并答复全部异议后集体审定", "公示中", "review"),
        "decided": State("待公布", "集体审定通过，等待公布", "", "review"),
        "published": State("已公布", "等级已告知并形成应用建议", "已公布", "ok"),
        "archived": State("已归档", "异议期已过、异议均已答复，等级继续有效", "已公布", "ok"),
        "superseded": State("已作废", "由新的测算取代", "", "na"),
    },
    {
        "invite": Move("开放自评", from_("frozen"), "self_assessing", P.START_CYCLE),
        "compute": Move("测算", from_("frozen", "self_assessing"), "computed", P.START_CYCLE),
        "review": Move("复核通过", from_("computed"), "reviewed", P.REVIEW_CYCLE),
        "announce": Move("公示", from_("reviewed"), "announced", P.ANNOUNCE_CYCLE),
        "decide": Move("集体审定", from_("reviewed", "announced"), "decided", P.CONVENE_DECISION),
        "publish": Move("公布等级", from_("decided"), "published", P.PUBLISH_CYCLE),
        "archive": Move("归档", from_("published"), "archived", P.ANNOUNCE_CYCLE),
        "supersede": Move("作废测算", from_(*DRAFT), "superseded", P.START_CYCLE),
        "turn_down": Move("审定不通过", from_("reviewed", "announced"), "superseded", P.CONVENE_DECISION),
        "replace": Move("由更正后的结果取代", from_(*VALID), "superseded", P.PUBLISH_CYCLE),
    },
)  # fmt: skip

RATING_OBJECTION = Lifecycle(
    "rating_objection",
    "信用异议",
    {
        "raised": State("待受理", "等待未参与评价的人员受理", "已提出", "review", R.CHIEF, "受理信用异议"),
        "accepted": State("核查中", "已受理，等级带异议标注", "核查中", "review", R.CHIEF, "核查信用异议"),
        "upheld": State("维持", "核查后维持原等级", "维持原等级", "na"),
        "corrected": State("更正", "事实有误，已登记更正", "已更正", "ok"),
        "declined": State("不予受理", "不符合受理条件，已说明理由", "不予受理", "na"),
        "withdrawn": State("已撤回", "由提出人撤回", "已撤回", "na"),
    },
    {
        "accept": Move("受理异议", from_("raised"), "accepted", P.HANDLE_RATING_OBJECTION),
        "decline": Move("不予受理", from_("raised"), "declined", P.HANDLE_RATING_OBJECTION),
        "uphold": Move("维持等级", from_("accepted"), "upheld", P.HANDLE_RATING_OBJECTION),
        "correct": Move("更正事实", from_("accepted"), "corrected", P.HANDLE_RATING_OBJECTION),
        "withdraw": Move("撤回异议", from_("raised", "accepted"), "withdrawn", P.OBJECT_TO_RATING),
    },
)  # fmt: skip

GRADE_CHANGE = Lifecycle(
    "grade_change",
    "等级变动",
    {
        "requested": State("待核查", "申请信用修复，等待核查", "待核查", "review", R.CLERK, "核查修复申请"),
        "proposed": State("待审定", "已提出变动意见，等待另一人审定", "核查中", "review", R.REVIEWER, "审定等级变动"),
        "effective": State("已生效", "变动后的等级自生效之日起适用", "已变动", "ok"),
        "refused": State("不予变动", "说明理由后不予变动", "不予变动", "na"),
    },
    {
        "examine": Move("提出修复意见", from_("requested"), "proposed", P.PROPOSE_GRADE_CHANGE),
        "confirm": Move("审定变动", from_("proposed"), "effective", P.CONFIRM_GRADE_CHANGE),
        "refuse": Move("不予变动", from_("requested", "proposed"), "refused", P.CONFIRM_GRADE_CHANGE),
    },
)  # fmt: skip

CREDIT_INFORMATION = Lifecycle(
    "credit_information",
    "信用信息",
    {
        "recorded": State("待确认", "已登记，确认前不计入评价", "", "review"),
        "confirmed": State("已确认", "有效期内计入评价", "", "ok"),
        "rejected": State("未确认", "不计入评价", "", "na"),
        "revoked": State("已撤销", "自撤销之日起不再计入评价", "", "na"),
    },
    {
        "confirm": Move(
            "确认信用信息", from_("recorded"), "confirmed", P.CONFIRM_CREDIT_INFORMATION
        ),
        "reject": Move("退回信用信息", from_("recorded"), "rejected", P.CONFIRM_CREDIT_INFORMATION),
        "revoke": Move("撤销信用信息", from_("confirmed"), "revoked", P.CONFIRM_CREDIT_INFORMATION),
    },
)

PROPOSAL = Lifecycle(
    "proposal",
    "信用应用建议",
    {
        "proposed": State("待决定", "由等级和方案得出，尚未采用", "", "review"),
        "adopted": State("已采用", "作为办理依据", "", "ok"),
        "refused": State("未采用", "说明理由后不采用", "", "na"),
        "ended": State("已停止适用", "等级变动或者更正后不再作为办理依据", "", "na"),
        "replaced": State("已被取代", "没有决定时等级已经变动或者更正，另有建议", "", "na"),
    },
    {
        "adopt": Move("采用建议", from_("proposed"), "adopted", P.DECIDE_PROPOSAL),
        "refuse": Move("不采用建议", from_("proposed"), "refused", P.DECIDE_PROPOSAL),
        "end": Move("停止适用建议", from_("adopted"), "ended", P.END_PROPOSAL),
        "replace": Move("由新的建议取代", from_("proposed"), "replaced", P.END_PROPOSAL),
    },
)

SCHEME_DRAFT = Lifecycle(
    "scheme_draft",
    "信用方案草案",
    {
        "draft": State("草案", "由试算另存或者整份导入，尚未提交审批", "", "na"),
        "submitted": State(
            "待审批", "等待医疗保障行政部门经集体审议后决定", "", "review", R.BUREAU, "审批方案"
        ),
        "adopted": State("已批准", "成为新的版本，可以用于新的评价周期，不再改动", "", "ok"),
        "refused": State("未批准", "说明理由后不采用，可以另拟草案", "", "na"),
        "dropped": State("已撤销", "拟订后不再提交，保留备查", "", "na"),
    },
    {
        "submit": Move("提交审批", from_("draft"), "submitted", P.DRAFT_SCHEME),
        "take_back": Move("撤回修改", from_("submitted"), "draft", P.DRAFT_SCHEME),
        "adopt": Move("批准方案", from_("submitted"), "adopted", P.ADOPT_SCHEME),
        "refuse": Move("不批准方案", from_("submitted"), "refused", P.ADOPT_SCHEME),
        "drop": Move("撤销草案", from_("draft"), "dropped", P.DRAFT_SCHEME),
    },
)
