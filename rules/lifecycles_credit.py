"""The lifecycles of credit: cycle, proposal, draft of a scheme, and what is recorded about a subject."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

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
        "review": Move("复核通过", from_("computed"), "reviewed", P.REVIEW_CYCLE),
        "publish": Move("公布等级", from_("reviewed"), "published", P.PUBLISH_CYCLE),
        "supersede": Move("作废测算", from_("computed", "reviewed"), "superseded", P.START_CYCLE),
    },
)

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
    },
    {
        "adopt": Move("采用建议", from_("proposed"), "adopted", P.DECIDE_PROPOSAL),
        "refuse": Move("不采用建议", from_("proposed"), "refused", P.DECIDE_PROPOSAL),
    },
)

SCHEME_DRAFT = Lifecycle(
    "scheme_draft",
    "信用方案草案",
    {
        "draft": State("草案", "由试算另存，尚未提交审批", "", "na"),
        "submitted": State("待审批", "等待拟订人以外的负责人经集体审议后决定", "", "review"),
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
